import type { Database } from '../database.ts';

/** A beginning of so many letters has an index of its own (migration 3), newest first. */
const INDEXED = 3;
/** Each word costs some 20 µs to find, and as much to look for. */
const MOST = 64;
/** No word goes on with a sign before this one, nor with one after the last. */
const [FIRST, LAST] = ['\u0001', '\u{10FFFF}'];

/**
 * The words that begin so, when it is better to look for each: FTS5 reads all letters of all of them before it knows the
 * first, but walks along those of a whole word. Undefined where it is not, or they are too many.
 */
export function wordsFrom(db: Database, beginning: string): string[] | undefined {
  if (Array.from(beginning).length <= INDEXED) return undefined;
  const words: string[] = [];
  for (let from = beginning; ;) {
    const word = db.get(
      'SELECT term FROM temp.word WHERE term >= ? AND term <= ? LIMIT 1',
      from,
      beginning + LAST,
    )?.['term'];
    if (typeof word !== 'string') return words;
    if (words.length === MOST) return undefined;
    words.push(word);
    from = word + FIRST;
  }
}
