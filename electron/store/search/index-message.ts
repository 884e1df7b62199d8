import { fold } from '../../../shared/search/fold.ts';
import type { Address } from '../../../shared/model/message.ts';
import type { SearchText } from '../../app/ports-engine.ts';
import type { Context } from '../context.ts';
import type { Database, Row } from '../database.ts';

/** A word that every message has and nobody can type: what remains when something is excluded from everything. */
export const EVERYWHERE = '\uE000';

const COLUMNS = 'id, doc, date, subject, sender, recipients, cc';

/**
 * Puts a message's words into the index, in place of those that were there. Runs inside a transaction.
 * @param text all its words; those of its header alone, if left out
 */
export function indexMessage(db: Database, id: number, text?: SearchText): void {
  const row = db.get(`SELECT ${COLUMNS} FROM message WHERE id = ?`, id);
  // Deleted while its text was being read.
  if (row) put(db, row, text);
}

/** Indexes some messages of which only the header is here. @returns how many */
export function indexHeaders({ db }: Context, limit: number): number {
  return db.transaction(() => {
    const rows = db.all(
      `SELECT ${COLUMNS} FROM message INDEXED BY message_unlisted WHERE segment IS NULL AND doc IS NULL ORDER BY date DESC LIMIT ?`,
      limit,
    );
    for (const row of rows) put(db, row, undefined);
    return rows.length;
  });
}

function put(db: Database, row: Row, text: SearchText | undefined): void {
  const { subject, from, to, cc, body, files } = text ?? textOf(row);
  const old = row['doc'];
  if (old !== null) db.run('DELETE FROM search WHERE rowid = ?', old);
  const doc = old === null ? freeDoc(db, Number(row['date'])) : Number(old);
  db.run(
    'INSERT INTO search (rowid, subject, sender, recipients, copied, body, files) VALUES (?, ?, ?, ?, ?, ?, ?)',
    doc,
    subject,
    from,
    to,
    cc,
    body,
    `${EVERYWHERE} ${files}`,
  );
  if (old === null) db.run('UPDATE message SET doc = ? WHERE id = ?', doc, row['id']);
}

function textOf(row: Row): SearchText {
  const people = (column: unknown) =>
    typeof column === 'string'
      ? fold((JSON.parse(column) as Address[]).map((one) => `${one.name} ${one.address}`).join(' '))
      : '';
  return {
    subject: fold(String(row['subject'])),
    from: people(row['sender']),
    to: people(row['recipients']),
    cc: people(row['cc']),
    body: '',
    files: '',
  };
}

/** The second of a date as it stands in the index of words, where a message of then is looked for first. */
export function docOf(date: number): number {
  return Math.max(1, Math.floor(date / 1000));
}

/** By how much a message's number is greater than its second at most. */
export function drift(db: Database): number {
  return Number(db.get(`SELECT value FROM state WHERE name = 'search.drift'`)?.['value'] ?? 0);
}

/** A number for a message: its second, or one as near as can be found quickly where many are of the same. */
function freeDoc(db: Database, date: number): number {
  const second = docOf(date);
  for (let reach = 0; ; reach += 1) {
    const away = reach < 8 ? reach : Math.ceil(Math.random() * 2 ** Math.min(40, reach / 2));
    const doc = second + away;
    if (db.get('SELECT 1 FROM message WHERE doc = ?', doc)) continue;
    if (away > drift(db))
      db.run(
        `INSERT INTO state (name, value) VALUES ('search.drift', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        String(away),
      );
    return doc;
  }
}
