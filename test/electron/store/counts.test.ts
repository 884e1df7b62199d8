import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageKey } from '../../../shared/model/ids.ts';
import type { Flag } from '../../../shared/model/message.ts';
import { Bench, header, incoming, letter } from './profile.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

describe('counts', () => {
  it('are what a recount says, whatever was done', () => {
    const flags = fc.constantFrom<Flag[]>([], ['seen'], ['flagged'], ['seen', 'flagged']);
    const key = fc.nat({ max: 12 });
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('take' as const),
        uid: fc.integer({ min: 1, max: 15 }),
        flags,
        box: fc.nat({ max: 2 }),
        whole: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('tell' as const),
        uid: fc.integer({ min: 1, max: 15 }),
        flags,
        box: fc.nat({ max: 2 }),
      }),
      fc.record({
        kind: fc.constant('drop' as const),
        uid: fc.integer({ min: 1, max: 15 }),
        box: fc.nat({ max: 2 }),
      }),
      fc.record({
        kind: fc.constant('flag' as const),
        keys: fc.array(key, { minLength: 1, maxLength: 4 }),
        set: flags,
        clear: flags,
      }),
      fc.record({
        kind: fc.constant('move' as const),
        keys: fc.array(key, { minLength: 1, maxLength: 4 }),
        box: fc.nat({ max: 2 }),
      }),
      fc.record({
        kind: fc.constant('remove' as const),
        keys: fc.array(key, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('finish' as const),
        uids: fc.boolean(),
        first: fc.integer({ min: 1, max: 20 }),
      }),
      fc.record({ kind: fc.constant('fail' as const) }),
      fc.record({ kind: fc.constant('reset' as const), box: fc.nat({ max: 2 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const bench = new Bench();
        const boxes = [bench.inbox, bench.role('archive').id, bench.role('trash').id];
        const boxAt = (at: number) => boxes[at] ?? bench.inbox;
        const keysOf = (at: number[]) => at.map((one) => one + 1) as MessageKey[];
        for (const one of steps) {
          if (one.kind === 'take') {
            const bytes = letter(`${one.uid % 6}`);
            const added = one.whole
              ? incoming(one.uid, bytes, { flags: one.flags })
              : header(one.uid, bytes, { flags: one.flags });
            bench.take([added], {}, boxAt(one.box));
          } else if (one.kind === 'tell')
            bench.take([], { flags: [{ uid: one.uid, flags: one.flags }] }, boxAt(one.box));
          else if (one.kind === 'drop') bench.take([], { removed: [one.uid] }, boxAt(one.box));
          else if (one.kind === 'flag') bench.store.flag(keysOf(one.keys), one.set, one.clear);
          else if (one.kind === 'move') bench.store.move(keysOf(one.keys), boxAt(one.box));
          else if (one.kind === 'remove') bench.store.remove(keysOf(one.keys));
          else if (one.kind === 'reset') bench.take([], { reset: true }, boxAt(one.box));
          else {
            const [operation] = bench.store.operations(bench.account.id);
            if (!operation) continue;
            if (one.kind === 'fail') {
              for (let attempt = 0; attempt < 5; attempt += 1) bench.store.failOperation(operation.id, 'NO');
            } else {
              const moved = operation.kind === 'move' ? bench.store.places(operation.keys) : [];
              const to = operation.kind === 'move' ? operation.to : bench.inbox;
              bench.store.finishOperation(
                operation.id,
                moved.map(({ key: id }, at) => ({
                  key: id,
                  mailbox: to,
                  ...(one.uids ? { uid: 100 + one.first + at } : {}),
                })),
              );
            }
          }
        }
        const counted = bench.ask(
          `SELECT b.id, count(m.id) AS total, count(m.id) FILTER (WHERE NOT m.flags & 1) AS unread
           FROM mailbox b LEFT JOIN message m ON m.mailbox = b.id AND m.hidden = 0 GROUP BY b.id ORDER BY b.id`,
        );
        expect(bench.ask('SELECT id, total, unread FROM mailbox ORDER BY id')).toEqual(counted);
        for (const box of boxes) expect(bench.ids(box)).toHaveLength(bench.mailbox(box)?.total ?? -1);
        bench.store.close();
      }),
      { numRuns: 120 },
    );
  });
});
