import type { Changes } from '../changes.ts';
import type { Database, Row } from '../database.ts';
import { parts } from '../mailbox-paths.ts';
import { text } from '../text.ts';

/** Under this name folders of this computer stand in an account whose mail is on a server. */
const ROOT = 'Local';
const DELIMITER = '/';

/** Where an account's folders of this computer stand; made when there is no such place. Runs inside a transaction. */
export function localRoot(
  db: Database,
  changes: Changes,
  account: string,
  taken: ReadonlySet<string>,
): string {
  const known = db.get(
    'SELECT path FROM mailbox WHERE account = ? AND local = 1 AND depth = 0 AND selectable = 0',
    account,
  );
  if (known) return String(known['path']);
  const mine = new Set(
    db.all('SELECT path FROM mailbox WHERE account = ?', account).map((row) => String(row['path'])),
  );
  let path = ROOT;
  while (taken.has(path) || mine.has(path)) path += '_';
  const { id } = db.run(
    `INSERT INTO mailbox (account, path, name, depth, role, selectable, delimiter, local) VALUES (?, ?, ?, 0, 'none', 0, ?, 1)`,
    account,
    path,
    path,
    DELIMITER,
  );
  changes.mailbox(id);
  return path;
}

/** The path of a mailbox among the folders of this computer. */
function localPath(root: string, row: Row): string {
  return [root, ...parts(String(row['path']), text(row['delimiter']))].join(DELIMITER);
}

/** Makes a mailbox that no server has a folder of this computer. Runs inside a transaction. */
export function makeLocal(db: Database, changes: Changes, root: string, row: Row): void {
  const path = localPath(root, row);
  const levels = path.split(DELIMITER);
  db.run(
    `UPDATE mailbox SET path = ?, name = ?, depth = ?, role = 'none', delimiter = ?, local = 1, owner = NULL, rights = NULL,
       subscribed = 1, server_total = NULL, server_unread = NULL WHERE id = ?`,
    path,
    levels.at(-1),
    levels.length - 1,
    DELIMITER,
    row['id'],
  );
  changes.mailbox(Number(row['id']));
}

/** The folder of this computer for what a server's mailbox does not have; made when there is none. Runs inside a transaction. */
export function localTwin(db: Database, changes: Changes, root: string, row: Row): number {
  const path = localPath(root, row);
  const known = db.get('SELECT id FROM mailbox WHERE account = ? AND path = ?', row['account'], path);
  if (known) return Number(known['id']);
  const levels = path.split(DELIMITER);
  const { id } = db.run(
    `INSERT INTO mailbox (account, path, name, depth, role, selectable, delimiter, local) VALUES (?, ?, ?, ?, 'none', 1, ?, 1)`,
    row['account'],
    path,
    levels.at(-1),
    levels.length - 1,
    DELIMITER,
  );
  changes.mailbox(id);
  return id;
}

/** Folders of this computer are folders like all others again, each with what is in the one that it was made beside. */
export function mergeLocal(db: Database, changes: Changes, account: string): void {
  const rows = db.all('SELECT * FROM mailbox WHERE account = ? AND local = 1 ORDER BY path', account);
  for (const row of rows) {
    const levels = String(row['path']).split(DELIMITER).slice(1);
    const id = Number(row['id']);
    if (levels.length === 0) {
      db.run('DELETE FROM mailbox WHERE id = ?', id);
      changes.mailboxGone(id);
      continue;
    }
    const twin = db
      .all('SELECT * FROM mailbox WHERE account = ? AND local = 0', account)
      .find(
        (one) =>
          parts(String(one['path']), text(one['delimiter'])).join(DELIMITER) === levels.join(DELIMITER),
      );
    if (twin && twin['role'] !== 'outbox' && twin['selectable'] === 1) {
      for (const one of db.all('SELECT id FROM message WHERE mailbox = ?', id))
        changes.message(Number(one['id']), Number(twin['id']));
      db.run('UPDATE message SET mailbox = ? WHERE mailbox = ?', twin['id'], id);
      db.run('DELETE FROM mailbox WHERE id = ?', id);
      changes.mailboxGone(id);
    } else {
      let path = levels.join(DELIMITER);
      while (db.get('SELECT 1 FROM mailbox WHERE account = ? AND path = ?', account, path)) path += '_';
      db.run(
        'UPDATE mailbox SET path = ?, name = ?, depth = ?, local = 0 WHERE id = ?',
        path,
        path.split(DELIMITER).at(-1),
        levels.length - 1,
        id,
      );
      changes.mailbox(id);
    }
  }
}
