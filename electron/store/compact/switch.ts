import { fsyncSync, openSync, closeSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crashPoint } from '../../fault/crash-point.ts';
import type { Context } from '../context.ts';
import { syncDirectory } from '../mbox/segments.ts';
import { makingOf } from './editions.ts';

/** One edition of a segment ready to take the place of another. */
export interface Successor {
  /** The segment that it replaces, and the file of that as it was last seen. */
  segment: number;
  seen: { size: number; modified: string };
  /** Relative to the profile. */
  path: string;
  size: number;
  /** Where each letter begins, by its place in the old edition. */
  places: ReadonlyMap<number, number>;
}

/** Gives the copy its name; afterwards it is on disk, and no row knows of it. */
export function giveName(profile: string, path: string): void {
  const file = join(profile, path);
  syncFile(makingOf(file));
  crashPoint('compact.synced');
  renameSync(makingOf(file), file);
  crashPoint('compact.named');
  syncDirectory(dirname(file));
  crashPoint('compact.listed');
}

/** In one transaction: every letter, seen or deleted lately, is in the new edition. The old file stays where it is. */
export function switchOver({ db }: Context, successor: Successor): void {
  const { segment, seen, path, size, places } = successor;
  db.run('CREATE TEMP TABLE IF NOT EXISTS moved (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)');
  db.transaction(() => {
    const { id } = db.run(
      'INSERT INTO segment (mailbox, path, size) SELECT mailbox, ?, ? FROM segment WHERE id = ?',
      path,
      size,
      segment,
    );
    for (const [from, to] of places) db.run('INSERT INTO moved (old, new) VALUES (?, ?)', from, to);
    for (const table of ['message', 'buried'])
      db.run(
        `UPDATE ${table} SET segment = ?, offset = (SELECT new FROM moved WHERE old = offset)
         WHERE segment = ? AND offset IN (SELECT old FROM moved)`,
        id,
        segment,
      );
    if (db.get('SELECT 1 FROM message WHERE segment = ? LIMIT 1', segment))
      throw new Error('a letter was not copied');
    db.run('DELETE FROM buried WHERE segment = ?', segment);
    db.run('DELETE FROM moved');
    db.run(
      'INSERT INTO replaced (segment, successor, size, modified) VALUES (?, ?, ?, ?)',
      segment,
      id,
      seen.size,
      seen.modified,
    );
    db.run(`DELETE FROM state WHERE name = 'compaction'`);
    crashPoint('compact.uncommitted');
  });
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
