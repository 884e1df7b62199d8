import { createHash } from 'node:crypto';
import { readEnvelope } from '../../shared/mail/envelope.ts';
import type { IncomingMessage } from '../app/ports-engine.ts';
import type { Context } from './context.ts';
import type { Database, Row } from './database.ts';
import { isSound } from './verify.ts';

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** What a POP3 server calls a message. One without UIDL: the bytes themselves say what we hold. */
export function uidlOf(one: IncomingMessage): string {
  return one.uidl || `sha256:${digestOf(one.bytes).toString('hex')}`;
}

/** Messages of the account that have this name. */
function named(db: Database, account: string, uidl: string): Row[] {
  return db.all(
    `SELECT m.id, m.mailbox, m.segment, m.sha256, m.message_id FROM message m JOIN mailbox b ON b.id = m.mailbox
     WHERE m.uidl = ? AND b.account = ? ORDER BY m.id`,
    uidl,
    account,
  );
}

/**
 * True when this message was collected before. One UIDL for two messages is a server's mistake that must not cost
 * one of them: what is here under that name has to be the same, or to have been deleted here.
 */
export function holdsUidl(context: Context, account: string, one: IncomingMessage): boolean {
  const uidl = uidlOf(one);
  const kept = named(context.db, account, uidl);
  const known = context.db.get('SELECT 1 FROM uidl WHERE account = ? AND uidl = ?', account, uidl);
  if (!one.whole) return known !== undefined || kept.length > 0;
  if (known && kept.length === 0) return true;
  const sha256 = digestOf(one.bytes);
  const same = kept.filter((row) => row['segment'] !== null && sha256.equals(row['sha256'] as Buffer));
  // A name that was forgotten: the server had it no more, and has it again; or the bytes here are damaged.
  return same.some((row) => known !== undefined || isSound(context, Number(row['id'])));
}

/**
 * The row that these bytes belong to: of a message of which only the header is here, or whose bytes are damaged.
 * Whoever comes by the same name with another Message-ID is another.
 */
export function rowToFill(db: Database, account: string, one: IncomingMessage): Row | undefined {
  if (!one.whole) return undefined;
  const { messageId } = readEnvelope(one.bytes);
  const sha256 = digestOf(one.bytes);
  return named(db, account, uidlOf(one)).find((row) =>
    row['segment'] === null ? row['message_id'] === messageId : sha256.equals(row['sha256'] as Buffer),
  );
}

/**
 * A letter with these very bytes that came from nowhere: out of a file, or built again from bytes that a crash left before
 * the index knew of them. What a server has under any name is the same letter.
 */
export function orphan(db: Database, account: string, bytes: Uint8Array): number | undefined {
  const { messageId } = readEnvelope(bytes);
  const of =
    messageId === '' ? `m.message_id = '' AND m.size = ?` : `m.message_id = ? AND m.message_id <> ''`;
  const found = db.get(
    `SELECT m.id FROM mailbox b JOIN message m ON m.mailbox = b.id
     WHERE ${of} AND m.uidl IS NULL AND m.sha256 = ? AND m.hidden = 0 AND b.account = ? AND b.role <> 'outbox' ORDER BY m.id LIMIT 1`,
    messageId === '' ? bytes.length : messageId,
    digestOf(bytes),
    account,
  );
  return found && Number(found['id']);
}

/**
 * A letter with these very bytes whose name the server has no more: it goes by another now, as those of a server without
 * lasting names do. Two letters with the same bytes that are both listed stay two.
 * @param lost names that are listed no more, or for several messages; nothing is renamed where there are none to know
 */
export function renamed(
  context: Context,
  account: string,
  one: IncomingMessage,
  lost: ReadonlySet<string> | undefined,
): { id: number; uidl: string } | undefined {
  if (!lost) return undefined;
  const { messageId } = readEnvelope(one.bytes);
  const of =
    messageId === '' ? `m.message_id = '' AND m.size = ?` : `m.message_id = ? AND m.message_id <> ''`;
  const found = context.db.all(
    `SELECT m.id, m.uidl, u.uidl IS NULL AS forgotten FROM mailbox b JOIN message m ON m.mailbox = b.id
     LEFT JOIN uidl u ON u.account = b.account AND u.uidl = m.uidl
     WHERE ${of} AND m.uidl IS NOT NULL AND m.segment IS NOT NULL AND m.sha256 = ? AND b.account = ? ORDER BY m.id`,
    messageId === '' ? one.bytes.length : messageId,
    digestOf(one.bytes),
    account,
  );
  const row = found.find(
    ({ id, uidl, forgotten }) =>
      (lost.has(String(uidl)) || (forgotten === 1 && messageId !== '')) && isSound(context, Number(id)),
  );
  return row && { id: Number(row['id']), uidl: String(row['uidl']) };
}

/** It is here already: from now on the orphan or what was renamed, if there is one, is what the server has under this name. */
export function adopt(
  context: Context,
  account: string,
  one: IncomingMessage,
  lost: ReadonlySet<string> | undefined,
): void {
  const { db } = context;
  const uidl = uidlOf(one);
  if (!db.get('SELECT 1 FROM uidl WHERE account = ? AND uidl = ?', account, uidl)) {
    const found = orphan(db, account, one.bytes);
    const old = found === undefined ? renamed(context, account, one, lost) : undefined;
    const id = found ?? old?.id;
    if (id !== undefined) db.run('UPDATE message SET uidl = ? WHERE id = ?', uidl, id);
    // A name that stands for nothing here would hide the next letter that gets it.
    if (old && named(db, account, old.uidl).length === 0)
      db.run('DELETE FROM uidl WHERE account = ? AND uidl = ?', account, old.uidl);
  }
  db.run(
    `INSERT INTO uidl (account, uidl, due, collected, stays, listed) VALUES (?, ?, 0, ?, ?, ?)
     ON CONFLICT (account, uidl) DO UPDATE SET listed = coalesce(excluded.listed, listed)`,
    account,
    uidl,
    collectedAt(one),
    one.stays ? 1 : 0,
    one.listed ?? null,
  );
}

/** It came now. Of two that have one name the later counts: both are here. */
export function noteCollected(db: Database, account: string, one: IncomingMessage): void {
  db.run(
    `INSERT INTO uidl (account, uidl, due, collected, stays, listed) VALUES (?, ?, 0, ?, ?, ?)
     ON CONFLICT (account, uidl) DO UPDATE SET due = 0, collected = excluded.collected, stays = max(stays, excluded.stays),
       listed = excluded.listed, deleted = NULL`,
    account,
    uidlOf(one),
    collectedAt(one),
    one.stays ? 1 : 0,
    one.listed ?? null,
  );
}

function collectedAt({ received }: IncomingMessage): number {
  return Number.isFinite(received) ? Math.round(received) : Date.now();
}
