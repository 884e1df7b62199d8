import type { Flag } from '../../shared/model/message.ts';
import { Deed } from '../../shared/model/operation.ts';
import type { Context } from './context.ts';
import type { Database, Row } from './database.ts';

/** So many are kept. */
const DEEDS = 100;
/** More messages than a person can name: what each was before is not kept then, and there is no undo. */
const MESSAGES = 10_000;

/** What was done, as far as undoing it needs to know; paths and ids of mailboxes. */
export type Done =
  | { kind: 'flag'; set?: Flag[]; clear?: Flag[]; tag?: string[]; untag?: string[] }
  | { kind: 'move' | 'copy'; to: number }
  | { kind: 'remove' }
  | { kind: 'create' | 'delete'; account: string; path: string }
  | { kind: 'rename'; account: string; path: string; to: string }
  | { kind: 'subscribe'; account: string; path: string; subscribed: boolean };

/**
 * Writes down what the person did, with what each message was before. Runs inside a transaction.
 * @param before the rows as they were
 * @returns the deed's number; undefined when nothing was done
 */
export function remember(db: Database, done: Done, before: Row[]): number | undefined {
  const aboutMessages = !('path' in done);
  if ((aboutMessages && before.length === 0) || before.length > MESSAGES) return undefined;
  const { kind, ...detail } = done;
  const { id } = db.run(
    'INSERT INTO deed (kind, detail, made) VALUES (?, ?, ?)',
    kind,
    JSON.stringify(detail),
    Date.now(),
  );
  for (const row of before)
    db.run(
      'INSERT OR IGNORE INTO deed_message (deed, message, mailbox, flags, keywords) VALUES (?, ?, ?, ?, ?)',
      id,
      row['id'],
      row['mailbox'],
      row['flags'],
      row['keywords'],
    );
  // What still waits for a server can be taken back however long ago it was.
  db.run(
    'DELETE FROM deed WHERE id <= ? AND id NOT IN (SELECT deed FROM operation WHERE deed IS NOT NULL)',
    id - DEEDS,
  );
  return id;
}

/** Newest first. */
export function deeds({ db }: Context, limit: number): Deed[] {
  const names = new Map(
    db.all('SELECT id, name FROM mailbox').map((row) => [Number(row['id']), String(row['name'])]),
  );
  return db.all('SELECT * FROM deed ORDER BY id DESC LIMIT ?', limit).map((row) => {
    const done = { kind: row['kind'], ...(JSON.parse(String(row['detail'])) as object) } as Done;
    const about = db.get(
      `SELECT d.n, d.mailbox, m.subject FROM
         (SELECT count(*) AS n, min(mailbox) AS mailbox, min(message) AS first FROM deed_message WHERE deed = ?) d
       LEFT JOIN message m ON m.id = d.first`,
      row['id'],
    );
    const from = 'path' in done ? done.path : names.get(Number(about?.['mailbox']));
    const to = 'to' in done ? (typeof done.to === 'number' ? names.get(done.to) : done.to) : undefined;
    const set = done.kind === 'flag' ? [...(done.set ?? []), ...(done.tag ?? [])] : [];
    const clear = done.kind === 'flag' ? [...(done.clear ?? []), ...(done.untag ?? [])] : [];
    return Deed.parse({
      id: row['id'],
      kind: done.kind,
      made: row['made'],
      messages: about?.['n'] ?? 0,
      subject: about?.['subject'] ?? '',
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(set.length > 0 ? { set } : {}),
      ...(clear.length > 0 ? { clear } : {}),
      undone: row['undone'] === 1,
    });
  });
}
