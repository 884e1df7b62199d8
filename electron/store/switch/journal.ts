import type { Mode } from '../../../shared/model/account.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { LastSwitch } from '../../../shared/model/switch.ts';
import type { Context } from '../context.ts';
import type { Database, Row } from '../database.ts';

/**
 * Writes down how an account's mailboxes and messages are before its mode changes; what was kept of an earlier change is
 * forgotten. Runs inside a transaction. @returns the change's number
 */
export function journal(db: Database, account: AccountId, from: Mode, to: Mode): number {
  db.run('DELETE FROM mode_switch WHERE account = ?', account);
  const { id } = db.run(
    `INSERT INTO mode_switch (account, from_mode, to_mode, made, horizon) VALUES (?, ?, ?, ?, '{}')`,
    account,
    from,
    to,
    Date.now(),
  );
  db.run(
    `INSERT INTO switch_mailbox (switch, mailbox, path, name, depth, role, selectable, local, delimiter, uid_validity, highest_modseq, owner)
     SELECT ?, id, path, name, depth, role, selectable, local, delimiter, uid_validity, highest_modseq, owner FROM mailbox WHERE account = ?`,
    id,
    account,
  );
  db.run(
    `INSERT INTO switch_message (switch, message, mailbox, uid_mailbox, uid, uidl, flags, keywords)
     SELECT ?, m.id, m.mailbox, m.uid_mailbox, m.uid, m.uidl, m.flags, m.keywords
     FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE b.account = ? AND b.role <> 'outbox'`,
    id,
    account,
  );
  return id;
}

/** A row that the change made, of the bytes of another. */
export function journalMade(db: Database, id: number, message: number, of: number): void {
  db.run(
    `INSERT INTO switch_message (switch, message, mailbox, flags, keywords, of) SELECT ?, id, mailbox, flags, keywords, ? FROM message WHERE id = ?`,
    id,
    of,
    message,
  );
}

/** The rows that the account's last change made. */
export function madeRows(db: Database, account: AccountId, to: Mode): Row[] {
  return db.all(
    `SELECT s.message, s.of FROM switch_message s JOIN mode_switch w ON w.id = s.switch
     WHERE w.account = ? AND w.to_mode = ? AND s.of IS NOT NULL`,
    account,
    to,
  );
}

/** The last change of mode of an account, as long as it can be undone. */
export function lastSwitch({ db }: Context, account: AccountId): LastSwitch | undefined {
  const row = db.get('SELECT from_mode, to_mode, made FROM mode_switch WHERE account = ?', account);
  return row && LastSwitch.parse({ from: row['from_mode'], to: row['to_mode'], made: row['made'] });
}
