import fs, { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { CompactStep } from '../../../electron/app/ports-store.ts';
import {
  ALL,
  compactAll,
  compactSome,
  complaints,
  filled,
  files,
  hashes,
  removeLetters,
} from './compacting.ts';
import { type Bench, collected, letter } from './profile.ts';

const segment = (bench: Bench) => bench.segments()[0] ?? '';
const SMALL = { ...ALL, step: 2000 };

/** Twenty letters of which every other was deleted. */
function half(): Bench {
  const bench = filled(20);
  removeLetters(
    bench,
    Array.from({ length: 10 }, (_one, at) => 2 * at),
  );
  return bench;
}

function spoil(file: string, change: (bytes: Buffer) => Buffer | undefined): void {
  const bytes = readFileSync(file);
  writeFileSync(file, change(bytes) ?? bytes);
}

/** Nothing came of it: the file is what it was, and so is everything else. */
function expectLeftAlone(bench: Bench, last: CompactStep | undefined, reason: RegExp): void {
  expect(last).toMatchObject({ state: 'left-alone', reason: expect.stringMatching(reason) as unknown });
  expect(files(bench)).toEqual(['0001.mbox']);
  expect(bench.store.compact(ALL)).toEqual({ state: 'idle' });
  expect(bench.ask(`SELECT * FROM state WHERE name = 'compaction'`)).toEqual([]);
}

describe('a segment is left alone', () => {
  const ways: [string, RegExp, (bytes: Buffer) => Buffer | undefined][] = [
    ['where a letter is damaged', /hash/u, (bytes) => void bytes.write('Y', bytes.indexOf('Subject: 7') + 9)],
    [
      'where the line before a letter is damaged',
      /line before/u,
      (bytes) => void bytes.write('Form', bytes.indexOf('\nFrom ', 4000) + 1),
    ],
    [
      'where the line before a deleted letter is damaged',
      /line before/u,
      (bytes) => void bytes.write('Form', 0),
    ],
    ['that is too short', /shorter/u, (bytes) => bytes.subarray(0, -10)],
    [
      'in which something was put in',
      /line before|hash/u,
      (bytes) => Buffer.concat([bytes.subarray(0, 3000), Buffer.from('x'), bytes.subarray(3000)]),
    ],
    [
      'from which something was taken',
      /line before|hash|shorter/u,
      (bytes) => Buffer.concat([bytes.subarray(0, 3000), bytes.subarray(3100)]),
    ],
    ['that is all zeros', /line before/u, (bytes) => bytes.fill(0)],
  ];
  it.each(ways)('%s', (_about, reason, change) => {
    const bench = half();
    spoil(segment(bench), change);
    const bytes = readFileSync(segment(bench));
    const before = bench.ask('SELECT id, segment, offset FROM message');
    expectLeftAlone(bench, compactSome(bench.store, SMALL).at(-1), reason);
    expect(readFileSync(segment(bench)).equals(bytes)).toBe(true);
    expect(bench.ask('SELECT id, segment, offset FROM message')).toEqual(before);
  });

  it('of which the index is wrong', () => {
    for (const sql of [
      'UPDATE message SET offset = offset + 1 WHERE id = 4',
      'UPDATE message SET length = length + 200 WHERE id = 4',
      'UPDATE message SET length = length - 1 WHERE id = 4',
      'UPDATE message SET raw_length = raw_length + 1 WHERE id = 4',
      `UPDATE message SET sha256 = zeroblob(32) WHERE id = 4`,
      'UPDATE buried SET offset = (SELECT offset + 10 FROM message WHERE id = 4) WHERE offset = (SELECT min(offset) FROM buried)',
      'UPDATE buried SET length = 1000000',
      'UPDATE message SET offset = (SELECT offset FROM message WHERE id = 4) WHERE id = 8',
    ]) {
      const bench = half();
      const bytes = readFileSync(segment(bench));
      bench.store.close();
      const db = new Sqlite(join(bench.profile, 'glasspost.sqlite'));
      db.exec(sql);
      db.close();
      bench.reopen();
      expectLeftAlone(bench, compactSome(bench.store, SMALL).at(-1), /./u);
      expect(readFileSync(segment(bench)).equals(bytes)).toBe(true);
    }
  });

  it('in which the index has lost a letter, and the letter is not: its bytes are set aside', () => {
    const bench = half();
    bench.store.close();
    const db = new Sqlite(join(bench.profile, 'glasspost.sqlite'));
    db.exec('DROP TRIGGER message_buried; DELETE FROM message WHERE id IN (4, 20)');
    db.close();
    bench.reopen();
    const steps = compactAll(bench, SMALL);
    expect(steps.find((step) => step.state === 'replaced')?.setAside).toBeGreaterThan(2000);
    expect(files(bench)).toEqual(['0001-2.mbox', '0001-2.mbox.set-aside']);
    const aside = readFileSync(join(dirname(segment(bench)), '0001-2.mbox.set-aside'), 'latin1');
    expect(aside).toMatch(/^From \d+\.\w{64}@glasspost\.invalid .*\nFrom: Oleg/u);
    expect(aside).toMatch(/Subject: 3\r\n/u);
    expect(aside).toMatch(/Subject: 19\r\n/u);
    expect(complaints(bench)).toEqual([]);
  });

  it('to which another program adds while it is copied', () => {
    const bench = half();
    for (let step = 0; step < 4; step += 1) bench.store.compact(SMALL);
    appendFileSync(segment(bench), 'From me@example.org Sat Nov 21 10:42:07 2026\nSubject: mine\n\ntext\n\n');
    expectLeftAlone(bench, compactSome(bench.store, SMALL).at(-1), /another program/u);
    expect(readFileSync(segment(bench), 'latin1')).toMatch(/Subject: mine\n\ntext\n\n$/u);
  });

  it('to which another program wrote after it was copied: it gets another name', () => {
    const bench = half();
    const before = hashes(bench);
    const old = segment(bench);
    expect(compactSome(bench.store).at(-1)?.state).toBe('waiting');
    appendFileSync(old, 'From me@example.org Sat Nov 21 10:42:07 2026\nSubject: mine\n\ntext\n\n');
    const [last] = compactAll(bench).slice(-1);
    expect(last).toMatchObject({
      state: 'freed',
      freed: 0,
      reason: expect.stringMatching(/kept/u) as unknown,
    });
    const kept = files(bench).find((name) => name.includes('changed')) ?? '';
    expect(kept).toMatch(/^0001\.mbox\.changed-\d+$/u);
    expect(readFileSync(join(dirname(old), kept), 'latin1')).toMatch(/Subject: mine/u);
    expect(hashes(bench)).toEqual(before);
    expect(complaints(bench)).toEqual([]);
  });

  it('that is cut short while it is copied: what was copied is not thrown away', () => {
    const bench = half();
    for (let step = 0; step < 6; step += 1) bench.store.compact(SMALL);
    truncateSync(segment(bench), 3000);
    expect(compactSome(bench.store, SMALL).at(-1)?.state).toBe('left-alone');
    bench.reopen();
    compactSome(bench.store, SMALL);
    expect(files(bench)).toEqual(['0001-2.mbox.new', '0001.mbox']);
    expect(readFileSync(join(dirname(segment(bench)), '0001-2.mbox.new'), 'latin1')).toMatch(/Subject: 7\r/u);
  });

  it('a torn tail goes along into a file of its own', () => {
    const bench = half();
    const before = hashes(bench);
    appendFileSync(segment(bench), 'From 12.half');
    compactAll(bench);
    expect(readFileSync(`${segment(bench)}.set-aside`, 'latin1')).toBe('From 12.half');
    expect(hashes(bench)).toEqual(before);
    expect(complaints(bench)).toEqual([]);
  });

  it('the old file stays when the new one is not there to take its place', () => {
    const bench = half();
    const [old = ''] = bench.segments();
    compactSome(bench.store);
    const fresh = bench.segments().find((one) => one !== old) ?? '';
    truncateSync(fresh, statSync(fresh).size - 1);
    expect(compactAll(bench).map((step) => step.state)).toContain('left-alone');
    expect(files(bench)).toContain('0001.mbox');
    bench.reopen();
    expect(files(bench)).toContain('0001.mbox');
  });

  it('when the clock was ahead, what was deleted then is kept no longer than it should', () => {
    const bench = half();
    bench.store.close();
    const db = new Sqlite(join(bench.profile, 'glasspost.sqlite'));
    db.exec('UPDATE buried SET since = since + 1000 * 86400 * 3650');
    db.close();
    bench.reopen();
    expect(bench.store.compact({ ...ALL, grace: 60_000 })).toEqual({ state: 'idle' });
    compactAll(bench, { ...ALL, grace: -1 });
    expect(files(bench)).toEqual(['0001-2.mbox']);
  });
});

describe('when the disk does not do what it should', () => {
  const { writevSync, fdatasyncSync, fsyncSync, renameSync, openSync, statfsSync } = fs;
  const real = { writevSync, fdatasyncSync, fsyncSync, renameSync, openSync, statfsSync };
  afterEach(() => {
    Object.assign(fs, real);
    syncBuiltinESMExports();
  });

  /** From its nth call on, a function of the file system fails. */
  function fail(
    name: 'writevSync' | 'fdatasyncSync' | 'fsyncSync' | 'renameSync' | 'openSync',
    nth: number,
    code: string,
  ): void {
    let left = nth;
    (fs as unknown as Record<string, unknown>)[name] = (...given: unknown[]) => {
      left -= 1;
      if (left < 0) throw Object.assign(new Error(`${code}: it is so`), { code });
      return (real[name] as (...all: unknown[]) => unknown)(...given);
    };
    syncBuiltinESMExports();
  }

  const ways = (['writevSync', 'fdatasyncSync', 'fsyncSync', 'renameSync', 'openSync'] as const).flatMap(
    (name) => [0, 1, 3].flatMap((nth) => ['ENOSPC', 'EIO'].map((code) => [name, nth, code] as const)),
  );
  it.each(ways)(
    '%s fails at call %d with %s: nothing has happened, and later it is done',
    (name, nth, code) => {
      const bench = half();
      bench.reopen();
      const before = hashes(bench);
      const bytes = readFileSync(segment(bench));
      fail(name, nth, code);
      const steps = compactSome(bench.store, SMALL);
      Object.assign(fs, real);
      syncBuiltinESMExports();
      const failed = steps.find((step) => step.state === 'failed');
      const nothing = [`${code}: it is so`, ['0001.mbox'], true];
      const so = [failed?.reason, files(bench), failed && readFileSync(segment(bench)).equals(bytes)];
      expect(failed ? so : nothing).toEqual(nothing);
      expect(hashes(bench)).toEqual(before);
      expect(complaints(bench)).toEqual([]);
      bench.take([collected('more', letter('more'))]);
      bench.reopen();
      compactAll(bench);
      expect(files(bench)).toEqual(['0001-2.mbox']);
      expect(hashes(bench).size).toBe(before.size + 1);
      expect(complaints(bench)).toEqual([]);
    },
  );

  it('no room: it is not even begun', () => {
    const bench = half();
    (fs as unknown as Record<string, unknown>)['statfsSync'] = () => ({ bavail: 10, bsize: 4096 });
    syncBuiltinESMExports();
    expect(compactSome(bench.store)).toMatchObject([
      { state: 'failed', reason: expect.stringMatching(/room/u) as unknown },
    ]);
    expect(files(bench)).toEqual(['0001.mbox']);
  });

  it('the transaction fails: the copy goes, the letters are where they were', () => {
    const bench = half();
    const before = hashes(bench);
    bench.store.close();
    const db = new Sqlite(join(bench.profile, 'glasspost.sqlite'));
    db.exec(`CREATE TRIGGER no BEFORE INSERT ON replaced BEGIN SELECT raise(ABORT, 'no'); END`);
    db.close();
    bench.reopen();
    expect(compactSome(bench.store).at(-1)).toMatchObject({ state: 'failed', reason: 'no' });
    expect(files(bench)).toEqual(['0001.mbox']);
    expect(hashes(bench)).toEqual(before);
    expect(complaints(bench)).toEqual([]);
  });
});
