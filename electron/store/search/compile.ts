import { fold } from '../../../shared/search/fold.ts';
import { ROLES } from '../../../shared/search/operators.ts';
import type { Field, Query, State, Term, Words } from '../../../shared/search/query.ts';
import type { Database } from '../database.ts';
import { EVERYWHERE } from './index-message.ts';
import { wordsFrom } from './words.ts';

/** A query as SQLite understands it. What was typed is only ever bound, or quoted words without any sign. */
export interface Compiled {
  /** For FTS5; undefined when no words are looked for. */
  match: string | undefined;
  /** About `m`, the message: `AND …`. */
  where: string;
  values: unknown[];
  /** ms since the epoch: no message from before or since is asked for. */
  from: number;
  to: number;
  /** What all messages that are found have in common, where an index knows them. */
  within: { mailbox: number } | 'unread' | 'flagged' | undefined;
  /** They are all in this index, which holds little in most profiles. */
  among: 'draft' | 'large' | undefined;
}

const COLUMN: Record<Field, string> = {
  subject: 'subject',
  from: 'sender',
  to: 'recipients',
  cc: 'copied',
  body: 'body',
};
const STATE: Record<State, string> = {
  unread: 'm.flags & 1 = 0',
  read: 'm.flags & 1',
  flagged: 'm.flags & 2',
  answered: 'm.flags & 4',
  forwarded: 'm.flags & 32',
  draft: 'm.flags & 8',
};
const ALL = `files : "${EVERYWHERE}"`;

/** What message_large holds is larger; bytes. */
const LARGE = 1_000_000;

/** True of no message. A condition that asks nothing of one would leave SQLite without the index that it is told to use. */
const NONE = 'm.flags < 0';

/** @returns undefined when nothing is asked for */
export function compile(db: Database, { groups }: Query): Compiled | undefined {
  if (groups.length === 0) return undefined;
  const hidden = db.all(`SELECT id FROM mailbox WHERE role = 'outbox'`).map((row) => Number(row['id']));
  const all: Compiled = {
    match: undefined,
    where: ' AND m.hidden = 0',
    values: [],
    from: -Infinity,
    to: Infinity,
    within: undefined,
    among: undefined,
  };
  const add = ({ sql, values }: Part) => {
    all.where += ` AND ${sql}`;
    all.values.push(...values);
  };
  if (hidden.length > 0) add({ sql: `m.mailbox NOT IN (${hidden.join(', ')})`, values: [] });
  const wanted: string[] = [];
  const unwanted: string[] = [];
  for (const group of groups) {
    const [only] = group;
    if (group.length === 1 && only?.kind === 'words') {
      (only.not ? unwanted : wanted).push(phrase(db, only));
    } else if (group.every((one) => one.kind === 'words')) {
      wanted.push(
        group.map((one) => (one.not ? `((${ALL}) NOT (${phrase(db, one)}))` : phrase(db, one))).join(' OR '),
      );
    } else {
      const parts = group.map((one) => condition(db, one));
      add({
        sql: `(${parts.map((one) => one.sql).join(' OR ')})`,
        values: parts.flatMap((one) => one.values),
      });
      if (group.length === 1 && only) narrow(db, all, only);
    }
  }
  if (wanted.length > 0 || unwanted.length > 0) {
    const base = wanted.length > 0 ? wanted.map((one) => `(${one})`).join(' AND ') : ALL;
    all.match = unwanted.reduce((match, one) => `(${match}) NOT (${one})`, base);
  }
  return all;
}

interface Part {
  sql: string;
  values: unknown[];
}

function phrase(db: Database, { field, words, prefix }: Words): string {
  const last = prefix ? wordsFrom(db, words.at(-1) ?? '') : undefined;
  const ends = last ?? words.slice(-1);
  const quoted = (word: string) => `"${[...words.slice(0, -1), word].join(' ').replaceAll('"', '""')}"`;
  const any = ends.map((word) => `${quoted(word)}${prefix && !last ? ' *' : ''}`);
  // Without any word that begins so: what was typed, which is not found either.
  const text =
    any.length === 0 ? quoted(words.at(-1) ?? '') : any.length === 1 ? any.join('') : `(${any.join(' OR ')})`;
  return field === undefined ? text : `${COLUMN[field]} : ${text}`;
}

/** One term as a condition on `m`; never NULL. */
function condition(db: Database, term: Term): Part {
  const { sql, values } = positive(db, term);
  return { sql: term.not ? `NOT (${sql})` : `(${sql})`, values };
}

function positive(db: Database, term: Term): Part {
  switch (term.kind) {
    case 'words':
      return {
        sql: 'ifnull(m.doc IN (SELECT rowid FROM search WHERE search MATCH ?), 0)',
        values: [phrase(db, term)],
      };
    case 'has':
      return { sql: 'ifnull(m.attachments, 0) > 0', values: [] };
    case 'is':
      return { sql: STATE[term.state], values: [] };
    case 'in': {
      const ids = mailboxes(db, term.mailbox);
      return { sql: ids.length === 0 ? NONE : `m.mailbox IN (${ids.join(', ')})`, values: [] };
    }
    case 'date':
      return { sql: 'm.date >= ? AND m.date < ?', values: [term.from ?? -Infinity, term.to ?? Infinity] };
    case 'size':
      return { sql: 'm.size > ? AND m.size < ?', values: [term.above ?? -1, term.below ?? Infinity] };
    case 'tag':
      // Keywords are compared as servers do, without regard to case (RFC 9051 section 2.3.2).
      return {
        sql: `instr(' ' || lower(m.keywords) || ' ', ' ' || lower(?) || ' ') > 0`,
        values: [term.tag],
      };
  }
}

/** Where a term that must hold makes the search smaller. */
function narrow(db: Database, all: Compiled, term: Term): void {
  if (term.not) return;
  if (term.kind === 'date') {
    all.from = Math.max(all.from, term.from ?? -Infinity);
    all.to = Math.min(all.to, term.to ?? Infinity);
  }
  if (term.kind === 'in') {
    const [mailbox, ...more] = mailboxes(db, term.mailbox);
    if (mailbox !== undefined && more.length === 0) all.within = { mailbox };
  }
  if (term.kind === 'is' && typeof all.within !== 'object') {
    if (term.state === 'flagged') all.within = 'flagged';
    if (term.state === 'unread') all.within ??= 'unread';
  }
  if (term.kind === 'is' && term.state === 'draft') all.among = 'draft';
  if (term.kind === 'size' && (term.above ?? 0) >= LARGE) all.among ??= 'large';
}

/** Mailboxes of this path, name or role, in all accounts; of one, where its address stands before: `EMAIL:PATH`. */
function mailboxes(db: Database, typed: string): number[] {
  const name = fold(typed);
  const role = ROLES.get(typed.toLowerCase());
  return db
    .all(
      `SELECT b.id, b.path, b.name, b.role, a.settings ->> 'email' AS email FROM mailbox b JOIN account a ON a.id = b.account WHERE b.role <> 'outbox'`,
    )
    .filter(
      ({ path, name: last, role: own, email }) =>
        own === role ||
        [path, last, `${String(email)}:${String(path)}`].some((one) => isCalled(one, typed, name)),
    )
    .map((row) => Number(row['id']));
}

/** A name of signs alone has to be typed as it is. */
function isCalled(name: unknown, typed: string, folded: string): boolean {
  return name === typed || (folded !== '' && fold(String(name)) === folded);
}
