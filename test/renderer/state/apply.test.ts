import { describe, expect, it } from 'vitest';
import type { AccountId, MailboxId, MessageKey } from '../../../shared/model/ids.ts';
import { apply, type Data } from '../../../renderer/state/apply.ts';
import { mailbox, order, row } from '../rows.ts';

const key = (id: number) => id as MessageKey;

const data = (change: Partial<Data> = {}): Data => ({
  accounts: [],
  mailboxes: [mailbox(1, 'inbox'), mailbox(2)],
  drafts: [],
  outbox: [],
  waiting: [],
  view: { kind: 'inboxes' },
  order: order([5, 50], [4, 40], [3, 30]),
  rows: new Map([5, 4, 3].map((id) => [key(id), row(id, id * 10)])),
  selected: new Set([key(4)]),
  cursor: key(4),
  ...change,
});

describe('apply', () => {
  it('lets new mail in without touching the selection', () => {
    const next = apply(data(), { messages: [row(6, 60)] });
    expect([...(next.order?.ids ?? [])]).toEqual([6, 5, 4, 3]);
    expect(next.selected).toEqual(new Set([4]));
    expect(next.cursor).toBe(4);
  });

  it('ignores mail of other mailboxes but keeps the row', () => {
    const before = data();
    const next = apply(before, { messages: [row(7, 70, { mailbox: 2 as MailboxId })] });
    expect(next.order).toBe(before.order);
    expect(next.rows.has(key(7))).toBe(true);
  });

  it('lets a moved message leave, and the cursor fall on the one in its place', () => {
    const next = apply(data(), { messages: [row(4, 40, { mailbox: 2 as MailboxId })] });
    expect([...(next.order?.ids ?? [])]).toEqual([5, 3]);
    expect(next.selected.size).toBe(0);
    expect(next.cursor).toBe(3);
  });

  it('takes a row out of the flagged when its flag goes', () => {
    const next = apply(data({ view: { kind: 'flagged' } }), { messages: [row(5, 50)] });
    expect([...(next.order?.ids ?? [])]).toEqual([4, 3]);
  });

  it('leaves a mailbox that is gone for all inboxes', () => {
    const next = apply(data({ view: { kind: 'mailbox', mailbox: 2 as MailboxId } }), {
      mailboxesRemoved: [2 as MailboxId],
    });
    expect(next.view).toEqual({ kind: 'inboxes' });
    expect(next.order).toBeNull();
  });

  it('drops the mailboxes of an account that is removed', () => {
    const next = apply(data(), { accountsRemoved: ['a' as AccountId] });
    expect(next.mailboxes).toEqual([]);
  });

  it('changes a mailbox in its place and adds a new one at the end', () => {
    const changed = { ...mailbox(1, 'inbox'), unread: 7 };
    const next = apply(data(), { mailboxes: [mailbox(3), changed] });
    expect(next.mailboxes.map((box) => [box.id, box.unread])).toEqual([
      [1, 7],
      [2, 0],
      [3, 0],
    ]);
  });

  it('does the same twice as once, since an order may already hold what a delta says', () => {
    const delta = { messages: [row(6, 60)], messagesRemoved: [key(3)] };
    const once = apply(data(), delta);
    expect([...(apply(once, delta).order?.ids ?? [])]).toEqual([...(once.order?.ids ?? [])]);
  });
});
