import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Compaction } from '../../../electron/app/compaction.ts';
import type { CompactStep, Store } from '../../../electron/app/ports-store.ts';
import type { Database } from '../../../electron/store/database.ts';
import { Segments } from '../../../electron/store/mbox/segments.ts';
import { openWorkerStore } from '../../../electron/store/worker-store.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { ALL, compactAll, filled, keyOf, removeLetters } from './compacting.ts';
import { letter } from './profile.ts';

const script = new URL('../../../electron/store/worker.ts', import.meta.url);
const sha256 = (bytes: Uint8Array | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

describe('while the program goes on', () => {
  it('letters are read, checked and taken in all the time', async () => {
    const bench = filled(600, 20_000);
    const { profile, inbox } = bench;
    removeLetters(
      bench,
      Array.from({ length: 300 }, (_one, at) => 2 * at),
    );
    bench.store.close();
    const store = await openWorkerStore(profile, script, 'me');
    stores.push(store);
    const ids = [...(await store.order({ kind: 'mailbox', mailbox: inbox })).ids] as MessageKey[];
    const before = new Map<MessageKey, string>();
    for (const id of ids) before.set(id, sha256(await store.raw(id)));
    const states = new Set<CompactStep['state']>();
    const compaction = new Compaction(
      {
        store: {
          compact: async () => {
            const step = await store.compact({ ...ALL, step: 200_000 });
            states.add(step.state);
            return step;
          },
        },
      },
      { first: 1, pause: 50, wait: 20 },
    );
    compaction.start();
    let round = 0;
    for (; !states.has('freed') || round < 3; round += 1) {
      for (const id of ids) expect(sha256(await store.raw(id))).toBe(before.get(id));
      for (let next: number | undefined = 0; next !== undefined;) {
        const step = await store.verifyMessages(next);
        expect(step.damaged).toEqual([]);
        next = step.next;
      }
      const bytes = letter(`late ${round}`);
      await store.apply(inbox, {
        added: [{ uidl: `late${round}`, flags: [], received: 1, size: bytes.length, bytes, whole: true }],
        flags: [],
        removed: [],
      });
    }
    expect([...states]).toEqual(expect.arrayContaining(['working', 'replaced', 'waiting', 'freed']));
    await compaction.close();
    expect(readdirSync(join(profile, 'mail', bench.account.id, String(inbox)))).toEqual(['0001-2.mbox']);
    expect(await store.verifySegments()).toEqual([]);
    expect((await store.order({ kind: 'mailbox', mailbox: inbox })).ids).toHaveLength(ids.length + round);
  });

  it('a reader that was told the old file finds the letter in the new one', () => {
    const bench = filled(4);
    removeLetters(bench, [0, 2]);
    const id = keyOf(bench, '3');
    const place = () =>
      bench.ask<Record<string, unknown>>(
        'SELECT s.path, m.offset, m.length, m.raw_length FROM message m JOIN segment s ON s.id = m.segment WHERE m.id = ?',
        id,
      )[0];
    const stale = place();
    const bytes = bench.raw(id);
    compactAll(bench);
    const told = [stale, place()];
    const reader = new Segments(bench.profile, { get: () => told.shift() } as unknown as Database);
    expect(reader.read(id)?.toString('latin1')).toBe(bytes);
    // One that is really gone is no endless search.
    const lost = new Segments(bench.profile, { get: () => stale } as unknown as Database);
    expect(() => lost.read(id)).toThrow(/ENOENT/u);
  });
});

describe('the loop', () => {
  it('ends at once when it is closed, and goes on after what fails', async () => {
    let calls = 0;
    const store = {
      compact: async (): Promise<CompactStep> => {
        calls += 1;
        if (calls === 1) throw new Error('no');
        return { state: calls < 4 ? 'working' : 'idle' };
      },
    };
    const compaction = new Compaction({ store }, { first: 1, pause: 1 });
    compaction.start();
    compaction.start();
    await expect.poll(() => calls).toBeGreaterThan(7);
    await compaction.close();
    const then = calls;
    await sleep(20);
    expect(calls).toBe(then);
    const idle = new Compaction({ store });
    idle.start();
    await idle.close();
    expect(calls).toBe(then);
  });
});
