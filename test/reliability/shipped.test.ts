// What is shipped can't be told to die: the bundler leaves out crash points, and what asks for them.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import config from '../../electron.vite.config.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

it('no crash point is in what is bundled', async () => {
  const { main } = config as { main: { define: Record<string, string>; build: { rolldownOptions: object } } };
  const made = (await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    define: main.define,
    build: { ssr: true, write: false, minify: true, rolldownOptions: main.build.rolldownOptions },
  })) as Rolldown.RolldownOutput;
  const code = made.output.map((one) => ('code' in one ? one.code : '')).join('\n');
  expect(code).toContain('mail/checkpoint.jsonl');
  const names = execFileSync('grep', ['-rhoE', "crashPoint\\('[^']+'\\)", path.join(ROOT, 'electron')], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .map((found) => /'(.+)'/u.exec(found)?.[1] ?? '');
  expect(names.length).toBeGreaterThan(30);
  expect([...names, 'GLASSPOST_CRASH_AT', 'crashPoint'].filter((name) => code.includes(name))).toEqual([]);
});
