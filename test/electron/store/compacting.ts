import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CompactPolicy, CompactStep } from '../../../electron/app/ports-store.ts';
import { verifySegments } from '../../../electron/store/verify.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import type { SyncStore } from '../../../electron/store/sqlite-store.ts';
import { Bench, collected, letter } from './profile.ts';

/** Whatever was deleted goes, at once. */
export const ALL: Partial<CompactPolicy> = { grace: 0, least: 0, share: 0 };

/** Steps until there is nothing more to do, or nothing before the checkpoint is written. */
export function compactSome(store: SyncStore, policy: Partial<CompactPolicy> = ALL): CompactStep[] {
  const steps: CompactStep[] = [];
  for (let count = 0; count < 10_000; count += 1) {
    const step = store.compact(policy);
    if (step.state === 'idle') return steps;
    steps.push(step);
    if (step.state === 'waiting') return steps;
  }
  throw new Error('compaction never ends');
}

/** To the end; the checkpoint is written when a store closes. */
export function compactAll(bench: Bench, policy: Partial<CompactPolicy> = ALL): CompactStep[] {
  const all: CompactStep[] = [];
  for (;;) {
    const steps = compactSome(bench.store, policy);
    all.push(...steps);
    if (steps.at(-1)?.state !== 'waiting') return all;
    bench.reopen();
  }
}

/** A POP3 inbox with letters of this many bytes, about. */
export function filled(count: number, size = 1000): Bench {
  const bench = new Bench('pop3');
  const body = `From the start\r\n${'x'.repeat(70)}\r\n`.repeat(Math.ceil(size / 88));
  bench.take(
    Array.from({ length: count }, (_one, at) =>
      collected(`u${at}`, letter(`${at}`, { body: `${at} ${body}` })),
    ),
  );
  return bench;
}

/** SHA-256 of each letter, by key. */
export function hashes(bench: Bench): Map<MessageKey, string> {
  const ids = bench.ask<{ id: MessageKey }>('SELECT id FROM message WHERE segment IS NOT NULL ORDER BY id');
  return new Map(
    ids.map(({ id }) => [
      id,
      createHash('sha256')
        .update(bench.store.raw(id) ?? 'nothing')
        .digest('hex'),
    ]),
  );
}

/** Everything that `glasspost verify` would say. */
export function complaints(bench: Bench): unknown[] {
  const db = { all: (sql: string) => bench.ask(sql) };
  const found: unknown[] = verifySegments({ db, profile: bench.profile } as never);
  for (let next: number | undefined = 0; next !== undefined;) {
    const step = bench.store.verifyMessages(next);
    found.push(...step.damaged);
    next = step.next;
  }
  return found;
}

/** Names in the folder of a mailbox. */
export function files(bench: Bench, mailbox: number = bench.inbox): string[] {
  return readdirSync(join(bench.profile, 'mail', bench.account.id, String(mailbox))).sort();
}

/** The first letter with this subject. */
export function keyOf(bench: Bench, subject: string): MessageKey {
  const [row] = bench.ask<{ id: MessageKey }>('SELECT id FROM message WHERE subject = ?', subject);
  if (!row) throw new Error(`no letter ${subject}`);
  return row.id;
}

/** Deletes letters by subject, for good. */
export function removeLetters(bench: Bench, subjects: (string | number)[]): void {
  bench.store.remove(subjects.map((one) => keyOf(bench, String(one))));
}
