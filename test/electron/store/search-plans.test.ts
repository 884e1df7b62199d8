import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parseQuery } from '../../../shared/search/parse.ts';
import { Bench, header, incoming, letter } from './profile.ts';

/** How SQLite would answer each statement that something needs and that was not needed before. */
function plansOf(work: (bench: Bench) => void): string[][] {
  const bench = new Bench();
  const search = { subject: 'cat', from: '', to: '', cc: '', body: 'cat', files: '' };
  const digest = { snippet: '', attachments: 0, search };
  bench.take(Array.from({ length: 50 }, (_one, at) => incoming(at + 1, letter(`${at}`), { digest })));
  bench.take([header(60, letter('header')), incoming(61, letter('unread'))]);
  bench.reopen();
  // The text of the statement is taken on its way: a copy of it here would prove nothing.
  const prepare = vi.spyOn(Sqlite.prototype, 'prepare');
  work(bench);
  const texts = prepare.mock.calls.map(([sql]) => sql).filter((sql) => /^SELECT|^DELETE/u.test(sql));
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
/** Of the statements that read messages: how, but by their keys. */
const ofMessages = (plans: string[][]) =>
  plans.filter((plan) => plan.some((one) => /(?:SEARCH|SCAN) (?:message|m|s)\b/u.test(one)));
const searching = (query: string) =>
  ofMessages(
    plansOf((bench) => bench.store.search(parseQuery(query, 0), { limit: 5, order: 'newest' })),
  ).find((plan) => plan.some((one) => /\b[ms]\b/u.test(one))) ?? [];

describe('query plans of the search', () => {
  it.each([
    ['cat', /^SCAN s VIRTUAL TABLE INDEX/u, /^SEARCH m USING COVERING INDEX message_found \(doc=\?\)/u],
    ['is:unread cat', /^SCAN s VIRTUAL/u, /^SEARCH m USING COVERING INDEX message_found \(doc=\?\)/u],
    ['in:INBOX cat larger:5', /^SCAN s VIRTUAL/u, /^SEARCH m USING COVERING INDEX message_found \(doc=\?/u],
    ['is:unread', /^SEARCH m USING COVERING INDEX message_unread/u],
    ['in:INBOX', /^SEARCH m USING COVERING INDEX message_list \(mailbox=\?/u],
    ['is:flagged', /^S(?:CAN|EARCH) m USING INDEX message_flagged/u],
    ['has:attachment', /^SEARCH m USING COVERING INDEX message_found/u],
  ])('%s: newest first along an index, nothing is sorted', (query, ...steps) => {
    const plan = searching(query);
    expect(plan).toHaveLength(steps.length);
    for (const [at, step] of steps.entries()) expect(plan[at]).toMatch(step);
  });

  it.each(['is:unread cat', 'is:flagged cat', 'in:INBOX cat'])(
    '%s: the ends are read at the ends of an index',
    (query) => {
      const plans = ofMessages(
        plansOf((bench) => bench.store.search(parseQuery(query, 0), { limit: 5, order: 'newest' })),
      );
      const ends = plans.find((plan) => plan.some((one) => one.startsWith('SCALAR SUBQUERY'))) ?? [];
      expect(ends.filter((one) => one.startsWith('SEARCH message'))).toHaveLength(2);
      expect(ends.join()).not.toContain('SCAN message');
    },
  );

  it('what was not read yet is known by an index of its own', () => {
    const plans = ofMessages(
      plansOf((bench) => {
        bench.store.undigested(5);
        bench.store.indexHeaders(5);
        bench.store.search(parseQuery('', 0), { limit: 1, order: 'newest' });
      }),
    ).flat();
    expect(plans.some((one) => /INDEX message_undigested/u.test(one))).toBe(true);
    expect(plans.some((one) => /INDEX message_unlisted/u.test(one))).toBe(true);
    for (const one of plans.filter((plan) => /\bmessage\b/u.test(plan)))
      expect(one).toMatch(/INDEX message_(?:undigested|unlisted|found)|PRIMARY KEY/u);
  });
});
