import { existsSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CompactStep } from '../../app/ports-store.ts';
import { crashPoint } from '../../fault/crash-point.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import { syncDirectory } from '../mbox/segments.ts';
import { asideOf, makingOf } from './editions.ts';

/** Put down before the first byte is copied: what a crash leaves behind is known by it. */
export interface Begun {
  segment: number;
  path: string;
}

export function putBegun({ db }: Context, begun: Begun): void {
  db.quietly(() =>
    db.run(`INSERT OR REPLACE INTO state (name, value) VALUES ('compaction', ?)`, JSON.stringify(begun)),
  );
}

/**
 * Throws away the copy that was begun and never counted, by a crash or for another reason; the letters are where they
 * were. When the segment it was made from is gone or has become shorter it may be all there is, and stays.
 */
export function dropBegun({ db, profile }: Context): void {
  const row = db.get(`SELECT value FROM state WHERE name = 'compaction'`);
  if (!row) return;
  const { segment, path } = JSON.parse(String(row['value'])) as Begun;
  const old = db.get('SELECT path, size FROM segment WHERE id = ?', segment);
  const counts = db.get('SELECT 1 FROM segment WHERE path = ?', path) !== undefined;
  if (!counts && old && sizeOf(join(profile, String(old['path']))) >= Number(old['size'])) {
    // The commit that was to make it count may have failed only here.
    db.settle();
    for (const name of [path, makingOf(path), asideOf(path)]) {
      rmSync(join(profile, name), { force: true });
      crashPoint('compact.dropped');
    }
  }
  db.quietly(() => db.run(`DELETE FROM state WHERE name = 'compaction'`));
}

/** A file that was unlinked a moment before the program ended. */
export function dropUnlinked({ db, profile }: Context): void {
  for (const row of db.all('SELECT s.id, s.path FROM replaced r JOIN segment s ON s.id = r.segment'))
    if (!existsSync(join(profile, String(row['path'])))) forget(db, row['id']);
}

/**
 * Unlinks the file of a segment that has been replaced, once the checkpoint says where its letters are now. A file that is
 * not as it was, because another program wrote to it, is kept under another name.
 * @returns nothing when there is none
 */
export function dismissReplaced({ db, profile, segments }: Context): CompactStep | undefined {
  const row = db.get(
    `SELECT s.id, s.path, r.size, r.modified, r.successor, n.path AS next, n.size AS length
     FROM replaced r JOIN segment s ON s.id = r.segment LEFT JOIN segment n ON n.id = r.successor LIMIT 1`,
  );
  if (!row) return undefined;
  const segment = String(row['path']);
  if (!isNoted(db, row['successor'])) return { state: 'waiting', segment };
  const used = db.get('SELECT 1 FROM message WHERE segment = ?', row['id']) !== undefined;
  const there =
    typeof row['next'] === 'string' && sizeOf(join(profile, row['next'])) >= Number(row['length']);
  // The index is not the one that was written then: nothing is unlinked by what it says.
  if (used || !there) {
    db.run('DELETE FROM replaced WHERE segment = ?', row['id']);
    return { state: 'left-alone', segment, reason: 'what should have replaced it is not there' };
  }
  segments.release(Number(row['id']));
  const file = join(profile, segment);
  const now = statSync(file, { bigint: true, throwIfNoEntry: false });
  const changed =
    now !== undefined && (Number(now.size) !== row['size'] || String(now.mtimeNs) !== row['modified']);
  let kept = `${file}.changed-${Date.now()}`;
  while (existsSync(kept)) kept += '_';
  if (changed) {
    renameSync(file, kept);
    crashPoint('compact.kept');
  } else if (now) {
    unlinkSync(file);
    crashPoint('compact.unlinked');
  }
  syncDirectory(dirname(file));
  crashPoint('compact.unlisted');
  forget(db, row['id']);
  crashPoint('compact.freed');
  return {
    state: 'freed',
    segment,
    freed: changed ? 0 : Number(row['size']) - Number(row['length']),
    ...(changed ? { reason: 'another program wrote to it: it was kept under another name' } : {}),
  };
}

/** What changed places is in the checkpoint, which tells of a segment after its letters. */
function isNoted(db: Database, successor: unknown): boolean {
  return (
    db.get(`SELECT 1 FROM state WHERE name = 'checkpoint'`) !== undefined &&
    db.get(`SELECT 1 FROM changed WHERE kind = 'segment' AND key = ?`, successor) === undefined
  );
}

function forget(db: Database, segment: unknown): void {
  db.transaction(() => {
    db.run('DELETE FROM buried WHERE segment = ?', segment);
    db.run('DELETE FROM segment WHERE id = ?', segment);
  });
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? -1;
}
