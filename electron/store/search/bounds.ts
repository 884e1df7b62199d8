import type { Database } from '../database.ts';
import type { Compiled } from './compile.ts';
import { docOf, drift } from './index-message.ts';

/** The least and the greatest of something, each found at one end of an index. */
const ends = (column: string, rows: string) =>
  `SELECT (SELECT min(${column}) FROM message ${rows}) AS low, (SELECT max(${column}) FROM message ${rows}) AS high`;
const UNREAD = ends('doc', 'INDEXED BY message_unread WHERE flags & 1 = 0 AND doc IS NOT NULL');
const FLAGGED = ends('date', 'INDEXED BY message_flagged WHERE flags & 2 AND hidden = 0');
const MAILBOX = ends('date', 'INDEXED BY message_list WHERE mailbox = ? AND hidden = 0');

/**
 * Between which numbers of the index to look, the ends included: a common word must not be followed into years from which
 * nothing can be meant. Undefined when there is nothing to look at.
 */
export function boundsOf(db: Database, { from, to, within, match }: Compiled): [number, number] | undefined {
  const slack = drift(db);
  const low = from === -Infinity ? 0 : docOf(from);
  const high = to === Infinity ? Number.MAX_SAFE_INTEGER : docOf(to) + slack;
  if (match === undefined || within === undefined) return [low, high];
  if (within === 'unread') {
    const row = db.get(UNREAD);
    const [first, last] = [row?.['low'], row?.['high']];
    if (typeof first !== 'number' || typeof last !== 'number') return undefined;
    return [Math.max(low, first), Math.min(high, last)];
  }
  const row = within === 'flagged' ? db.get(FLAGGED) : db.get(MAILBOX, within.mailbox, within.mailbox);
  const [first, last] = [row?.['low'], row?.['high']];
  if (typeof first !== 'number' || typeof last !== 'number') return undefined;
  return [Math.max(low, docOf(first)), Math.min(high, docOf(last) + slack)];
}
