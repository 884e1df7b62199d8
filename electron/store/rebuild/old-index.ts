import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Facts } from '../checkpoint/facts.ts';
import { readableLines } from '../checkpoint/lines.ts';
import { Database, INDEX, type Row } from '../database.ts';

/** What is left of the index that is to be replaced. */
export interface OldIndex {
  facts: Facts;
  /** Everything in it can be relied on. */
  sound: boolean;
  /** Rows of messages of which only the header is here; read from a sound index alone. */
  headers: Row[];
  /** What was read from letters for the list: by key. */
  digests: Map<number, { snippet: string; attachments: number }>;
}

/**
 * Reads a copy of the index: even opening the original would change it. Nothing that is wrong with it is an error.
 * @param folder where the copy is put
 * @throws when it was written by a newer program
 */
export function readOldIndex(profile: string, folder: string): OldIndex | undefined {
  if (!existsSync(join(profile, INDEX))) return undefined;
  for (const name of [INDEX, `${INDEX}-wal`])
    if (existsSync(join(profile, name))) copyFileSync(join(profile, name), join(folder, name));
  let db: Database;
  try {
    db = new Database(folder, 'salvage');
  } catch {
    return undefined;
  }
  try {
    const sound = isSound(db);
    if (db.newer && sound)
      throw new Error('this mail was kept by a newer Glasspost: only that can build its index again');
    const facts = new Facts();
    for (const line of readableLines(db)) facts.read(line);
    if (!sound) return { facts, sound, headers: [], digests: new Map() };
    const digests = db.all(
      'SELECT id, snippet, attachments FROM message WHERE segment IS NOT NULL AND snippet IS NOT NULL',
    );
    return {
      facts,
      sound,
      headers: db.all('SELECT * FROM message WHERE segment IS NULL ORDER BY id'),
      digests: new Map(
        digests.map(({ id, snippet, attachments }) => [
          Number(id),
          { snippet: String(snippet), attachments: Number(attachments ?? 0) },
        ]),
      ),
    };
  } finally {
    db.close();
  }
}

function isSound(db: Database): boolean {
  try {
    return db.version > 0 && db.get('PRAGMA integrity_check(1)')?.['integrity_check'] === 'ok';
  } catch {
    return false;
  }
}
