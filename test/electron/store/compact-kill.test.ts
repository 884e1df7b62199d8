import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { rebuildIndex } from '../../../electron/store/rebuild/rebuild.ts';
import { openStore } from '../../../electron/store/sqlite-store.ts';
import { verifySegments } from '../../../electron/store/verify.ts';
import { ALL, compactSome, keyOf } from './compacting.ts';
import { Bench, incoming, letter, temporary } from './profile.ts';
import { stateOf } from './rich.ts';

type State = ReturnType<typeof stateOf>;
const url = (path: string) =>
  JSON.stringify(new URL(`../../../electron/store/${path}`, import.meta.url).href);

/** Compacts everything, and dies before some call of the file system, or before or after some transaction. */
const script = (profile: string, after: number) => `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  import { Database } from ${url('database.ts')};
  import { openStore } from ${url('sqlite-store.ts')};
  let left = Infinity;
  const call = () => { if (left-- === 0) process.kill(process.pid, 'SIGKILL'); };
  for (const name of ['writevSync', 'writeSync', 'fdatasyncSync', 'fsyncSync', 'renameSync', 'unlinkSync', 'rmSync']) {
    const real = fs[name];
    fs[name] = (...given) => { call(); return real(...given); };
  }
  syncBuiltinESMExports();
  const transaction = Database.prototype.transaction;
  Database.prototype.transaction = function (...given) { call(); const done = transaction.apply(this, given); call(); return done; };
  const open = () => openStore(${JSON.stringify(profile)}, 'writer');
  let store = open();
  left = ${after};
  for (let state = ''; state !== 'idle';) {
    state = store.compact({ grace: 0, least: 0, share: 0, step: 100_000_000 }).state;
    if (state === 'waiting') { store.close(); store = open(); }
  }
  store.close();
  console.log('done', ${after} - left);
`;

/** Runs it to the end, or to its end. @returns whether it came to the end */
function run(profile: string, after: number): boolean {
  try {
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script(profile, after)], {
      stdio: 'pipe',
    });
    return said.toString().includes('done');
  } catch (thrown) {
    if ((thrown as { signal?: string }).signal !== 'SIGKILL') throw thrown;
    return false;
  }
}

/** As the program opens it; with what `verify` says. */
function opened(
  profile: string,
  then?: (store: ReturnType<typeof openStore>) => void,
): { state: State; wrong: unknown[] } {
  const store = openStore(profile, 'writer');
  try {
    then?.(store);
    const db = new Sqlite(join(profile, 'glasspost.sqlite'), { readonly: true });
    const all = (sql: string) => db.prepare(sql).all();
    const wrong: unknown[] = verifySegments({ db: { all }, profile } as never);
    wrong.push(...all('PRAGMA integrity_check(1)').filter((row) => !JSON.stringify(row).includes('"ok"')));
    wrong.push(...all('PRAGMA foreign_key_check'));
    db.close();
    for (let next: number | undefined = 0; next !== undefined;) {
      const step = store.verifyMessages(next);
      wrong.push(...step.damaged);
      next = step.next;
    }
    return { state: stateOf(store), wrong };
  } finally {
    store.close();
  }
}

function segmentNames(profile: string): string[] {
  return readdirSync(join(profile, 'mail'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.mbox'),
  );
}

/** Two files in which letters were deleted; told to the server or not; moved ones lie in the file they came to. */
function world(): Bench {
  const bench = new Bench('imap');
  const archive = bench.role('archive').id;
  const one = (name: string) =>
    incoming(Number(name), letter(name, { body: 'From x\r\nno end' }), { flags: ['seen'] });
  bench.take(['1', '2', '3', '4', '5', '6', '7', '8'].map(one), { cursor: { uidValidity: 1 } });
  bench.take(['11', '12', '13', '14'].map(one), {}, archive);
  bench.take([], { removed: [1, 4, 5] });
  bench.take([], { removed: [12, 14] }, archive);
  bench.store.remove([keyOf(bench, '2')]);
  bench.store.move([keyOf(bench, '3'), keyOf(bench, '8')], archive);
  bench.store.flag([keyOf(bench, '6')], ['flagged'], []);
  return bench;
}

describe('a kill at any call while segments are compacted', () => {
  it('leaves every letter where it was, by the index and without it', async () => {
    const bench = world();
    const source = bench.profile;
    const before = stateOf(bench.store);
    bench.store.close();
    let killed = 0;
    for (let after = 0; after < 1000; after += 1) {
      const profile = join(temporary(), 'profile');
      cpSync(source, profile, { recursive: true });
      const done = run(profile, after);
      // The index is lost as well: by the checkpoint and the files alone.
      const lost = join(temporary(), 'lost');
      cpSync(profile, lost, { recursive: true });
      for (const end of ['', '-wal', '-shm']) rmSync(join(lost, `glasspost.sqlite${end}`), { force: true });
      const report = await rebuildIndex(lost);
      expect(report, `rebuilt after call ${after}`).toMatchObject({
        damaged: [],
        missing: [],
        strays: [],
        problems: [],
        recovered: 0,
      });
      expect(opened(lost).state, `rebuilt after call ${after}`).toEqual(before);
      // With its index.
      expect(opened(profile), `opened after call ${after}`).toEqual({ state: before, wrong: [] });
      // It goes on, and nothing is left behind.
      for (let round = 0; round < 4; round += 1) opened(profile, (store) => void compactSome(store, ALL));
      expect(opened(profile), `compacted after call ${after}`).toEqual({ state: before, wrong: [] });
      const names = segmentNames(profile);
      expect(names.filter((name) => !name.endsWith('.mbox'))).toEqual([]);
      expect(names).toHaveLength(2);
      if (done) break;
      killed += 1;
    }
    expect(killed).toBeGreaterThan(40);
  }, 600_000);
});
