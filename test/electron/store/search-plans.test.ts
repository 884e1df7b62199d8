import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../shared/search/parse.ts';
import { ofMessages, plansOf } from './plans.ts';

const searching = (query: string) =>
  ofMessages(
    plansOf((bench) => bench.store.search(parseQuery(query, 0), { limit: 5, order: 'newest' })),
  ).find((plan) => plan.some((one) => /\b[ms]\b/u.test(one))) ?? [];

describe('query plans of the search', () => {
  it.each([
    ['cat', /^SCAN s VIRTUAL TABLE INDEX/u, /^SEARCH m USING COVERING INDEX message_found \(doc=\?\)/u],
    ['is:unread cat', /^SCAN s VIRTUAL/u, /^SEARCH m USING COVERING INDEX message_found \(doc=\?\)/u],
    [
      'has:attachment cat larger:5',
      /^SCAN s VIRTUAL/u,
      /^SEARCH m USING COVERING INDEX message_found \(doc=\?/u,
    ],
    ['is:unread', /^SEARCH m USING COVERING INDEX message_unread/u],
    ['in:INBOX', /^SEARCH m USING COVERING INDEX message_list \(mailbox=\?/u],
    ['is:flagged', /^S(?:CAN|EARCH) m USING INDEX message_flagged/u],
    ['has:attachment', /^SEARCH m USING COVERING INDEX message_found/u],
  ])('%s: newest first along an index, nothing is sorted', (query, ...steps) => {
    const plan = searching(query);
    expect(plan).toHaveLength(steps.length);
    for (const [at, step] of steps.entries()) expect(plan[at]).toMatch(step);
  });

  it.each([
    ['is:draft cat', /SEARCH m USING COVERING INDEX message_draft \(doc>/u],
    ['cat larger:2M', /SEARCH m USING COVERING INDEX message_large \(doc>/u],
    ['in:INBOX cat', /SEARCH m USING INDEX message_list \(mailbox=\? AND hidden=\?\)$/u],
  ])('%s: among few, only these are looked for', (query, expected) => {
    const [first, ...more] = ofMessages(
      plansOf((bench) => bench.store.search(parseQuery(query, 0), { limit: 5, order: 'newest' })),
    ).filter((plan) => plan.some((one) => /\b[ms]\b/u.test(one)));
    expect(first?.join()).toMatch(expected);
    expect(more).toHaveLength(1);
    expect(more[0]?.[0]).toMatch(/^SCAN j VIRTUAL TABLE/u);
    expect(more[0]?.[1]).toMatch(/^SEARCH m USING COVERING INDEX message_found \(doc=\?\)/u);
    expect(more[0]?.[2]).toMatch(/^SCAN s VIRTUAL TABLE INDEX \d+:=M/u);
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
