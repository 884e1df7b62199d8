import { describe, expect, it } from 'vitest';
import { isOther, removalsOf, uniqueUidls } from '../../../electron/app/removals.ts';
import type { CollectedUidl } from '../../../electron/app/ports-store.ts';

const HOUR = 3_600_000;
const NOW = 1000 * HOUR;

const listed = (...uidls: string[]) => uidls.map((uidl, at) => ({ number: at + 1, size: 100, uidl }));
const known = (...all: (Partial<CollectedUidl> & { uidl: string })[]) =>
  new Map(
    all.map((one): [string, CollectedUidl] => [
      one.uidl,
      { held: 'whole', stays: false, due: false, collected: NOW - 10 * HOUR, size: 100, ...one },
    ]),
  );
const plan = (...given: Parameters<typeof removalsOf>) =>
  [...removalsOf(...given)].map(([number, fate]) => [number, fate.reason, (fate.due - NOW) / HOUR]);

describe('what a policy removes', () => {
  it('forever: nothing, whatever happened', () => {
    const all = known({ uidl: 'a' }, { uidl: 'b', held: 'nothing', deleted: NOW, due: true });
    expect(plan('forever', listed('a', 'b'), all, NOW)).toEqual([]);
  });

  it('never: what was collected, and nothing else', () => {
    const all = known(
      { uidl: 'a' },
      { uidl: 'head', held: 'header' },
      { uidl: 'stays', stays: true },
      { uidl: 'lost', held: 'nothing' },
      { uidl: 'gone', held: 'nothing', deleted: NOW },
    );
    const on = listed('new', 'a', 'head', 'stays', 'lost', 'gone', '');
    expect(plan('never', on, all, NOW)).toEqual([
      [2, 'collected', -10],
      [6, 'collected', -10],
    ]);
  });

  it('a name that stands twice names no message', () => {
    expect(uniqueUidls(listed('a', 'b', 'a', ''))).toEqual(new Set(['b']));
    expect(plan('never', listed('a', 'b', 'a'), known({ uidl: 'a' }, { uidl: 'b' }), NOW)).toEqual([
      [2, 'collected', -10],
    ]);
  });

  it('days and hours: each is told when its time comes', () => {
    const all = known({ uidl: 'old', collected: NOW - 40 * HOUR }, { uidl: 'new', collected: NOW - HOUR });
    expect(plan({ hours: 36 }, listed('old', 'new', 'unknown'), all, NOW)).toEqual([
      [1, 'age', -4],
      [2, 'age', 35],
    ]);
  });

  it('until deleted: what the person deleted for good, read or not', () => {
    const all = known({ uidl: 'a' }, { uidl: 'b', held: 'nothing', deleted: NOW - HOUR });
    expect(plan('until-deleted', listed('a', 'b'), all, NOW)).toEqual([[2, 'deleted-here', -1]]);
  });

  it('until a size: what was collected first goes first, and no more than has to', () => {
    const all = known(
      { uidl: 'a', collected: NOW - HOUR },
      { uidl: 'b', collected: NOW - 3 * HOUR },
      { uidl: 'c', collected: NOW - 2 * HOUR },
    );
    const on = listed('a', 'b', 'c', 'unknown');
    expect(plan({ bytes: 400 }, on, all, NOW)).toEqual([]);
    expect(plan({ bytes: 250 }, on, all, NOW)).toEqual([
      [2, 'over-size', 0],
      [3, 'over-size', 0],
    ]);
    // What was never collected is not deleted to make room.
    expect(plan({ bytes: 0 }, on, all, NOW)).toHaveLength(3);
  });
});

it('another size under the name is another letter; what was not noted says nothing', () => {
  const [one = { number: 0, size: 0, uidl: '' }] = listed('a');
  const held = { uidl: 'a', held: 'whole' as const, stays: false, due: false };
  expect([
    isOther(one, { ...held, size: 101 }),
    isOther(one, { ...held, size: 100 }),
    isOther(one, held),
  ]).toEqual([true, false, false]);
});
