// Reads a profile as it was left behind, and says what is wrong with it.
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { scanSegment } from '../../electron/store/rebuild/scan.ts';
import { editionOf } from '../../electron/store/compact/editions.ts';
import { segmentFiles } from '../../electron/store/segment-files.ts';
import { openStore } from '../../electron/store/sqlite-store.ts';
import { verifySegments } from '../../electron/store/verify.ts';

export interface Held {
  id: number;
  email: string;
  mailbox: string;
  role: string;
  uid: number | null;
  hidden: boolean;
  messageId: string;
  subject: string;
  /** SHA-256 of the bytes that are there now; nothing of a header alone. */
  sha: string | undefined;
}

export interface Inspection {
  held: Held[];
  outbox: { message: number; subject: string; state: string }[];
  drafts: { id: string; subject: string }[];
  operations: { kind: string; messages: number }[];
  settings: Record<string, unknown>;
  problems: string[];
}

const STATES = new Set(['queued', 'waiting', 'refused', 'maybe-sent']);

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Opens the profile as the next start would, and looks at everything in it. */
export function inspect(profile: string): Inspection {
  const store = openStore(profile, 'writer');
  const db = new Sqlite(join(profile, 'glasspost.sqlite'), { readonly: true });
  const all = <T>(sql: string) => db.prepare<unknown[], T>(sql).all();
  const problems: string[] = [];
  try {
    const integrity = db.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') problems.push(`the index is not sound: ${String(integrity)}`);
    if (all('PRAGMA foreign_key_check').length > 0) problems.push('the index refers to what is not there');
    const rows = all<
      Omit<Held, 'hidden' | 'sha'> & { hidden: number; segment: number | null; named: Buffer }
    >(
      `SELECT m.id, a.settings ->> 'email' AS email, b.path AS mailbox, b.role, m.uid, m.hidden, m.message_id AS messageId, m.subject, m.segment, m.sha256 AS named
       FROM message m JOIN mailbox b ON b.id = m.mailbox JOIN account a ON a.id = b.account ORDER BY m.id`,
    );
    const held = rows.map(({ named, segment, ...row }) => {
      const bytes = segment === null ? undefined : readOr(() => store.raw(row.id as never), problems);
      const sha = bytes && sha256(bytes);
      if (segment !== null && sha !== named.toString('hex'))
        problems.push(`message ${row.id} “${row.subject}” is not what it was`);
      return { ...row, hidden: row.hidden === 1, sha };
    });
    const outbox = all<{ message: number; subject: string; state: string }>(
      'SELECT o.message, m.subject, o.state FROM outbox o JOIN message m ON m.id = o.message',
    );
    for (const one of outbox)
      if (!STATES.has(one.state)) problems.push(`letter ${one.message} is ${one.state}: nobody sends it`);
    const waiting = new Set(outbox.map((one) => one.message));
    for (const one of held)
      if ((one.role === 'outbox') !== waiting.has(one.id))
        problems.push(
          `letter ${one.id} is in the ${one.role || 'mailbox'} and ${waiting.has(one.id) ? '' : 'not '}waiting`,
        );
    const snapshot = store.snapshot();
    const verified = verifySegments({ db: { all } as never, profile, segments: undefined as never });
    for (const one of verified) {
      // A tail that nobody was told of is set aside when the file is next written to.
      const told =
        one.problem === 'unknown-tail' || (one.problem === 'unknown-file' && isNew(one.segment, all));
      if (!told)
        problems.push(`${one.segment}: ${one.problem}, ${one.found} bytes instead of ${one.expected}`);
    }
    problems.push(...unreadable(profile, all));
    return {
      held,
      outbox,
      drafts: snapshot.drafts.map(({ id, subject }) => ({ id, subject })),
      operations: all(
        'SELECT kind, (SELECT count(*) FROM operation_message WHERE operation = o.id) AS messages FROM operation o',
      ),
      settings: snapshot.settings,
      problems,
    };
  } finally {
    db.close();
    store.close();
  }
}

/** A file whose first commit never came has no row. An edition that no row knows was thrown away when the profile was opened. */
function isNew(segment: string, all: <T>(sql: string) => T[]): boolean {
  if (editionOf(segment)?.edition !== 1) return false;
  return !all<{ path: string }>('SELECT path FROM segment').some(({ path }) => path === segment);
}

/** Everything up to the last commit is letters, each with its own hash, read without the index. */
function unreadable(profile: string, all: <T>(sql: string) => T[]): string[] {
  const problems: string[] = [];
  const sizes = new Map(
    all<{ path: string; size: number }>('SELECT path, size FROM segment').map((row) => [row.path, row.size]),
  );
  for (const file of segmentFiles(profile)) {
    const fd = openSync(join(profile, file), 'r');
    try {
      for (const found of scanSegment(fd, sizes.get(file) ?? 0))
        if (!('bytes' in found) || !found.intact) problems.push(`${file}: damage at ${found.at}`);
    } finally {
      closeSync(fd);
    }
  }
  return problems;
}

function readOr<T>(read: () => T, problems: string[]): T | undefined {
  try {
    return read();
  } catch (thrown) {
    problems.push(String(thrown));
    return undefined;
  }
}
