import type { AccountId, MessageKey } from '../../shared/model/ids.ts';
import type { CollectedUidl, VerifiedUidl } from '../app/ports-store.ts';
import type { Context } from './context.ts';
import type { Row } from './database.ts';
import { damageOf } from './verify.ts';

/** Bytes read back in one step, the last message apart: the reader thread has other things to do too. */
const BYTES = 8 * 1024 * 1024;

/** A letter of the account by its name; the one with bytes, where there are several. */
const HELD = `(SELECT coalesce(min(CASE WHEN m.segment IS NOT NULL THEN m.id END), min(m.id))
  FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE m.uidl = u.uidl AND b.account = u.account)`;

/** What a POP3 server was seen to hold, and what of it is here. */
export function collectedUidls({ db }: Context, account: AccountId): CollectedUidl[] {
  const collected = db.all(
    `SELECT u.uidl, u.due, u.collected, u.stays, u.listed, u.deleted, m.id, m.segment, m.raw_length
     FROM uidl u LEFT JOIN message m ON m.id = ${HELD} WHERE u.account = ?`,
    account,
  );
  const headers = db.all(
    `SELECT m.uidl, m.id, m.size AS listed FROM mailbox b JOIN message m INDEXED BY message_headed ON m.mailbox = b.id
     WHERE b.account = ? AND m.uidl IS NOT NULL AND m.segment IS NULL
       AND NOT EXISTS (SELECT 1 FROM uidl u WHERE u.account = b.account AND u.uidl = m.uidl)`,
    account,
  );
  return [...collected, ...headers].map(uidlRow);
}

function uidlRow(row: Row): CollectedUidl {
  const size = row['listed'] ?? row['raw_length'];
  const here = typeof row['id'] === 'number';
  return {
    uidl: String(row['uidl']),
    held: !here ? 'nothing' : typeof row['segment'] === 'number' ? 'whole' : 'header',
    due: row['due'] === 1,
    stays: row['stays'] === 1,
    ...(here ? { key: row['id'] as MessageKey } : {}),
    ...(typeof row['collected'] === 'number' ? { collected: row['collected'] } : {}),
    ...(typeof size === 'number' ? { size } : {}),
    ...(typeof row['deleted'] === 'number' && !here ? { deleted: row['deleted'] } : {}),
  };
}

/**
 * Reads back what is here of these from the disk and compares it with its SHA-256. Bounded in bytes: what is not among the
 * answers is asked for again.
 */
export function verifyUidls(context: Context, account: AccountId, uidls: string[]): VerifiedUidl[] {
  const verified: VerifiedUidl[] = [];
  let bytes = 0;
  for (const uidl of uidls) {
    if (bytes >= BYTES) break;
    const rows = context.db.all(
      `SELECT m.id, m.segment, m.raw_length FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE m.uidl = ? AND b.account = ?`,
      uidl,
      account,
    );
    const known = context.db.get('SELECT deleted FROM uidl WHERE account = ? AND uidl = ?', account, uidl);
    const whole = known !== undefined && rows.every((row) => row['segment'] !== null);
    const damaged = rows.flatMap((row) => {
      bytes += Number(row['raw_length'] ?? 0);
      return damageOf(context, Number(row['id'])) ?? [];
    });
    const gone = rows.length === 0 && typeof known?.['deleted'] === 'number';
    const sound = rows.length > 0 && whole && damaged.length === 0;
    verified.push({ uidl, state: gone ? 'deleted' : sound ? 'sound' : 'unsafe', damaged });
  }
  return verified;
}

/** Put down before the server is told: its answer may be lost, and what has the name next time may be another letter. */
export function beginRemoval({ db }: Context, account: AccountId, uidls: string[]): void {
  db.run(
    'UPDATE uidl SET due = 1 WHERE account = ? AND uidl IN (SELECT value FROM json_each(?))',
    account,
    JSON.stringify(uidls),
  );
}

export function forgetUidls({ db }: Context, account: AccountId, uidls: string[]): void {
  db.run(
    'DELETE FROM uidl WHERE account = ? AND uidl IN (SELECT value FROM json_each(?))',
    account,
    JSON.stringify(uidls),
  );
}
