import { Account } from '../../shared/model/account.ts';
import { Draft, OutboxItem } from '../../shared/model/draft.ts';
import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import { Keep, Mailbox } from '../../shared/model/mailbox.ts';
import { Keyword, type Address, type Flag, type MessageRow } from '../../shared/model/message.ts';
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

/** A server may name ten thousand: nobody reads them. */
const KEYWORDS = 100;

export function flagBits(flags: readonly Flag[]): number {
  return BITS.reduce((bits, [flag, bit]) => (flags.includes(flag) ? bits | bit : bits), 0);
}

export function flagsOf(bits: number): Flag[] {
  return BITS.filter(([, bit]) => (bits & bit) !== 0).map(([flag]) => flag);
}

/** How what is done in a mailbox `b` of an account `a` is told: `imap` to its server, else to nobody. */
export const MODE = `CASE WHEN b.local = 1 THEN 'local' ELSE a.settings ->> 'mode' END AS mode`;

export const MESSAGE_COLUMNS =
  'm.id, m.mailbox, b.account, m.uid, m.uidl, m.date, m.size, m.flags, m.keywords, m.message_id, m.subject, m.sender, m.recipients, m.snippet, m.attachments, m.segment';

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
    ...(row['keywords'] === '' ? {} : { keywords: keywordsOf(row['keywords']) }),
    stored: row['segment'] !== null,
    ...(row['snippet'] === null ? {} : { snippet: row['snippet'] as string }),
    ...(row['attachments'] === null ? {} : { attachments: row['attachments'] as number }),
    ...(row['uid'] === null ? {} : { uid: row['uid'] as number }),
    ...(row['uidl'] === null ? {} : { uidl: row['uidl'] as string }),
  };
}

export function mailboxOf(row: Row): Mailbox {
  const { delimiter, owner, rights, server_total: total, server_unread: unread } = row;
  const keep = keepOf(row['keep']);
  return Mailbox.parse({
    id: row['id'],
    account: row['account'],
    path: row['path'],
    name: row['name'],
    depth: row['depth'],
    role: row['role'],
    selectable: row['selectable'] === 1,
    total: row['total'],
    unread: row['unread'],
    ...(row['subscribed'] === 0 ? { subscribed: false } : {}),
    ...(row['excluded'] === 1 ? { excluded: true } : {}),
    ...(row['local'] === 1 ? { local: true } : {}),
    ...(delimiter === null ? {} : { delimiter }),
    ...(owner === null ? {} : { owner }),
    ...(rights === null ? {} : { rights }),
    ...(keep === undefined ? {} : { keep }),
    ...(total === null ? {} : { onServer: { total, unread } }),
  });
}

/** As the column has it: a word, or a number of days. */
function keepOf(kept: unknown): Keep | undefined {
  if (typeof kept !== 'string') return undefined;
  return Keep.safeParse(/^\d+$/u.test(kept) ? Number(kept) : kept).data;
}

export function keywordsOf(kept: unknown): string[] {
  return kept === '' ? [] : String(kept).split(' ');
}

/** Each once, in one order, so that equal sets are equal texts; what is no atom is left out. */
export function keywordText(keywords: readonly string[]): string {
  const fit = keywords.filter((one) => Keyword.safeParse(one).success);
  return [...new Set(fit)]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .slice(0, KEYWORDS)
    .join(' ');
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
