import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MailboxId, MessageKey } from '../../../shared/model/ids.ts';
import { belongs, indexOfKey, patchOrder } from '../../../renderer/state/order.ts';
import { mailbox, order, row } from '../rows.ts';

const none = new Set<MessageKey>();
const keys = (...ids: number[]) => new Set(ids as MessageKey[]);

describe('patchOrder', () => {
  it('puts a new row at its date, and of one date the larger id first', () => {
    const patched = patchOrder(order([5, 50], [3, 30]), [row(4, 30), row(9, 60), row(2, 10)], none);
    expect([...patched.ids]).toEqual([9, 5, 4, 3, 2]);
    expect([...patched.dates]).toEqual([60, 50, 30, 30, 10]);
  });

  it('takes out what is gone, also when it came in the same delta', () => {
    expect([...patchOrder(order([5, 50], [3, 30]), [row(7, 70)], keys(5, 7)).ids]).toEqual([3]);
  });

  it('moves a row whose date changed', () => {
    expect([...patchOrder(order([5, 50], [3, 30]), [row(3, 90)], none).ids]).toEqual([3, 5]);
  });

  it('gives back the same object when only flags changed', () => {
    const before = order([5, 50], [3, 30]);
    expect(patchOrder(before, [row(3, 30, { flags: ['seen'] })], none)).toBe(before);
  });

  it('equals sorting everything, whatever comes', () => {
    const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 20 })), {
      selector: ([id]) => id,
    });
    const sorted = (pairs: readonly (readonly [number, number])[]) =>
      [...pairs].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
    fc.assert(
      fc.property(rows, rows, fc.uniqueArray(fc.integer({ min: 1, max: 60 })), (old, fresh, gone) => {
        const patched = patchOrder(
          order(...sorted(old)),
          fresh.map(([id, date]) => row(id, date)),
          keys(...gone),
        );
        const all = new Map([...old, ...fresh]);
        for (const id of gone) all.delete(id);
        expect([...patched.ids]).toEqual(sorted([...all]).map(([id]) => id));
      }),
    );
  });
});

describe('indexOfKey', () => {
  it('finds by date as by looking through', () => {
    const sample = order([9, 60], [5, 50], [4, 30], [3, 30]);
    expect(indexOfKey(sample, 4 as MessageKey, 30)).toBe(2);
    expect(indexOfKey(sample, 4 as MessageKey)).toBe(2);
    expect(indexOfKey(sample, 8 as MessageKey, 30)).toBe(-1);
  });
});

describe('belongs', () => {
  it('asks the mailbox, its role or the flag, by the view', () => {
    const boxes = [mailbox(1, 'inbox'), mailbox(2)];
    const here = row(1, 1, { mailbox: 2 as MailboxId, flags: ['flagged'] });
    expect(belongs(here, { kind: 'mailbox', mailbox: 2 as MailboxId }, boxes)).toBe(true);
    expect(belongs(here, { kind: 'inboxes' }, boxes)).toBe(false);
    expect(belongs(here, { kind: 'flagged' }, boxes)).toBe(true);
  });
});
