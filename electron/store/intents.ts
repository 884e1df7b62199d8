import type { Delta } from '../../shared/model/delta.ts';
import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Flag } from '../../shared/model/message.ts';
import type { Operation } from '../app/ports-store.ts';
import type { Changes } from './changes.ts';
import { change, type Context } from './context.ts';
import type { Database, Row } from './database.ts';
import { flagBits } from './rows.ts';

type Detail = Operation extends infer O
  ? O extends Operation
    ? Omit<O, 'id' | 'account' | 'attempts' | 'keys'>
    : never
  : never;

/** Changes flags here at once and writes down what the server has to be told, in one transaction. */
export function flag(context: Context, ids: MessageKey[], set: Flag[], clear: Flag[]): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const touched = selected(db, ids).filter((row) => {
      const bits = (Number(row['flags']) | flagBits(set)) & ~flagBits(clear);
      if (bits === row['flags']) return false;
      db.run('UPDATE message SET flags = ? WHERE id = ?', bits, row['id']);
      changes.message(Number(row['id']), Number(row['mailbox']));
      return true;
    });
    queue(db, touched, { kind: 'flag', set, clear });
  }).delta;
}

export function move(context: Context, ids: MessageKey[], to: MailboxId): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const target = db.get('SELECT account FROM mailbox WHERE id = ?', to);
    // Mail stays within its account: copying it to another server is an operation of its own.
    const touched = selected(db, ids).filter(
      (row) => row['account'] === target?.['account'] && row['mailbox'] !== to,
    );
    for (const row of touched) {
      db.run('UPDATE message SET mailbox = ? WHERE id = ?', to, row['id']);
      changes.message(Number(row['id']), Number(row['mailbox']), to);
    }
    queue(db, touched, { kind: 'move', to });
  }).delta;
}

export function remove(context: Context, ids: MessageKey[]): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const touched = selected(db, ids);
    for (const row of touched) hide(db, changes, row);
    queue(db, touched, { kind: 'remove' });
  }).delta;
}

/** Out of sight at once. Where a server holds it too, the row stays until the server has confirmed. */
function hide(db: Database, changes: Changes, row: Row): void {
  const id = Number(row['id']);
  if (row['mode'] === 'imap') db.run('UPDATE message SET hidden = 1 WHERE id = ?', id);
  else db.run('DELETE FROM message WHERE id = ?', id);
  changes.messageGone(id, Number(row['mailbox']));
}

function selected(db: Database, ids: MessageKey[]): Row[] {
  return db.all(
    `SELECT m.id, m.mailbox, m.flags, b.account, a.settings ->> 'mode' AS mode
     FROM json_each(?) j JOIN message m ON m.id = j.value JOIN mailbox b ON b.id = m.mailbox JOIN account a ON a.id = b.account
     WHERE m.hidden = 0 AND b.role <> 'outbox'`,
    JSON.stringify([...new Set(ids)]),
  );
}

/** One operation an account; accounts whose mail lives here have nobody to tell. */
export function queue(db: Database, rows: Row[], detail: Detail): void {
  const told = rows.filter((row) => row['mode'] === 'imap');
  for (const account of new Set(told.map((row) => String(row['account'])))) {
    const group = told.filter((row) => row['account'] === account);
    const { kind, ...rest } = detail;
    const { id } = db.run(
      'INSERT INTO operation (account, kind, detail) VALUES (?, ?, ?)',
      account,
      kind,
      JSON.stringify(rest),
    );
    for (const row of group)
      db.run('INSERT INTO operation_message (operation, message) VALUES (?, ?)', id, row['id']);
  }
}

/** What waits for an account's server, in the order in which the person did it. */
export function operations({ db }: Context, account: AccountId): Operation[] {
  return db.all('SELECT * FROM operation WHERE account = ? ORDER BY id', account).map((row) => {
    const keys = db
      .all('SELECT message FROM operation_message WHERE operation = ? ORDER BY message', row['id'])
      .map((one) => one['message'] as MessageKey);
    const detail = JSON.parse(String(row['detail'])) as object;
    return {
      id: row['id'],
      account,
      attempts: row['attempts'],
      kind: row['kind'],
      keys,
      ...detail,
    } as Operation;
  });
}

/** Remembered across a crash: what was begun may be done. */
export function beginOperation({ db }: Context, id: number): void {
  db.run(`UPDATE operation SET detail = json_set(detail, '$.begun', json('true')) WHERE id = ?`, id);
}

/** @param moved where messages are on the server now; a UID that is not told is learnt at the next sync */
export function finishOperation(
  context: Context,
  id: number,
  moved: { key: MessageKey; mailbox: MailboxId; uid?: number }[],
): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const operation = db.get('SELECT kind FROM operation WHERE id = ?', id);
    if (operation?.['kind'] === 'remove') {
      for (const row of db.all('SELECT message FROM operation_message WHERE operation = ?', id)) {
        db.run('DELETE FROM message WHERE id = ? AND hidden = 1', row['message']);
      }
    }
    db.run('DELETE FROM operation WHERE id = ?', id);
    for (const { key, mailbox, uid } of moved) {
      if (uid !== undefined) {
        // The sync of the target may have met the new UID first and made a row of its own.
        const twin = db.get(
          'SELECT id, mailbox FROM message WHERE uid_mailbox = ? AND uid = ? AND id <> ?',
          mailbox,
          uid,
          key,
        );
        if (twin) {
          db.run('DELETE FROM message WHERE id = ?', twin['id']);
          changes.messageGone(Number(twin['id']), Number(twin['mailbox']));
        }
      }
      db.run(
        'UPDATE message SET uid_mailbox = ?, uid = ? WHERE id = ?',
        uid === undefined ? null : mailbox,
        uid ?? null,
        key,
      );
      changes.message(key);
    }
  }).delta;
}

/** After this many refusals the server's word stands. */
const ATTEMPTS = 5;

/** Kept for another try, with what the server said; in the end it is undone here, and what the server has counts. */
export function failOperation(context: Context, id: number, detail: string): Delta {
  const { db } = context;
  return change(context, (changes) => {
    db.run('UPDATE operation SET attempts = attempts + 1, error = ? WHERE id = ?', detail, id);
    const given = db.get('SELECT kind, attempts FROM operation WHERE id = ?', id);
    if (!given || Number(given['attempts']) < ATTEMPTS) return;
    // A flag is corrected by the next sync; where a message lies and whether it is seen is not the flag's business.
    const undo =
      given['kind'] === 'move'
        ? 'UPDATE message SET mailbox = uid_mailbox WHERE id = ?'
        : given['kind'] === 'remove'
          ? 'UPDATE message SET mailbox = uid_mailbox, hidden = 0 WHERE id = ?'
          : undefined;
    const rows = db.all(
      'SELECT m.id, m.mailbox, m.uid_mailbox FROM operation_message o JOIN message m ON m.id = o.message WHERE o.operation = ? AND m.uid IS NOT NULL',
      id,
    );
    for (const row of rows) {
      if (undo === undefined) break;
      db.run(undo, row['id']);
      changes.message(Number(row['id']), Number(row['mailbox']), Number(row['uid_mailbox']));
    }
    db.run('DELETE FROM operation WHERE id = ?', id);
  }).delta;
}
