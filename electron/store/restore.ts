import type { Operation } from '../app/ports-store.ts';
import type { Changes } from './changes.ts';
import type { Database, Row } from './database.ts';
import { movePaths } from './mailbox-paths.ts';
import { flagBits, keywordsOf, keywordText } from './rows.ts';

/**
 * Makes what an operation changed here as it was before, inside a transaction; what the person did to the same messages
 * later stays.
 * @param row of the table `operation`
 */
export function restore(db: Database, changes: Changes, row: Row, operation: Operation): void {
  switch (operation.kind) {
    case 'flag':
    case 'move':
    case 'remove':
      for (const one of before(db, row)) restoreMessage(db, changes, Number(row['id']), operation, one);
      return;
    case 'copy':
      for (const key of operation.keys) {
        const copy = db.get('SELECT mailbox FROM message WHERE id = ?', key);
        db.run('DELETE FROM message WHERE id = ?', key);
        if (copy) changes.messageGone(key, Number(copy['mailbox']));
      }
      return;
    case 'create': {
      const made = mailboxAt(db, operation.account, operation.path);
      const used = made && db.get('SELECT 1 FROM message WHERE mailbox = ? LIMIT 1', made['id']);
      if (!made || used) return;
      db.run('DELETE FROM mailbox WHERE id = ?', made['id']);
      changes.mailboxGone(Number(made['id']));
      return;
    }
    case 'rename':
      movePaths(db, changes, operation.account, operation.to, operation.path);
      return;
    case 'delete': {
      const hidden = mailboxAt(db, operation.account, operation.path);
      // Visible again once the operation is gone.
      if (hidden) changes.mailbox(Number(hidden['id']));
      return;
    }
    case 'subscribe': {
      const asked = mailboxAt(db, operation.account, operation.path);
      if (!asked) return;
      db.run('UPDATE mailbox SET subscribed = ? WHERE id = ?', operation.subscribed ? 0 : 1, asked['id']);
      changes.mailbox(Number(asked['id']));
      return;
    }
    case 'append':
      // Out of a folder of this computer; else it stays here, where it was written.
      for (const one of before(db, row)) {
        db.run('UPDATE message SET mailbox = ? WHERE id = ?', one['was_in'], one['id']);
        changes.message(Number(one['id']), Number(one['mailbox']), Number(one['was_in']));
      }
  }
}

/** The operation's messages, as they are and as they were; of an index that was built again, as the server has them. */
function before(db: Database, row: Row): Row[] {
  return db.all(
    `SELECT m.id, m.mailbox, m.flags, m.keywords, m.hidden, m.uid_mailbox AS stands_in, coalesce(d.mailbox, m.uid_mailbox, m.mailbox) AS was_in,
       coalesce(d.flags, m.flags) AS had_flags, coalesce(d.keywords, m.keywords) AS had_keywords
     FROM operation_message o JOIN message m ON m.id = o.message
     LEFT JOIN deed_message d ON d.deed = ? AND d.message = m.id WHERE o.operation = ?`,
    row['deed'],
    row['id'],
  );
}

function restoreMessage(
  db: Database,
  changes: Changes,
  id: number,
  operation: Extract<Operation, { kind: 'flag' | 'move' | 'remove' }>,
  row: Row,
): void {
  const later = db
    .all(
      'SELECT p.kind, p.detail FROM operation_message o JOIN operation p ON p.id = o.operation WHERE o.message = ? AND p.id > ?',
      row['id'],
      id,
    )
    .map((one) => ({ kind: one['kind'], ...(JSON.parse(String(one['detail'])) as object) }) as Operation);
  const key = Number(row['id']);
  if (operation.kind === 'flag') {
    const touched = flagBits([...operation.set, ...operation.clear]);
    const since = later.reduce(
      (bits, one) => (one.kind === 'flag' ? bits | flagBits([...one.set, ...one.clear]) : bits),
      0,
    );
    const mask = touched & ~since;
    const flags = (Number(row['flags']) & ~mask) | (Number(row['had_flags']) & mask);
    db.run(
      'UPDATE message SET flags = ?, keywords = ? WHERE id = ?',
      flags,
      restoredKeywords(operation, later, row),
      key,
    );
    changes.message(key, Number(row['mailbox']));
    return;
  }
  if (later.some((one) => one.kind === 'move' || one.kind === 'remove')) return;
  // What was told since has put it elsewhere: where the server has it, it is.
  const to = isMovedBefore(db, key, id) ? row['was_in'] : (row['stands_in'] ?? row['was_in']);
  db.run('UPDATE message SET mailbox = ?, hidden = 0 WHERE id = ?', to, key);
  changes.message(key, Number(row['mailbox']), Number(to));
}

/** Whether a move from before this operation still waits. */
function isMovedBefore(db: Database, key: number, id: number): boolean {
  const earlier = db.get(
    `SELECT 1 FROM operation_message o JOIN operation p ON p.id = o.operation WHERE o.message = ? AND p.id < ? AND p.kind = 'move'`,
    key,
    id,
  );
  return earlier !== undefined;
}

function restoredKeywords(
  { tag = [], untag = [] }: Extract<Operation, { kind: 'flag' }>,
  later: Operation[],
  row: Row,
): string {
  const since = new Set(
    later.flatMap((one) => (one.kind === 'flag' ? [...(one.tag ?? []), ...(one.untag ?? [])] : [])),
  );
  const had = keywordsOf(row['had_keywords']);
  const touched = new Set([...tag, ...untag].filter((one) => !since.has(one)));
  return keywordText([
    ...keywordsOf(row['keywords']).filter((one) => !touched.has(one)),
    ...had.filter((one) => touched.has(one)),
  ]);
}

function mailboxAt(db: Database, account: string, path: string): Row | undefined {
  return db.get('SELECT id FROM mailbox WHERE account = ? AND path = ?', account, path);
}
