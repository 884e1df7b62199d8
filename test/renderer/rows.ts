import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { MessageOrder, MessageRow } from '../../shared/model/message.ts';

/** A row with only what a test is about. */
export function row(id: number, date: number, change: Partial<MessageRow> = {}): MessageRow {
  return {
    id: id as MessageKey,
    account: 'a' as AccountId,
    mailbox: 1 as MailboxId,
    messageId: '',
    subject: '',
    from: [],
    to: [],
    date,
    size: 0,
    flags: [],
    stored: true,
    ...change,
  };
}

/** An order from pairs of id and date. */
export function order(...pairs: readonly (readonly [id: number, date: number])[]): MessageOrder {
  return {
    ids: Float64Array.from(pairs, ([id]) => id),
    dates: Float64Array.from(pairs, ([, date]) => date),
  };
}

/** A mailbox with only what a test is about. */
export function mailbox(id: number, role: Mailbox['role'] = 'none'): Mailbox {
  return {
    id: id as MailboxId,
    account: 'a' as AccountId,
    path: `box${id}`,
    name: `box${id}`,
    depth: 0,
    role,
    selectable: true,
    total: 0,
    unread: 0,
  };
}
