import type { Changes } from './changes.ts';
import type { Database } from './database.ts';
import { text } from './text.ts';

/** Of a mailbox `b`: that a person sees it. The outbox is none to them, and one that is being deleted is none any more. */
export const SHOWN = `b.role <> 'outbox' AND NOT EXISTS
  (SELECT 1 FROM operation o WHERE o.account = b.account AND o.kind = 'delete' AND o.detail ->> 'path' = b.path)`;

/** What a path is made of, where the account's levels are divided by a delimiter. */
export function parts(path: string, delimiter: string | undefined): string[] {
  return delimiter === undefined || delimiter === '' ? [path] : path.split(delimiter);
}

/**
 * Gives a mailbox, and all that lies below it, another path here; their letters stay in the files where they are. Runs
 * inside a transaction.
 */
export function movePaths(db: Database, changes: Changes, account: string, from: string, to: string): void {
  const rows = db.all('SELECT id, path, delimiter FROM mailbox WHERE account = ? ORDER BY path', account);
  for (const row of rows) {
    const path = String(row['path']);
    const delimiter = text(row['delimiter']);
    const below = delimiter !== undefined && delimiter !== '' && path.startsWith(from + delimiter);
    if (path !== from && !below) continue;
    const next = to + path.slice(from.length);
    const levels = parts(next, delimiter);
    db.run(
      'UPDATE mailbox SET path = ?, name = ?, depth = ? WHERE id = ?',
      next,
      levels.at(-1),
      levels.length - 1,
      row['id'],
    );
    changes.mailbox(Number(row['id']));
  }
}
