import type { Delta } from '../../shared/model/delta.ts';
import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { MailboxView } from '../../shared/model/mailbox.ts';
import type { MessageOrder, MessageRow } from '../../shared/model/message.ts';
import type { Digest, KnownMailbox, KnownMessage } from '../app/ports-engine.ts';
import type { ServerPlace } from '../app/ports-store.ts';
import { rowsOf } from './changes.ts';
import { change, type Context } from './context.ts';
import type { Row } from './database.ts';
import { flagsOf } from './rows.ts';
import { indexMessage } from './search/index-message.ts';

/** Two columns as JSON: a third of the time that a row at a time takes, with a million of them 0.6 s. */
const listed = (where: string) =>
  `SELECT json_group_array(id) AS ids, json_group_array(date) AS dates FROM (SELECT id, date FROM message ${where} ORDER BY date DESC, id DESC)`;
const OF_MAILBOX = listed('WHERE mailbox = ? AND hidden = 0');
const FLAGGED = listed('INDEXED BY message_flagged WHERE flags & 2 AND hidden = 0');

export function order({ db }: Context, view: MailboxView): MessageOrder {
  if (view.kind === 'mailbox') return orderOf(db.get(OF_MAILBOX, view.mailbox));
  if (view.kind === 'flagged') return orderOf(db.get(FLAGGED));
  // Each is in order in its index: to put them together is less than to sort them all.
  return db
    .all(`SELECT id FROM mailbox WHERE role = 'inbox'`)
    .map((row) => orderOf(db.get(OF_MAILBOX, row['id'])))
    .reduce(together, orderOf(undefined));
}

function orderOf(row: Row | undefined): MessageOrder {
  const column = (json: unknown) =>
    new Float64Array(typeof json === 'string' ? (JSON.parse(json) as number[]) : []);
  return { ids: column(row?.['ids']), dates: column(row?.['dates']) };
}

/** One order of two. */
function together(a: MessageOrder, b: MessageOrder): MessageOrder {
  if (a.ids.length === 0) return b;
  if (b.ids.length === 0) return a;
  const length = a.ids.length + b.ids.length;
  const both = { ids: new Float64Array(length), dates: new Float64Array(length) };
  for (let at = 0, i = 0, j = 0; at < length; at++) {
    const [dateA, dateB] = [a.dates[i] ?? -Infinity, b.dates[j] ?? -Infinity];
    const first = dateA > dateB || (dateA === dateB && (a.ids[i] ?? 0) > (b.ids[j] ?? 0));
    both.ids[at] = (first ? a.ids[i++] : b.ids[j++]) ?? 0;
    both.dates[at] = first ? dateA : dateB;
  }
  return both;
}

export function rows({ db }: Context, ids: MessageKey[]): MessageRow[] {
  return rowsOf(db, ids);
}

export function raw({ segments }: Context, id: MessageKey): Uint8Array | undefined {
  return segments.read(id);
}

export function newestKey({ db }: Context): number {
  return Number(db.get(`SELECT seq FROM sqlite_sequence WHERE name = 'message'`)?.['seq'] ?? 0);
}

/** How far a mailbox is known. After a rebuild the count is -1: it agrees with no server's, and all is compared. */
export function mark({ db }: Context, mailbox: MailboxId): Omit<KnownMailbox, 'messages'> {
  const row = db.get('SELECT uid_validity, highest_modseq, unsure FROM mailbox WHERE id = ?', mailbox);
  const count = db.get(
    'SELECT count(*) AS n, max(uid) AS top FROM message WHERE uid_mailbox = ? AND uid IS NOT NULL',
    mailbox,
  );
  return {
    cursor:
      row && row['uid_validity'] !== null
        ? {
            uidValidity: Number(row['uid_validity']),
            ...(typeof row['highest_modseq'] === 'string' ? { highestModseq: row['highest_modseq'] } : {}),
          }
        : undefined,
    count: row?.['unsure'] === 1 && count?.['n'] !== 0 ? -1 : Number(count?.['n'] ?? 0),
    maxUid: Number(count?.['top'] ?? 0),
  };
}

export function known({ db }: Context, mailbox: MailboxId): KnownMessage[] {
  return db
    .all('SELECT uid, flags FROM message WHERE uid_mailbox = ? AND uid IS NOT NULL', mailbox)
    .map((row) => ({ uid: Number(row['uid']), flags: flagsOf(Number(row['flags'])) }));
}

/** Newest first. @param bounds of the size, and ms since the epoch before which a message is of no interest */
export function bodiless(
  { db }: Context,
  mailbox: MailboxId,
  limit: number,
  { size = Number.MAX_SAFE_INTEGER, since = Number.MIN_SAFE_INTEGER }: { size?: number; since?: number } = {},
): { uid: number; size: number }[] {
  return db
    .all(
      'SELECT uid, size FROM message WHERE uid_mailbox = ? AND segment IS NULL AND uid IS NOT NULL AND size <= ? AND date >= ? ORDER BY uid DESC LIMIT ?',
      mailbox,
      size,
      since,
      limit,
    )
    .map((row) => ({ uid: Number(row['uid']), size: Number(row['size']) }));
}

/** Where messages are on their server; one that is not there (yet) is left out. */
export function places({ db }: Context, keys: MessageKey[]): ServerPlace[] {
  return db
    .all(
      `SELECT m.id, m.uid, m.uid_mailbox, b.path FROM json_each(?) j JOIN message m ON m.id = j.value JOIN mailbox b ON b.id = m.uid_mailbox WHERE m.uid IS NOT NULL`,
      JSON.stringify(keys),
    )
    .map((row) => ({
      key: row['id'] as MessageKey,
      mailbox: row['uid_mailbox'] as MailboxId,
      path: String(row['path']),
      uid: Number(row['uid']),
    }));
}

export function keysOf({ db }: Context, mailbox: MailboxId, uids: number[]): MessageKey[] {
  return db
    .all(
      'SELECT m.id FROM json_each(?) j JOIN message m ON m.uid_mailbox = ? AND m.uid = j.value WHERE m.hidden = 0',
      JSON.stringify(uids),
      mailbox,
    )
    .map((row) => row['id'] as MessageKey);
}

export function undigested({ db }: Context, limit: number): MessageKey[] {
  return db
    .all(
      'SELECT id FROM message INDEXED BY message_undigested WHERE segment IS NOT NULL AND (snippet IS NULL OR doc IS NULL) ORDER BY date DESC LIMIT ?',
      limit,
    )
    .map((row) => row['id'] as MessageKey);
}

/** What was read from messages, and their words into the search index. */
export function digest(context: Context, found: ({ id: MessageKey } & Digest)[]): Delta {
  return change(context, (changes) => {
    for (const one of found) {
      context.db.run(
        'UPDATE message SET snippet = ?, attachments = ? WHERE id = ?',
        one.snippet,
        one.attachments,
        one.id,
      );
      indexMessage(context.db, one.id, one.search);
      changes.message(one.id);
    }
  }).delta;
}
