import { Account } from '../../shared/model/account.ts';
import { Draft, OutboxItem } from '../../shared/model/draft.ts';
import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import { Mailbox } from '../../shared/model/mailbox.ts';
import type { Address, Flag, MessageRow } from '../../shared/model/message.ts';
import type { Row } from './database.ts';

/** Bit of each flag in `message.flags`; the order is part of the file format. */
const BITS: [Flag, number][] = [
  ['seen', 1],
  ['flagged', 2],
  ['answered', 4],
  ['draft', 8],
  ['deleted', 16],
  ['forwarded', 32],
];

export function flagBits(flags: readonly Flag[]): number {
  return BITS.reduce((bits, [flag, bit]) => (flags.includes(flag) ? bits | bit : bits), 0);
}

export function flagsOf(bits: number): Flag[] {
  return BITS.filter(([, bit]) => (bits & bit) !== 0).map(([flag]) => flag);
}

export const MESSAGE_COLUMNS =
  'm.id, m.mailbox, b.account, m.uid, m.uidl, m.date, m.size, m.flags, m.message_id, m.subject, m.sender, m.recipients, m.snippet, m.attachments, m.segment';

/** A row of `SELECT MESSAGE_COLUMNS FROM message m JOIN mailbox b`. Made by our own writer, so it is not checked again. */
export function messageRow(row: Row): MessageRow {
  return {
    id: row['id'] as MessageKey,
    account: row['account'] as AccountId,
    mailbox: row['mailbox'] as MailboxId,
    messageId: row['message_id'] as string,
    subject: row['subject'] as string,
    from: JSON.parse(row['sender'] as string) as Address[],
    to: JSON.parse(row['recipients'] as string) as Address[],
    date: row['date'] as number,
    size: row['size'] as number,
    flags: flagsOf(row['flags'] as number),
    stored: row['segment'] !== null,
    ...(row['snippet'] === null ? {} : { snippet: row['snippet'] as string }),
    ...(row['attachments'] === null ? {} : { attachments: row['attachments'] as number }),
    ...(row['uid'] === null ? {} : { uid: row['uid'] as number }),
    ...(row['uidl'] === null ? {} : { uidl: row['uidl'] as string }),
  };
}

export function mailboxOf(row: Row): Mailbox {
  return Mailbox.parse({ ...row, selectable: row['selectable'] === 1 });
}

export function accountOf(row: Row): Account {
  return Account.parse({ ...(JSON.parse(String(row['settings'])) as object), id: row['id'] });
}

export function draftOf(row: Row, attachments: Row[]): Draft {
  return Draft.parse({
    ...(JSON.parse(String(row['content'])) as object),
    id: row['id'],
    account: row['account'],
    updated: row['updated'],
    attachments,
  });
}

export function outboxItemOf(row: Row): OutboxItem {
  const envelope = JSON.parse(String(row['envelope'])) as { to: string[] };
  return OutboxItem.parse({
    message: row['message'],
    account: row['account'],
    subject: row['subject'],
    recipients: envelope.to,
    state: row['state'],
    attempts: row['attempts'],
    queued: row['queued'],
    ...(typeof row['failure'] === 'string' ? { failure: JSON.parse(row['failure']) as unknown } : {}),
    ...(row['next_try'] === null ? {} : { nextTry: row['next_try'] }),
  });
}
