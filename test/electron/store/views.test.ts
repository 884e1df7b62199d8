import { describe, expect, it } from 'vitest';
import type { MailboxId, MessageKey } from '../../../shared/model/ids.ts';
import type { MailboxView } from '../../../shared/model/mailbox.ts';
import { Bench, collected, incoming, letter, settings } from './profile.ts';

const dated = (subject: string, day: number) =>
  Buffer.from(`Subject: ${subject}\r\nDate: ${day} Nov 2026 00:00:00 +0000\r\n\r\n`);

describe('views', () => {
  it('a mailbox, all inboxes, what is flagged: newest first', () => {
    const bench = new Bench();
    const other = bench.store.addAccount(settings('pop3')).account;
    const second = bench.store.roleMailbox(other.id, 'inbox').mailbox.id;
    const archive = bench.role('archive').id;
    bench.take([
      incoming(1, dated('a', 3)),
      incoming(2, dated('b', 1), { flags: ['flagged'] }),
      incoming(3, dated('c', 3)),
    ]);
    bench.take([incoming(1, dated('d', 2), { flags: ['flagged'] })], {}, archive);
    bench.take([collected('x', dated('e', 2))], {}, second);
    const subjects = (view: MailboxView) => {
      const { ids, dates } = bench.store.order(view);
      expect([...dates]).toEqual([...dates].toSorted((a, b) => b - a));
      return bench.store.rows([...ids] as MessageKey[]).map((row) => row.subject);
    };
    expect(subjects({ kind: 'mailbox', mailbox: bench.inbox })).toEqual(['c', 'a', 'b']);
    expect(subjects({ kind: 'inboxes' })).toEqual(['c', 'a', 'e', 'b']);
    expect(subjects({ kind: 'flagged' })).toEqual(['d', 'b']);
    bench.store.remove([bench.ids()[2] as MessageKey]);
    expect(subjects({ kind: 'flagged' })).toEqual(['d']);
    expect(subjects({ kind: 'mailbox', mailbox: 999 as MailboxId })).toEqual([]);
  });

  it('mailboxes stand in the order in which their accounts were added', () => {
    const bench = new Bench();
    const added = [bench.account.id];
    // Ids are random: so many in their order by chance happens once in 40,000 runs.
    for (let count = 0; count < 7; count += 1)
      added.push(bench.store.addAccount(settings('pop3')).account.id);
    const { accounts, mailboxes } = bench.store.snapshot();
    expect(accounts.map((one) => one.id)).toEqual(added);
    expect([...new Set(mailboxes.map((one) => one.account))]).toEqual(added);
  });

  it('rows come in the order asked for; who is gone is left out', () => {
    const bench = new Bench();
    bench.take([1, 2, 3].map((uid) => incoming(uid, letter(`${uid}`))));
    const [c, b, a] = bench.ids() as [MessageKey, MessageKey, MessageKey];
    expect(bench.store.rows([a, 77 as MessageKey, c, b, a]).map((row) => row.id)).toEqual([a, c, b, a]);
    expect(bench.store.rows([])).toEqual([]);
  });

  it('what was never read for its snippet', () => {
    const bench = new Bench();
    bench.take([incoming(1, dated('old', 1)), incoming(2, dated('new', 2))]);
    const ids = bench.ids();
    expect(bench.store.undigested(1)).toEqual(ids.slice(0, 1));
    const delta = bench.store.digest(ids.map((id) => ({ id, snippet: 'words', attachments: 1 })));
    expect(delta.messages).toMatchObject([{ snippet: 'words', attachments: 1 }, { snippet: 'words' }]);
    expect(bench.store.undigested(10)).toEqual([]);
  });
});
