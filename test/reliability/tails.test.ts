// What a crash leaves behind the last letter is kept, whatever else happens.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Bench, collected, incoming, letter, temporary } from '../electron/store/profile.ts';
import { hasStrace, readCalls, straced } from './system-calls.ts';

afterEach(() => void vi.useRealTimers());

it('two tails of the same moment are both kept', () => {
  vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date'] });
  const bench = new Bench();
  for (const [at, tail] of ['first', 'second'].entries()) {
    bench.take([incoming(at + 1, letter(`letter ${at}`))]);
    bench.store.close();
    appendFileSync(bench.segments()[0] ?? '', tail);
    bench.reopen();
  }
  bench.take([incoming(3, letter('last'))]);
  const folder = dirname(bench.segments()[0] ?? '');
  const kept = readdirSync(folder).filter((name) => name.includes('.torn-'));
  expect(kept.map((name) => readFileSync(join(folder, name), 'utf8')).toSorted()).toEqual([
    'first',
    'second',
  ]);
});

const STORE = resolve(import.meta.dirname, '../../electron/store/sqlite-store.ts');

it.skipIf(!hasStrace)(
  'a tail is on disk before it is cut off, and so is the folder of a file that never had a letter',
  () => {
    const bench = new Bench('pop3');
    const profile = bench.profile;
    // A crash between the file and the first letter in it.
    const store = (env: Record<string, string>, around: string[]) => {
      const script = `
      import { openStore } from ${JSON.stringify(STORE)};
      const store = openStore(${JSON.stringify(profile)}, 'writer');
      const bytes = Buffer.from('Subject: x\\r\\n\\r\\nthe body\\r\\n');
      store.apply(${bench.inbox}, { added: [{ uidl: 'a', flags: [], received: 1, size: bytes.length, bytes, whole: true }], flags: [], removed: [] });
      store.close();
    `;
      const words = [...around, process.execPath, '--input-type=module', '-e', script];
      execFileSync(words[0] ?? '', words.slice(1), { stdio: 'pipe', env: { ...process.env, ...env } });
    };
    bench.store.close();
    expect(() => store({ GLASSPOST_CRASH_AT: 'segment.known' }, [])).toThrow(/Command failed/u);
    expect(() => store({ GLASSPOST_CRASH_AT: 'segment.written' }, [])).toThrow(/Command failed/u);
    const file = join(temporary(), 'trace');
    mkdirSync(dirname(file), { recursive: true });
    store({}, straced(file, 'ftruncate'));
    const calls = readCalls(file);
    const synced = (end: RegExp) => calls.findIndex((one) => one.name.includes('sync') && end.test(one.on));
    const cut = calls.findIndex((one) => one.name === 'ftruncate' && one.on.endsWith('.mbox'));
    const letters = calls.findIndex((one) => one.name === 'fdatasync' && one.on.endsWith('.mbox'));
    const folder = synced(new RegExp(`mail/${bench.account.id}/${bench.inbox}$`, 'u'));
    expect(synced(/\.torn-\d+$/u)).toBeGreaterThan(-1);
    expect(cut).toBeGreaterThan(synced(/\.torn-\d+$/u));
    expect(folder).toBeGreaterThan(-1);
    expect(letters).toBeGreaterThan(-1);
    bench.reopen();
    expect(bench.ids()).toHaveLength(1);
    bench.take([collected('b', letter('next'))]);
    expect(bench.ids()).toHaveLength(2);
  },
);
