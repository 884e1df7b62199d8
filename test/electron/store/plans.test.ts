import { describe, expect, it } from 'vitest';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { header, incoming, letter, type Bench } from './profile.ts';
import { ofMessages, plansOf, readsMessages } from './plans.ts';

const LIST = /^SEARCH message USING COVERING INDEX message_list \(mailbox=\? AND hidden=\?\)$/u;

describe('query plans', () => {
  it.each<[string, RegExp, (bench: Bench) => unknown]>([
    ['a mailbox', LIST, ({ store, inbox }) => store.order({ kind: 'mailbox', mailbox: inbox })],
    ['all inboxes', LIST, ({ store }) => store.order({ kind: 'inboxes' })],
    [
      'what is flagged',
      /^SCAN message USING (?:COVERING )?INDEX message_flagged$/u,
      ({ store }) => store.order({ kind: 'flagged' }),
    ],
    ['what was not read yet', /INDEX message_undigested$/u, ({ store }) => store.undigested(5)],
    [
      'headers that are not found yet',
      /INDEX message_(?:unlisted$|found \(doc=\?\))/u,
      ({ store }) => store.indexHeaders(5),
    ],
    [
      'what has no body',
      /^SEARCH message USING INDEX message_bodiless \(uid_mailbox=\? AND uid>\?\)$/u,
      ({ store, inbox }) => store.bodiless(inbox, 5),
    ],
    ['what is known', /INDEX message_place \(uid_mailbox=\?/u, ({ store, inbox }) => store.known(inbox)],
    [
      'how far it is known',
      /^SEARCH message USING COVERING INDEX message_place \(uid_mailbox=\?/u,
      ({ store, inbox }) => store.mark(inbox),
    ],
    [
      'what POP3 collected',
      /INDEX message_(?:uidl \(uidl=\?|headed \(mailbox=\?)/u,
      ({ store, account }) => store.collectedUidls(account.id),
    ],
  ])('%s is read along an index, and nothing is sorted', (_what, expected, work) => {
    const found = ofMessages(plansOf(work));
    expect(found).not.toHaveLength(0);
    for (const plan of found) {
      expect(plan.find(readsMessages)).toMatch(expected);
      expect(plan.join('\n')).not.toContain('TEMP B-TREE');
    }
  });

  it.each<[string, (bench: Bench) => unknown]>([
    ['rows', ({ store }) => store.rows([1, 2] as MessageKey[])],
    ['places on the server', ({ store }) => store.places([1, 2] as MessageKey[])],
    ['a letter', ({ store }) => store.raw(1 as MessageKey)],
  ])('%s: looked up by key alone', (_what, work) => {
    const plans = plansOf(work);
    expect(plans.flat().filter((step) => /\b(?:message|m)\b.*PRIMARY KEY/u.test(step))).toHaveLength(1);
    expect(plans.flat().filter(readsMessages)).toEqual([]);
  });

  it('counts are kept: a snapshot reads no message', () => {
    const plans = plansOf(({ store, account }) => {
      store.snapshot();
      store.mailboxes(account.id);
      store.newestKey();
    });
    expect(plans).not.toHaveLength(0);
    expect(plans.flat().filter(readsMessages)).toEqual([]);
  });

  it('a new message is compared with few others', () => {
    const found = ofMessages(
      plansOf((bench) => bench.take([header(70, letter('new')), incoming(71, letter('newer'))])),
    );
    expect(found.length).toBeGreaterThan(1);
    for (const plan of found)
      expect(plan.find(readsMessages)).toMatch(/INDEX message_(?:place|named|unnamed|found)/u);
  });

  it('an imported letter is compared with few others, with a Message-ID or without', () => {
    const found = ofMessages(
      plansOf((bench) =>
        bench.store.importLetters(bench.inbox, [
          { bytes: letter('a'), flags: [] },
          { bytes: letter('b', { id: '' }), flags: [] },
        ]),
      ),
    );
    expect(found).toHaveLength(2);
    for (const plan of found) expect(plan.find(readsMessages)).toMatch(/INDEX message_(?:named|unnamed)/u);
  });
});
