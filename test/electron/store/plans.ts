// How SQLite answers what the store asks: the texts of its statements are taken on their way, a copy would prove nothing.
import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { vi } from 'vitest';
import { Bench, header, incoming, letter } from './profile.ts';

/** A mailbox with letters that were read for the search, one that was not, and headers. */
function filled(): Bench {
  const bench = new Bench();
  const search = { subject: 'cat', from: '', to: '', cc: '', body: 'cat', files: '' };
  const digest = { snippet: '', attachments: 0, search };
  bench.take(Array.from({ length: 50 }, (_one, at) => incoming(at + 1, letter(`${at}`), { digest })));
  bench.take([header(60, letter('header')), incoming(61, letter('unread'))]);
  return bench;
}

/** The plan of each statement that something needs and that was not needed since the store was opened. */
export function plansOf(work: (bench: Bench) => void): string[][] {
  const bench = filled();
  bench.reopen();
  const prepare = vi.spyOn(Sqlite.prototype, 'prepare');
  work(bench);
  const texts = prepare.mock.calls.map(([sql]) => sql).filter((sql) => /^(?:SELECT|WITH|DELETE)/u.test(sql));
  prepare.mockRestore();
  bench.store.close();
  const db = new Sqlite(join(bench.profile, 'glasspost.sqlite'));
  const plans = texts.map((sql) =>
    db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(sql.match(/\?/gu) ?? []).map(() => 1))
      .map((row) => row.detail),
  );
  db.close();
  return plans;
}

/** The statements that read messages, but those that look them up by their keys. */
export function ofMessages(plans: string[][]): string[][] {
  return plans.filter((plan) => plan.some(readsMessages));
}

export function readsMessages(step: string): boolean {
  return /(?:SEARCH|SCAN) (?:message|m|s)\b/u.test(step) && !step.includes('PRIMARY KEY');
}
