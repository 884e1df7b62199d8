import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Bench, incoming, letter } from './profile.ts';

const FOREIGN = 'From me@example.org Sat Nov 21 10:42:07 2026\nSubject: mine\n\ntext\n\n';
const torn = (file: string) =>
  readdirSync(dirname(file))
    .filter((name) => name.includes('.torn-'))
    .map((name) => readFileSync(join(dirname(file), name), 'latin1'))
    .toSorted();

afterEach(() => {
  vi.useRealTimers();
});

describe('a file to which another program adds', () => {
  it('while it is open: what it added is kept beside the file, not cut off', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    const [file = ''] = bench.segments();
    appendFileSync(file, FOREIGN);
    bench.take([incoming(2, letter('two'))]);
    expect(bench.ids().map((id) => bench.raw(id))).toEqual([
      letter('two').toString(),
      letter('one').toString(),
    ]);
    expect(torn(file)).toEqual([FOREIGN]);
  });

  it('again in the same millisecond: the first is not written over', () => {
    const bench = new Bench();
    bench.take([incoming(1, letter('one'))]);
    const [file = ''] = bench.segments();
    vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
    for (const uid of [2, 3]) {
      bench.reopen();
      writeFileSync(file, `tail ${uid}`, { flag: 'a' });
      bench.take([incoming(uid, letter(`${uid}`))]);
    }
    expect(torn(file)).toEqual(['tail 2', 'tail 3']);
  });
});
