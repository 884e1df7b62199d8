import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rebuildIndex } from '../../../electron/store/rebuild/rebuild.ts';
import { TranscriptWriter } from '../../../electron/wire/transcript-writer.ts';
import { compactAll, compactSome, complaints, files, hashes } from './compacting.ts';
import { Bench, collected, incoming, letter, NOW, temporary } from './profile.ts';
import { stateOf } from './rich.ts';

const YEAR = 365 * 24 * 60 * 60 * 1000;
const at = (ms: number) => vi.setSystemTime(ms);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a clock that is put back', () => {
  it('by years: letters stay in their order, and all is found again', async () => {
    const bench = new Bench('pop3');
    const dated = (name: string, day: number) =>
      Buffer.from(letter(name).toString().replace('21 Nov', `${day} Nov`));
    bench.take([collected('a', dated('first', 18)), collected('b', dated('second', 19))]);
    for (const ms of [
      NOW - 60_000,
      NOW - 2 * 60 * 60_000,
      0,
      -YEAR,
      NOW + 20 * YEAR,
      NOW + 9000 * YEAR,
      NOW,
    ]) {
      at(ms);
      bench.take([collected(`c${ms}`, letter(`at ${ms}`))]);
      bench.store.flag(bench.ids().slice(0, 1), ['flagged'], []);
      bench.reopen();
    }
    const subjects = bench.store.rows(bench.ids()).map((row) => row.subject);
    expect(subjects.indexOf('second')).toBeLessThan(subjects.indexOf('first'));
    expect(subjects.indexOf(`at ${NOW - 60_000}`)).toBeLessThan(subjects.indexOf('second'));
    expect(subjects).toHaveLength(9);
    expect(complaints(bench)).toEqual([]);
    const [file = ''] = bench.segments();
    expect(
      readFileSync(file, 'latin1').match(
        /^From \d+\.\w{64}@glasspost\.invalid \w{3} \w{3} \d\d [\d:]{8} \d{4}\n/gmu,
      ),
    ).toHaveLength(9);
    const before = stateOf(bench.store);
    bench.store.close();
    rmSync(join(bench.profile, 'glasspost.sqlite'));
    expect(await rebuildIndex(bench.profile)).toMatchObject({ recovered: 0, damaged: [], strays: [] });
    bench.reopen();
    expect(stateOf(bench.store)).toEqual(before);
  });

  it('a letter that waits for another try does not wait for the time to come again', () => {
    const bench = new Bench();
    const put = (subject: string) =>
      bench.store.enqueue({
        account: bench.account.id,
        bytes: letter(subject),
        skip: 0,
        envelope: { from: 'vera@example.org', to: ['oleg@example.org'] },
        digest: { snippet: '', attachments: 0 },
      }).key;
    const key = put('one');
    const failure = { code: 'timeout', detail: '' } as const;
    bench.store.changeOutbox(key, { state: 'waiting', failure, nextTry: NOW + 60_000 });
    expect(bench.store.nextLetter(bench.account.id, NOW)).toBeUndefined();
    expect(bench.store.nextLetter(bench.account.id, NOW + 60_000)?.key).toBe(key);
    expect(bench.store.nextLetter(bench.account.id, NOW - YEAR)?.key).toBe(key);
    // And what was written first is sent first.
    at(NOW - YEAR);
    put('two');
    expect(bench.store.nextLetter(bench.account.id, NOW + 60_000)?.key).toBe(key);
  });

  it('no index that was put aside takes the place of another', async () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    bench.store.close();
    const kept = [(await rebuildIndex(bench.profile)).kept, (await rebuildIndex(bench.profile)).kept];
    expect(new Set(kept).size).toBe(2);
    for (const name of kept) expect(readdirSync(bench.profile)).toContain(name);
  });

  it('compaction waits no longer than it should, and not shorter than a day’s jump', () => {
    const bench = new Bench('pop3');
    at(Date.now());
    bench.take([collected('a', letter('one')), collected('b', letter('two'))]);
    vi.useRealTimers();
    const real = Date.now();
    bench.store.remove(bench.ids().slice(0, 1));
    const before = hashes(bench);
    const policy = { least: 0, share: 0, grace: 7 * 24 * 60 * 60_000 };
    vi.useFakeTimers({ now: real - YEAR, toFake: ['Date'] });
    expect(compactSome(bench.store, policy)).toEqual([]);
    at(real - YEAR + policy.grace - 1000);
    expect(compactSome(bench.store, policy)).toEqual([]);
    at(real - YEAR + policy.grace + 1000);
    compactAll(bench, policy);
    expect(files(bench)).toEqual(['0001-2.mbox']);
    expect(hashes(bench)).toEqual(before);
  });

  it('transcripts of two runs have different names', () => {
    const session = { id: 1, protocol: 'imap' } as never;
    const folder = temporary();
    const first = new TranscriptWriter(folder).sessionOf(session);
    at(NOW - YEAR);
    expect(new TranscriptWriter(folder).sessionOf(session)).not.toBe(first);
  });
});
