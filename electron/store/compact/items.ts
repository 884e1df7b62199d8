import type { Database, Row } from '../database.ts';

/** A letter in a segment, as the index has it. */
export interface Item {
  offset: number;
  length: number;
  rawLength: number;
  sha256: Buffer;
  /** False of one that was deleted long enough ago. */
  kept: boolean;
}

/** Looked up at a time. */
const COUNT = 256;
const COLUMNS = 'offset, length, raw_length, sha256';

/**
 * The letters of a segment from a place on, in the order of the file: those that somebody sees and those that were
 * deleted, of which only what was deleted before `before` need not be kept.
 */
export function itemsFrom(db: Database, segment: number, offset: number, before: number): Item[] {
  const live = db.all(
    `SELECT ${COLUMNS} FROM message WHERE segment = ? AND offset >= ? ORDER BY offset LIMIT ${COUNT}`,
    segment,
    offset,
  );
  const buried = db.all(
    `SELECT ${COLUMNS}, since FROM buried WHERE segment = ? AND offset >= ? ORDER BY offset LIMIT ${COUNT}`,
    segment,
    offset,
  );
  // Where one list was cut off the other may go no further.
  const end = Math.min(lastOf(live), lastOf(buried));
  const items = new Map<number, Item>();
  for (const row of [...buried, ...live]) {
    const item = itemOf(row, before);
    // What two rows share is kept as long as one of them lives.
    if (item.offset <= end) items.set(item.offset, item);
  }
  return [...items.values()].toSorted((a, b) => a.offset - b.offset);
}

function lastOf(rows: Row[]): number {
  return rows.length < COUNT ? Number.MAX_SAFE_INTEGER : Number(rows.at(-1)?.['offset']);
}

function itemOf(row: Row, before: number): Item {
  const { since } = row;
  return {
    offset: Number(row['offset']),
    length: Number(row['length']),
    rawLength: Number(row['raw_length']),
    sha256: row['sha256'] as Buffer,
    kept: since === undefined || Number(since) > before,
  };
}
