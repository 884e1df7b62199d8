import type { MessageKey } from '../../../shared/model/ids.ts';
import type { Query } from '../../../shared/search/query.ts';
import type { Found, SearchOptions } from '../../app/ports-store.ts';
import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import { boundsOf } from './bounds.ts';
import { compile, type Compiled } from './compile.ts';
import { docOf } from './index-message.ts';

/** Finds messages, the newest first or the best. What was not read yet is not found: `complete` tells. */
export function search({ db }: Context, query: Query, options: SearchOptions): Found {
  const { limit, offset = 0, order } = options;
  const compiled = compile(db, query);
  if (!compiled || limit <= 0) return { keys: [], more: false, complete: isComplete(db) };
  const count = offset + limit + 1;
  const found =
    order === 'best' && compiled.match !== undefined
      ? best(db, compiled, count)
      : newest(db, compiled, count);
  const keys = found.slice(offset, offset + limit) as MessageKey[];
  return { keys, more: found.length > offset + limit, complete: isComplete(db) };
}

/** Whether every message is in the index of words. */
function isComplete(db: Database): boolean {
  return !(
    db.get(
      'SELECT 1 FROM message INDEXED BY message_undigested WHERE segment IS NOT NULL AND (snippet IS NULL OR doc IS NULL) LIMIT 1',
    ) ??
    db.get('SELECT 1 FROM message INDEXED BY message_unlisted WHERE segment IS NULL AND doc IS NULL LIMIT 1')
  );
}

/**
 * Both tables are walked from the newest message on, until there are enough. A number in the index is the second of its
 * message or a later one: so it is read on to the second of the last one, and then put into the exact order.
 */
function newest(db: Database, compiled: Compiled, count: number): number[] {
  const bounds = boundsOf(db, compiled);
  if (!bounds) return [];
  const { sql, values } = few(db, compiled, bounds) ?? walk(compiled, bounds);
  const found: { id: number; date: number }[] = [];
  let end = -Infinity;
  for (const row of db.walk(sql, ...values)) {
    if (Number(row['doc']) < end) break;
    found.push({ id: Number(row['id']), date: Number(row['date']) });
    if (found.length !== count) continue;
    const oldest = found.reduce((least, one) => Math.min(least, one.date), Infinity);
    end = docOf(oldest);
  }
  return found
    .sort((a, b) => b.date - a.date || b.id - a.id)
    .slice(0, count)
    .map((one) => one.id);
}

function walk(compiled: Compiled, [low, high]: [number, number]): { sql: string; values: unknown[] } {
  const { match, where, values, within } = compiled;
  if (match !== undefined)
    return {
      sql: `SELECT m.id, m.doc, m.date FROM search s CROSS JOIN message m INDEXED BY message_found ON m.doc = s.rowid
        WHERE search MATCH ? AND s.rowid BETWEEN ? AND ?${where} ORDER BY s.rowid DESC`,
      values: [match, low, high, ...values],
    };
  if (typeof within === 'object')
    return {
      sql: `SELECT m.id, ${DATE_AS_DOC}, m.date FROM message m INDEXED BY message_list WHERE m.mailbox = ?${where} ORDER BY m.date DESC`,
      values: [within.mailbox, ...values],
    };
  if (within === 'flagged')
    return {
      sql: `SELECT m.id, ${DATE_AS_DOC}, m.date FROM message m INDEXED BY message_flagged WHERE 1${where} ORDER BY m.date DESC`,
      values,
    };
  const index = within === 'unread' ? 'message_unread' : 'message_found';
  return {
    sql: `SELECT m.id, m.doc, m.date FROM message m INDEXED BY ${index} WHERE m.doc BETWEEN ? AND ?${where} ORDER BY m.doc DESC`,
    values: [low, high, ...values],
  };
}

/** So many messages are looked up in the index of words one by one; bound by what that takes, some 30 µs each. */
const FEW = 300;
const AMONG = {
  draft: 'INDEXED BY message_draft WHERE m.flags & 8 AND m.doc IS NOT NULL',
  large: 'INDEXED BY message_large WHERE m.size > 1000000 AND m.doc IS NOT NULL',
};

/** Where few messages fulfil the conditions these are walked, and not all letters with a word that most may have. */
function few(
  db: Database,
  { match, where, values, among, within }: Compiled,
  [low, high]: [number, number],
): { sql: string; values: unknown[] } | undefined {
  if (match === undefined) return undefined;
  const inside = among
    ? AMONG[among]
    : typeof within === 'object'
      ? smallMailbox(db, within.mailbox)
      : undefined;
  if (inside === undefined) return undefined;
  const rows = `${inside} AND m.doc BETWEEN ? AND ?${where}`;
  const counted = db.walk(`SELECT m.doc FROM message m ${rows} LIMIT ?`, low, high, ...values, FEW + 1);
  const docs = Array.from(counted, (row) => Number(row['doc']));
  if (docs.length > FEW) return undefined;
  return {
    sql: `SELECT m.id, m.doc, m.date FROM json_each(?) j CROSS JOIN message m INDEXED BY message_found ON m.doc = j.value CROSS JOIN search s ON s.rowid = m.doc WHERE search MATCH ?`,
    values: [JSON.stringify(docs.sort((a, b) => b - a)), match],
  };
}

function smallMailbox(db: Database, mailbox: number): string | undefined {
  const total = Number(db.get('SELECT total FROM mailbox WHERE id = ?', mailbox)?.['total'] ?? 0);
  return total > FEW ? undefined : `INDEXED BY message_list WHERE m.mailbox = ${mailbox}`;
}

const DATE_AS_DOC = 'max(1, m.date / 1000) AS doc';

/** So many are weighed, each takes some µs. What more letters have tells none of them apart. */
const WEIGHED = 10_000;

/** Weighs what matches. Of very many: those that have the words in their subject, then the others, the newest first. */
function best(db: Database, compiled: Compiled, count: number): number[] {
  const { match = '', where, values } = compiled;
  if (matches(db, compiled) > WEIGHED) {
    const named = newest(db, { ...compiled, match: `subject : (${match})` }, count);
    return [...new Set([...named, ...newest(db, compiled, count)])].slice(0, count);
  }
  const rows = db.walk(
    `SELECT m.id FROM search s CROSS JOIN message m INDEXED BY message_found ON m.doc = s.rowid WHERE search MATCH ?${where} ORDER BY s.rank LIMIT ?`,
    match,
    ...values,
    count,
  );
  return Array.from(rows, (row) => Number(row['id']));
}

/** How many match, as far as that matters. */
function matches(db: Database, { match, where, values }: Compiled): number {
  const [row] = db.walk(
    `SELECT count(*) AS n FROM (SELECT 1 FROM search s CROSS JOIN message m INDEXED BY message_found ON m.doc = s.rowid WHERE search MATCH ?${where} LIMIT ?)`,
    match,
    ...values,
    WEIGHED + 1,
  );
  return Number(row?.['n'] ?? 0);
}
