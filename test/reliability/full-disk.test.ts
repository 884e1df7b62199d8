// A disk that is really full, and a system that really has no more files: the program stays, says so, and goes on by itself.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleVictim } from './bundle.ts';
import { inspect } from './inspect.ts';
import { Servant } from './servant.ts';
import type { Said } from './steps.ts';
import { World } from './world.ts';

const run = (command: string, ...words: string[]) => execFileSync(command, words, { stdio: 'pipe' });

let world: World;
let program: string;
let drop: () => void;
beforeAll(async () => {
  ({ program, drop } = await bundleVictim());
  world = await World.make(4);
});
afterAll(async () => {
  drop();
  await world.end();
});

const mayMount = (() => {
  try {
    run('unshare', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt');
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
})();
if (!mayMount) console.warn('Nothing can be mounted here: a full disk is only played.');

const failures = (said: Said[]) => said.filter((one) => one['status'] === 'failed').map((one) => one['code']);
const kept = (profile: string) => new Set(inspect(profile).held.map((one) => one.sha));

async function holds(servant: Servant, email: string): Promise<string[]> {
  await sleep(100);
  return (await servant.does({ do: 'holds', email }))['held'] as string[];
}

describe.skipIf(!mayMount)('a full disk', () => {
  it.each(['pop', 'imap'] as const)(
    'is told, takes nothing from the server, and is forgotten when there is room (%s)',
    async (mode) => {
      const { profile, person } = world.profile();
      const email = person[mode];
      const disk = join(world.folder, `disk-${mode}`);
      mkdirSync(disk);
      run('mount', '-t', 'tmpfs', '-o', 'size=4m', 'none', disk);
      try {
        const there = join(disk, 'profile');
        cpSync(profile, there, { recursive: true });
        const servant = await Servant.start(program, there);
        await servant.does({ do: 'live' });
        await servant.until(() => servant.said.filter((one) => one['status'] === 'online').length >= 2);
        const all = Array.from({ length: 12 }, (_one, count) =>
          world.deliver(email, `letter ${count}`, 700_000),
        );
        void servant.does({ do: 'sync', email });
        await servant.until(() => failures(servant.said).length > 0);
        expect(new Set(failures(servant.said))).toEqual(new Set(['disk-full']));
        const here = new Set(await holds(servant, email));
        expect(here.size).toBeLessThan(all.length);
        const left = new Set(world.letters(email).map((one) => one.sha));
        expect(all.filter(({ sha }) => !here.has(sha) && !left.has(sha))).toEqual([]);

        run('mount', '-o', 'remount,size=80m', disk);
        const end = performance.now() + 25_000;
        while ((await holds(servant, email)).length < all.length) expect(performance.now()).toBeLessThan(end);
        await servant.until(() => mode === 'imap' || world.letters(email).length === 0);
        await servant.until(() => servant.said.findLast((one) => one['status'])?.['status'] === 'online');
        await servant.end();
        const found = inspect(there);
        expect(found.problems).toEqual([]);
        expect(new Set(found.held.map((one) => one.sha))).toEqual(new Set(all.map((one) => one.sha)));
      } finally {
        run('umount', '-l', disk);
      }
    },
    90_000,
  );
});

describe.skipIf(process.platform !== 'linux')('no more files', () => {
  it('stops a sync, and the next one goes on', async () => {
    const { profile, person } = world.profile();
    const servant = await Servant.start(program, profile);
    const all = [world.deliver(person.pop, 'one', 3000)];
    const limit = (files: number | string) =>
      run('prlimit', '--pid', String(servant.pid), `--nofile=${files}:`);
    const used = readdirSync(`/proc/${servant.pid}/fd`).length;
    limit(used);
    expect(await servant.does({ do: 'sync', email: person.pop })).toMatchObject({ code: 'too-many-files' });
    for (let more = 1; more < 6; more += 1) {
      all.push(world.deliver(person.pop, `more ${more}`, 3000));
      limit(used + more);
      await servant.does({ do: 'sync', email: person.pop });
    }
    limit(used + 200);
    expect(await servant.does({ do: 'sync', email: person.pop })).toMatchObject({ done: 'sync' });
    await servant.end();
    expect(kept(profile)).toEqual(new Set(all.map((one) => one.sha)));
    expect(world.letters(person.pop)).toEqual([]);
  }, 60_000);
});
