import type { Delta } from '../../shared/model/delta.ts';
import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Flag } from '../../shared/model/message.ts';
import type { Changes } from './changes.ts';
import { change, type Context } from './context.ts';
import type { Database, Row } from './database.ts';
import { remember } from './deeds.ts';
import { queue } from './operations.ts';
import { Refused } from './refused.ts';
import { flagBits, keywordsOf, keywordText, MODE } from './rows.ts';

const HEADER_ONLY =
  'only the header of this message is here: open it once, then it can be kept on this computer';

/** Changes flags here at once and writes down what the server has to be told, in one transaction. */
export function flag(context: Context, ids: MessageKey[], set: Flag[], clear: Flag[]): Delta {
  return change(context, (changes) => {
    const touched = putFlags(context.db, changes, selected(context.db, ids), set, clear);
    const deed = remember(context.db, { kind: 'flag', set, clear }, touched);
    queue(context.db, changes, touched, { kind: 'flag', set, clear }, deed);
  }).delta;
}

/** Tags, like flags. */
export function tag(context: Context, ids: MessageKey[], add: string[], remove: string[]): Delta {
  return change(context, (changes) => {
    const touched = putKeywords(context.db, changes, selected(context.db, ids), add, remove);
    const deed = remember(context.db, { kind: 'flag', tag: add, untag: remove }, touched);
    queue(context.db, changes, touched, { kind: 'flag', set: [], clear: [], tag: add, untag: remove }, deed);
  }).delta;
}

export function move(context: Context, ids: MessageKey[], to: MailboxId): Delta {
  return change(context, (changes) => {
    const touched = putInto(context.db, changes, selected(context.db, ids), to);
    const deed = remember(context.db, { kind: 'move', to }, touched);
    queueMove(context.db, changes, touched, to, deed);
  }).delta;
}

/**
 * What servers have to be told when these are in another mailbox now: between a server's mailboxes they are moved, out of a
 * folder of this computer they are put there, into one of these they are taken from there: their bytes are here. Runs inside
 * a transaction. @param rows as they were
 */
export function queueMove(db: Database, changes: Changes, rows: Row[], to: MailboxId, deed?: number): void {
  const told = targetOf(db, to)?.['mode'] === 'imap';
  const [remote, local] = [
    rows.filter((row) => row['mode'] === 'imap'),
    rows.filter((row) => row['mode'] === 'local'),
  ];
  if (told) {
    queue(db, changes, remote, { kind: 'move', to }, deed);
    for (const row of local) queue(db, changes, [{ ...row, mode: 'imap' }], { kind: 'append' }, deed);
  } else queue(db, changes, remote, { kind: 'remove' }, deed);
}

/** Copies within an account. A copy shares the bytes of what it was made from: nothing is stored twice. */
export function copy(context: Context, ids: MessageKey[], to: MailboxId): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const target = targetOf(db, to);
    const touched = selected(db, ids).filter((row) => row['account'] === target?.['account']);
    const copies = touched.map((row) => {
      if (target?.['mode'] === 'local' && row['segment'] === null) throw new Refused(HEADER_ONLY);
      const { id } = db.run(
        `INSERT INTO message (mailbox, date, size, flags, keywords, message_id, in_reply_to, reference_ids, subject, sender, recipients, cc, snippet, attachments, segment, offset, length, raw_length, sha256, email_id)
         SELECT ?, date, size, flags, keywords, message_id, in_reply_to, reference_ids, subject, sender, recipients, cc, snippet, attachments, segment, offset, length, raw_length, sha256, email_id
         FROM message WHERE id = ?`,
        to,
        row['id'],
      );
      changes.message(id, Number(to));
      return { ...row, id, mailbox: to, mode: target?.['mode'] };
    });
    const deed = remember(db, { kind: 'copy', to }, copies);
    const from = touched.map((row) => row['id'] as MessageKey);
    queue(db, changes, copies, { kind: 'copy', from, to }, deed);
  }).delta;
}

export function remove(context: Context, ids: MessageKey[]): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const touched = selected(db, ids);
    for (const row of touched) hide(db, changes, row);
    const deed = remember(db, { kind: 'remove' }, touched);
    queue(db, changes, touched, { kind: 'remove' }, deed);
  }).delta;
}

/** Runs inside a transaction, as the others below. @returns the rows that changed */
export function putFlags(db: Database, changes: Changes, rows: Row[], set: Flag[], clear: Flag[]): Row[] {
  return rows.filter((row) => {
    const bits = (Number(row['flags']) | flagBits(set)) & ~flagBits(clear);
    if (bits === row['flags']) return false;
    db.run('UPDATE message SET flags = ? WHERE id = ?', bits, row['id']);
    changes.message(Number(row['id']), Number(row['mailbox']));
    return true;
  });
}

export function putKeywords(
  db: Database,
  changes: Changes,
  rows: Row[],
  add: string[],
  remove: string[],
): Row[] {
  return rows.filter((row) => {
    const kept = keywordsOf(row['keywords']).filter((one) => !remove.includes(one));
    const text = keywordText([...kept, ...add]);
    if (text === row['keywords']) return false;
    db.run('UPDATE message SET keywords = ? WHERE id = ?', text, row['id']);
    changes.message(Number(row['id']), Number(row['mailbox']));
    return true;
  });
}

/** Mail stays within its account: what another server has to hold is put there as a message of its own. */
export function putInto(db: Database, changes: Changes, rows: Row[], to: MailboxId): Row[] {
  const target = targetOf(db, to);
  return rows.filter((row) => {
    if (row['account'] !== target?.['account'] || row['mailbox'] === to) return false;
    // The server will be told that it is not to have it any more.
    if (target?.['mode'] === 'local' && row['segment'] === null) throw new Refused(HEADER_ONLY);
    db.run('UPDATE message SET mailbox = ? WHERE id = ?', to, row['id']);
    changes.message(Number(row['id']), Number(row['mailbox']), to);
    return true;
  });
}

function targetOf(db: Database, mailbox: MailboxId): Row | undefined {
  return db.get(
    `SELECT b.account, ${MODE} FROM mailbox b JOIN account a ON a.id = b.account WHERE b.id = ? AND b.selectable = 1`,
    mailbox,
  );
}

/** Out of sight at once. Where a server holds it too, the row stays until the server has confirmed. */
function hide(db: Database, changes: Changes, row: Row): void {
  const id = Number(row['id']);
  if (row['mode'] === 'imap') db.run('UPDATE message SET hidden = 1 WHERE id = ?', id);
  else db.run('DELETE FROM message WHERE id = ?', id);
  changes.messageGone(id, Number(row['mailbox']));
}

/** Messages that somebody sees and that are not being sent, with what an intent asks of them. */
export function selected(db: Database, ids: readonly number[]): Row[] {
  return db.all(
    `SELECT m.id, m.mailbox, m.flags, m.keywords, m.segment, b.account, ${MODE}
     FROM json_each(?) j JOIN message m ON m.id = j.value JOIN mailbox b ON b.id = m.mailbox JOIN account a ON a.id = b.account
     WHERE m.hidden = 0 AND b.role <> 'outbox'`,
    JSON.stringify([...new Set(ids)]),
  );
}
