import type { Database, Row } from '../database.ts';

/** The checkpoint's path within a profile. */
export const CHECKPOINT = 'mail/checkpoint.jsonl';
/** What the first line says the file is. */
export const FORMAT = 'glasspost-checkpoint';

interface Kind {
  name: string;
  /** The row as JSON, which SQLite makes itself, and where it comes from. */
  line: string;
  /** What a later schema added to it, and which. */
  added?: { schema: number; line: string }[];
  from: string;
  key: string;
}

/** In the order of the file: what says how far a segment is known comes after the messages in it. */
const KINDS: readonly Kind[] = [
  { name: 'setting', key: 'name', from: 'setting', line: `'id', name, 'value', value` },
  {
    name: 'account',
    key: 'id',
    from: 'account',
    line: `'id', id, 'position', position, 'settings', json(settings)`,
  },
  {
    name: 'mailbox',
    key: 'id',
    from: 'mailbox',
    line: `'id', id, 'account', account, 'path', path, 'name', name, 'depth', depth, 'role', role, 'selectable', selectable, 'validity', uid_validity`,
    added: [
      { schema: 5, line: `'excluded', excluded, 'keep', keep` },
      { schema: 8, line: `'local', local` },
    ],
  },
  {
    name: 'message',
    key: 'm.id',
    from: 'message m CROSS JOIN segment s ON s.id = m.segment',
    line: `'id', m.id, 'mailbox', m.mailbox, 'file', replace(s.path, char(92), '/'), 'at', m.offset, 'length', m.length, 'sha', lower(hex(substr(m.sha256, 1, 8))), 'uidMailbox', m.uid_mailbox, 'uid', m.uid, 'uidl', m.uidl, 'date', m.date, 'flags', m.flags, 'hidden', m.hidden`,
    added: [{ schema: 5, line: `'keywords', m.keywords` }],
  },
  {
    name: 'uidl',
    key: 'json_array(account, uidl)',
    from: 'uidl',
    line: `'id', json_array(account, uidl), 'due', due`,
    added: [
      { schema: 7, line: `'collected', collected, 'stays', stays, 'listed', listed, 'deleted', deleted` },
    ],
  },
  {
    name: 'operation',
    key: 'id',
    from: 'operation',
    line: `'id', id, 'account', account, 'kind', kind, 'detail', json(detail), 'attempts', attempts, 'messages', json((SELECT json_group_array(message) FROM operation_message WHERE operation = operation.id))`,
  },
  {
    name: 'outbox',
    key: 'message',
    from: 'outbox',
    line: `'id', message, 'account', account, 'envelope', json(envelope), 'skip', skip, 'queued', queued, 'attempts', attempts`,
  },
  {
    name: 'draft',
    key: 'id',
    from: 'draft',
    line: `'id', id, 'account', account, 'content', json(content), 'updated', updated, 'message', message`,
  },
  {
    name: 'draft_attachment',
    key: 'id',
    from: 'draft_attachment',
    line: `'id', id, 'draft', draft, 'name', name, 'type', type, 'bytes', hex(bytes)`,
  },
  {
    name: 'segment',
    key: 'id',
    from: 'segment',
    line: `'id', id, 'mailbox', mailbox, 'file', replace(path, char(92), '/'), 'size', size`,
  },
];

/** Rows read at a time for a new file, so that the writer is never busy with it for long. */
const CHUNK = 2000;

/** Lines for what changed since they were last written. */
export interface Changed {
  lines: string[];
  /** How many lines in the file are worth nothing any more because of these. */
  dead: number;
  /** Forgets the changes: call it when the lines are durable, in a transaction. */
  forget: () => void;
}

/** The oldest kinds first, `limit` rows at most: a segment's line never comes before those of its messages. */
export function changedLines(db: Database, limit: number): Changed {
  const all: Changed = { lines: [], dead: 0, forget: () => forgotten.forEach((one) => one()) };
  const forgotten: (() => void)[] = [];
  for (const kind of KINDS) {
    const left = limit - all.lines.length;
    if (left <= 0) break;
    const changed = db.all('SELECT key, fresh FROM changed WHERE kind = ? LIMIT ?', kind.name, left);
    if (changed.length === 0) continue;
    const keys = JSON.stringify(changed.map((row) => row['key']));
    const present = new Map(db.all(presentOf(db, kind), keys).map((row) => [row['key'], textOf(row)]));
    for (const { key, fresh } of changed) {
      const line = present.get(key);
      all.dead += (line === undefined ? 2 : 1) - (fresh === 1 ? 1 : 0);
      all.lines.push(line ?? goneLine(kind.name, key));
    }
    forgotten.push(() =>
      db.run(
        'DELETE FROM changed WHERE kind = ? AND key IN (SELECT value FROM json_each(?))',
        kind.name,
        keys,
      ),
    );
  }
  return all;
}

function goneLine(kind: string, key: unknown): string {
  const id: unknown = kind === 'uidl' ? JSON.parse(String(key)) : key;
  return JSON.stringify({ k: kind, id, gone: 1 });
}

/** Lines for everything that is known, a piece at a time. What changes meanwhile is put down as always. */
export function* allLines(db: Database): Generator<string[]> {
  for (const kind of KINDS) {
    const { name } = kind;
    if (name === 'message') yield* pages(db, kind, [-1], 'm.id > ?', 'm.id');
    else if (name === 'uidl') yield* pages(db, kind, ['', ''], '(account, uidl) > (?, ?)', 'account, uidl');
    else yield db.all(`${selectOf(db, kind)} ORDER BY ${kind.key}`).map(textOf);
  }
}

/** @param start what the first page comes after; each row tells what it is itself by its key */
function* pages(
  db: Database,
  kind: Kind,
  start: unknown[],
  after: string,
  order: string,
): Generator<string[]> {
  for (let last = start; ;) {
    const rows = db.all(`${selectOf(db, kind)} WHERE ${after} ORDER BY ${order} LIMIT ${CHUNK}`, ...last);
    const key = rows.at(-1)?.['key'];
    if (key === undefined) return;
    last = typeof key === 'string' ? (JSON.parse(key) as unknown[]) : [key];
    yield rows.map(textOf);
  }
}

/** Each row by itself, for an index in which some can't be read. */
export function* readableLines(db: Database): Generator<string> {
  for (const kind of KINDS) {
    const keys = new Set<unknown>();
    for (const order of ['', ' DESC']) {
      try {
        for (const row of db.iterate(`SELECT ${kind.key} AS key FROM ${kind.from} ORDER BY 1${order}`))
          keys.add(row['key']);
      } catch {
        // From the other end there may be more.
      }
    }
    for (const key of keys) {
      try {
        for (const row of db.all(presentOf(db, kind), JSON.stringify([key]))) yield textOf(row);
      } catch {
        // This one is lost, or the checkpoint has it.
      }
    }
  }
}

function selectOf(db: Database, { name, key, line, added = [], from }: Kind): string {
  const more = added.map((one) => (db.schema >= one.schema ? `, ${one.line}` : '')).join('');
  return `SELECT ${key} AS key, json_object('k', '${name}', ${line}${more}) AS line FROM ${from}`;
}

/** The rows of some keys (a JSON array), found by their index. */
function presentOf(db: Database, kind: Kind): string {
  return kind.name === 'uidl'
    ? `${selectOf(db, kind)} WHERE (account, uidl) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`
    : `${selectOf(db, kind)} WHERE ${kind.key} IN (SELECT value FROM json_each(?))`;
}

function textOf(row: Row): string {
  return String(row['line']);
}
