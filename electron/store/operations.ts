import type { Delta } from '../../shared/model/delta.ts';
import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Operation } from '../app/ports-store.ts';
import type { Changes } from './changes.ts';
import { change, type Context } from './context.ts';
import type { Database, Row } from './database.ts';
import { Refused } from './refused.ts';
import { text } from './text.ts';
import { restore } from './restore.ts';

type Detail = Operation extends infer O
  ? O extends Operation
    ? Omit<O, 'id' | 'account' | 'attempts' | 'begun' | 'keys'>
    : never
  : never;

/**
 * Writes down what servers have to be told, inside a transaction: one operation an account; accounts whose mail lives here
 * have nobody to tell.
 * @param rows messages, with their account and its mode
 * @param deed what it belongs to
 */
export function queue(db: Database, changes: Changes, rows: Row[], detail: Detail, deed?: number): void {
  const told = rows.map((row, at) => ({ row, at })).filter(({ row }) => row['mode'] === 'imap');
  for (const account of new Set(told.map(({ row }) => String(row['account'])))) {
    const group = told.filter(({ row }) => row['account'] === account);
    const mine =
      detail.kind === 'copy' ? { ...detail, from: group.map(({ at }) => detail.from[at]) } : detail;
    const id = put(db, account, mine, deed);
    // In the order given: a copy stands where its original stands.
    for (const { row } of group)
      db.run('INSERT INTO operation_message (operation, message) VALUES (?, ?)', id, row['id']);
  }
  if (told.length > 0) changes.waiting();
}

/** What concerns a mailbox and no message. Runs inside a transaction. */
export function queueMailbox(
  db: Database,
  changes: Changes,
  account: string,
  detail: Detail,
  deed?: number,
): void {
  put(db, account, detail, deed);
  changes.waiting();
}

function put(
  db: Database,
  account: string,
  { kind, ...rest }: { kind: string },
  deed: number | undefined,
): number {
  return db.run(
    'INSERT INTO operation (account, kind, detail, made, deed) VALUES (?, ?, ?, ?, ?)',
    account,
    kind,
    JSON.stringify(rest),
    Date.now(),
    deed ?? null,
  ).id;
}

/** What waits for an account's server, in the order in which the person did it. */
export function operations({ db }: Context, account: AccountId): Operation[] {
  return db
    .all('SELECT * FROM operation WHERE account = ? ORDER BY id', account)
    .map((row) => operationOf(db, row));
}

/** All that waits, or what waits for one account, oldest first, with when it was done and what the server said last. */
export function waitingOperations(
  { db }: Context,
  limit: number,
  account?: AccountId,
): { operation: Operation; made: number; subject: string }[] {
  return db
    .all(
      `SELECT o.*, (SELECT subject FROM operation_message w JOIN message m ON m.id = w.message WHERE w.operation = o.id LIMIT 1) AS subject
       FROM operation o WHERE account LIKE ? ORDER BY id LIMIT ?`,
      account ?? '%',
      limit,
    )
    .map((row) => ({
      operation: operationOf(db, row),
      made: Number(row['made']),
      subject: text(row['subject']) ?? '',
    }));
}

function operationOf(db: Database, row: Row): Operation {
  const keys = db
    .all('SELECT message FROM operation_message WHERE operation = ? ORDER BY message', row['id'])
    .map((one) => one['message'] as MessageKey);
  const detail = JSON.parse(String(row['detail'])) as object;
  const { id, account, attempts, kind } = row;
  const refusal = text(row['error']);
  return {
    id,
    account,
    attempts,
    kind,
    keys,
    ...detail,
    ...(refusal === undefined ? {} : { refusal }),
  } as Operation;
}

export function waits({ db }: Context, id: number): boolean {
  return db.get('SELECT 1 FROM operation WHERE id = ?', id) !== undefined;
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
    const operation = db.get('SELECT kind, account, detail FROM operation WHERE id = ?', id);
    if (operation?.['kind'] === 'remove') {
      for (const row of db.all('SELECT message FROM operation_message WHERE operation = ?', id)) {
        db.run('DELETE FROM message WHERE id = ? AND hidden = 1', row['message']);
        // Kept in a folder of this computer.
        db.run('UPDATE message SET uid = NULL, uid_mailbox = NULL WHERE id = ?', row['message']);
      }
    } else if (operation?.['kind'] === 'delete') dropMailbox(db, operation);
    const keys = db
      .all('SELECT message FROM operation_message WHERE operation = ?', id)
      .map((row) => Number(row['message']));
    db.run('DELETE FROM operation WHERE id = ?', id);
    changes.waiting();
    for (const one of moved) settle(db, changes, one);
    // Where it is now the server did not say, or somebody else had taken it away before.
    if (operation?.['kind'] === 'move')
      db.run(
        'UPDATE message SET sought = 0 WHERE uid IS NULL AND id IN (SELECT value FROM json_each(?))',
        JSON.stringify(keys),
      );
  }).delta;
}

/** A message has its place on the server. */
function settle(
  db: Database,
  changes: Changes,
  { key, mailbox, uid }: { key: MessageKey; mailbox: MailboxId; uid?: number },
): void {
  if (uid !== undefined) {
    // The sync of the target may have met the new UID first and made a row of its own.
    const twin = db.get(
      'SELECT id, mailbox, flags, keywords FROM message WHERE uid_mailbox = ? AND uid = ? AND id <> ?',
      mailbox,
      uid,
      key,
    );
    if (twin) {
      db.run('DELETE FROM message WHERE id = ?', twin['id']);
      changes.messageGone(Number(twin['id']), Number(twin['mailbox']));
      // What the server said of it last; but for what it has not heard yet.
      db.run(
        `UPDATE message SET flags = ?, keywords = ? WHERE id = ? AND NOT EXISTS
          (SELECT 1 FROM operation_message w JOIN operation o ON o.id = w.operation WHERE w.message = message.id AND o.kind = 'flag')`,
        twin['flags'],
        twin['keywords'],
        key,
      );
    }
  }
  db.run(
    'UPDATE message SET uid_mailbox = ?, uid = ?, sought = NULL WHERE id = ?',
    uid === undefined ? null : mailbox,
    uid ?? null,
    key,
  );
  changes.message(key);
}

/** The server has it no more. What the person moved out of it meanwhile has no place there any more. */
function dropMailbox(db: Database, operation: Row): void {
  const { path } = JSON.parse(String(operation['detail'])) as { path: string };
  const row = db.get('SELECT id FROM mailbox WHERE account = ? AND path = ?', operation['account'], path);
  if (!row) return;
  db.run(
    'UPDATE message SET uid = NULL, uid_mailbox = NULL WHERE uid_mailbox = ? AND uid IS NOT NULL AND mailbox <> ?',
    row['id'],
    row['id'],
  );
  db.run('DELETE FROM mailbox WHERE id = ?', row['id']);
}

/** After this many refusals the server's word stands. */
const ATTEMPTS = 5;

/**
 * Kept for another try, with what the server said; in the end it is undone here, and what the server has counts.
 * @param final the server will never do it: it is not tried again
 * @returns whether it was given up
 */
export function failOperation(
  context: Context,
  id: number,
  detail: string,
  final = false,
): { givenUp: boolean; delta: Delta } {
  const { db } = context;
  const { result, delta } = change(context, (changes) => {
    db.run('UPDATE operation SET attempts = attempts + 1, error = ? WHERE id = ?', detail, id);
    changes.waiting();
    const given = db.get('SELECT * FROM operation WHERE id = ?', id);
    if (!given || (!final && Number(given['attempts']) < ATTEMPTS)) return false;
    restore(db, changes, given, operationOf(db, given));
    db.run('DELETE FROM operation WHERE id = ?', id);
    return true;
  });
  return { givenUp: result, delta };
}

/**
 * Takes back what waits: here it is as it was before, and the server is not told.
 * @throws Refused when it may have reached the server
 */
export function cancelOperation(context: Context, id: number): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const given = db.get('SELECT * FROM operation WHERE id = ?', id);
    if (!given) throw new Refused('this was done already');
    if (operationOf(db, given).begun === true) throw new Refused('the server may have done this already');
    cancel(db, changes, given);
    if (given['deed'] !== null) db.run('UPDATE deed SET undone = 1 WHERE id = ?', given['deed']);
  }).delta;
}

/** Runs inside a transaction. @param row of the table `operation` */
export function cancel(db: Database, changes: Changes, row: Row): void {
  restore(db, changes, row, operationOf(db, row));
  db.run('DELETE FROM operation WHERE id = ?', row['id']);
  changes.waiting();
}
