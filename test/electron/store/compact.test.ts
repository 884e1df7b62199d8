import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rebuildIndex } from '../../../electron/store/rebuild/rebuild.ts';
import {
  ALL,
  compactAll,
  compactSome,
  complaints,
  filled,
  files,
  hashes,
  keyOf,
  removeLetters,
} from './compacting.ts';
import { NASTY } from './nasty.ts';
import { readByPython } from './python.ts';
import { Bench, collected, letter } from './profile.ts';
import { Rich, stateOf } from './rich.ts';

const odd = (count: number) => Array.from({ length: Math.floor(count / 2) }, (_one, at) => 2 * at + 1);
const size = (bench: Bench) => bench.segments().reduce((sum, file) => sum + statSync(file).size, 0);

/** What the outbox of a rebuilt index says. */
function held(state: ReturnType<typeof stateOf>) {
  const outbox = state.outbox.map((one) => ({
    ...one,
    state: 'maybe-sent',
    failure: { code: 'maybe-sent', detail: '' },
  }));
  return { ...state, outbox };
}

describe('compaction', () => {
  it('gives the room of deleted letters back and keeps every other as it is', () => {
    const bench = filled(40);
    removeLetters(bench, odd(40));
    const before = hashes(bench);
    const [old = ''] = bench.segments();
    const whole = size(bench);
    const steps = compactAll(bench, { ...ALL, step: 5000 });
    expect(steps.map((step) => step.state).filter((state) => state !== 'working')).toEqual([
      'replaced',
      'waiting',
      'freed',
    ]);
    expect(steps.length).toBeGreaterThan(8);
    expect(steps.at(-1)).toMatchObject({ segment: old.slice(bench.profile.length + 1) });
    expect(steps.at(-1)?.freed).toBe(whole - size(bench));
    expect(size(bench)).toBeLessThan(0.55 * whole);
    expect(hashes(bench)).toEqual(before);
    expect(complaints(bench)).toEqual([]);
    expect(files(bench)).toEqual(['0001-2.mbox']);
    // And so it goes on.
    bench.take([collected('new', letter('new'))]);
    removeLetters(bench, [0, 'new']);
    compactAll(bench);
    expect(files(bench)).toEqual(['0001-3.mbox']);
    expect(hashes(bench).size).toBe(19);
    expect(complaints(bench)).toEqual([]);
    expect(compactSome(bench.store)).toEqual([]);
  });

  it('of whatever letters', () => {
    const bench = new Bench('pop3');
    const more = (name: string) => collected(name, letter(name));
    bench.take(NASTY.flatMap(([, bytes], at) => [more(`before ${at}`), collected(`u${at}`, bytes)]));
    removeLetters(
      bench,
      NASTY.map((_one, at) => `before ${at}`),
    );
    const before = hashes(bench);
    compactAll(bench);
    expect(hashes(bench)).toEqual(before);
    expect(complaints(bench)).toEqual([]);
    expect(readByPython(bench.profile)).toBe(NASTY.length);
    bench.store.close();
    rmSync(join(bench.profile, 'glasspost.sqlite'));
    return rebuildIndex(bench.profile).then((report) => {
      expect(report).toMatchObject({
        damaged: [],
        strays: [],
        recovered: 0,
        deleted: 0,
        messages: NASTY.length,
      });
    });
  });

  it('leaves a file alone in which little was deleted, or lately', () => {
    const bench = filled(100, 100_000);
    removeLetters(
      bench,
      Array.from({ length: 80 }, (_one, at) => at),
    );
    expect(bench.store.compact()).toEqual({ state: 'idle' });
    expect(bench.store.compact({ grace: 0, least: 9_000_000 })).toEqual({ state: 'idle' });
    expect(bench.store.compact({ grace: 0, share: 0.9, least: 0 })).toEqual({ state: 'idle' });
    compactAll(bench, { grace: 0, least: 4_000_000 });
    expect(size(bench)).toBeLessThan(2_200_000);
  });

  it('what was deleted lately stays in the file, and goes when its time has come', async () => {
    const bench = filled(10);
    removeLetters(bench, [1, 2]);
    const { store } = bench;
    await new Promise((resolve) => setTimeout(resolve, 2100));
    removeLetters(bench, [3, 4]);
    expect(compactSome(store, { ...ALL, grace: 1500 }).at(-1)?.state).toBe('waiting');
    bench.reopen();
    compactAll(bench, { ...ALL, grace: 60_000 });
    const [file = ''] = bench.segments();
    expect(subjectsIn(file)).toEqual(['0', '3', '4', '5', '6', '7', '8', '9']);
    compactAll(bench);
    const [last = ''] = bench.segments();
    expect(subjectsIn(last)).toEqual(['0', '5', '6', '7', '8', '9']);
  });

  it('letters that were moved to other mailboxes keep their bytes', () => {
    const bench = new Rich();
    const before = stateOf(bench.store);
    const all = hashes(bench);
    const steps = compactAll(bench);
    expect(steps.filter((step) => step.state === 'freed').length).toBeGreaterThan(1);
    expect(stateOf(bench.store)).toEqual(before);
    expect(hashes(bench)).toEqual(all);
    expect(complaints(bench)).toEqual([]);
  });

  async function rebuilt(spoil: (profile: string) => void) {
    const bench = new Rich();
    const before = held(stateOf(bench.store));
    compactAll(bench);
    bench.store.close();
    rmSync(join(bench.profile, 'glasspost.sqlite'));
    spoil(bench.profile);
    await rebuildIndex(bench.profile);
    bench.reopen();
    return { before, after: stateOf(bench.store) };
  }

  it('what is rebuilt afterwards is the same', async () => {
    const { before, after } = await rebuilt(() => undefined);
    expect(after).toEqual(before);
  });

  it('without a checkpoint, too, every letter is there', async () => {
    const { before, after } = await rebuilt((profile) => rmSync(join(profile, 'mail/checkpoint.jsonl')));
    const all = (state: Pick<typeof after, 'mailboxes'>) =>
      state.mailboxes.flatMap((box) => box.letters.map((row) => row.sha256)).toSorted();
    expect(all(after)).toEqual(expect.arrayContaining(all(before)));
  });

  it('an index from before it finds every letter when it is rebuilt', async () => {
    const bench = filled(20);
    removeLetters(bench, odd(20));
    bench.reopen();
    const before = hashes(bench);
    bench.store.close();
    const index = join(bench.profile, 'glasspost.sqlite');
    const backup = readFileSync(index);
    bench.reopen();
    compactAll(bench);
    bench.store.close();
    for (const end of ['-wal', '-shm']) rmSync(index + end, { force: true });
    writeFileSync(index, backup);
    bench.reopen();
    expect(files(bench)).toEqual(['0001-2.mbox']);
    expect(() => bench.raw(bench.ids()[0])).toThrow(/ENOENT/u);
    // Not even what it does itself makes it worse.
    compactAll(bench);
    expect(files(bench)).toContain('0001-2.mbox');
    bench.store.close();
    await rebuildIndex(bench.profile);
    bench.reopen();
    expect(hashes(bench)).toEqual(before);
  });

  it('nothing of an account that was removed is touched', () => {
    const bench = filled(10);
    const [file = ''] = bench.segments();
    const bytes = readFileSync(file);
    bench.store.removeAccount(bench.account.id);
    expect(compactSome(bench.store)).toEqual([]);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('where all was deleted an empty file remains, and new mail goes there', () => {
    const bench = filled(5);
    removeLetters(bench, [0, 1, 2, 3, 4]);
    compactAll(bench);
    expect(files(bench)).toEqual(['0001-2.mbox']);
    expect(size(bench)).toBe(0);
    bench.take([collected('new', letter('new'))]);
    expect(files(bench)).toEqual(['0001-2.mbox']);
    expect(hashes(bench).size).toBe(1);
    expect(complaints(bench)).toEqual([]);
  });

  it('mail comes and goes between its steps', () => {
    const bench = filled(30);
    removeLetters(bench, odd(30));
    const policy = { ...ALL, step: 2000 };
    const happens = [
      () => bench.take([101, 102, 103].map((at) => collected(`u${at}`, letter(`${at}`)))),
      () => removeLetters(bench, [0, 102, 28]),
      () => bench.store.move([keyOf(bench, '2'), keyOf(bench, '101')], bench.role('trash').id),
      () => bench.store.flag([keyOf(bench, '4'), keyOf(bench, '26')], ['flagged'], []),
      () => bench.take([collected('u104', letter('104'))]),
      () => removeLetters(bench, [104]),
    ];
    let step = bench.store.compact(policy);
    for (; step.state === 'working'; step = bench.store.compact(policy)) happens.shift()?.();
    expect(step.state).toBe('replaced');
    expect(happens).toEqual([]);
    expect(hashes(bench).size).toBe(15);
    const before = hashes(bench);
    compactAll(bench, { ...ALL, grace: 60_000 });
    expect(hashes(bench)).toEqual(before);
    expect(complaints(bench)).toEqual([]);
    compactAll(bench);
    expect(hashes(bench)).toEqual(before);
    expect(subjectsIn(bench.segments()[0] ?? '')).toHaveLength(before.size);
  });

  it('is stopped with the program, and leaves nothing behind', () => {
    const bench = filled(20);
    removeLetters(bench, odd(20));
    const before = hashes(bench);
    for (let step = 0; step < 3; step += 1) bench.store.compact({ ...ALL, step: 2000 });
    expect(files(bench)).toEqual(['0001-2.mbox.new', '0001.mbox']);
    bench.reopen();
    expect(files(bench)).toEqual(['0001.mbox']);
    expect(hashes(bench)).toEqual(before);
  });
});

function subjectsIn(file: string): string[] {
  return [...readFileSync(file, 'latin1').matchAll(/^Subject: (.*)\r$/gmu)].map(
    ([, subject = '']) => subject,
  );
}
