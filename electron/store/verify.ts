import { createHash } from 'node:crypto';
import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DamagedMessage, SegmentProblem, VerifyStep } from '../app/ports-store.ts';
import { unquote } from '../mbox/quote.ts';
import type { Context } from './context.ts';
import type { Database, Row } from './database.ts';
import { isMissing, readAt } from './mbox/segments.ts';
import { segmentFiles } from './segment-files.ts';

/** What one step reads at most, the last message apart: the reader thread has other things to do too. */
const COUNT = 500;
const BYTES = 8 * 1024 * 1024;

const SELECT = `SELECT m.id, m.subject, m.message_id, m.offset, m.length, m.raw_length, m.sha256, b.account, b.path AS mailbox, s.path AS segment
  FROM message m JOIN mailbox b ON b.id = m.mailbox JOIN segment s ON s.id = m.segment`;

type Found = { problem: DamagedMessage['problem']; detail: string };

/** Compares stored messages with their hashes, from the one after `after` on, a bounded number of bytes at a time. */
export function verifyMessages({ db, profile }: Context, after: number): VerifyStep {
  const rows = db.all(`${SELECT} WHERE m.id > ? ORDER BY m.id LIMIT ${COUNT}`, after);
  const files = new Map<string, number>();
  const step: VerifyStep = { checked: 0, bytes: 0, damaged: [] };
  if (after === 0)
    step.total = Number(db.get('SELECT count(*) AS n FROM message WHERE segment IS NOT NULL')?.['n'] ?? 0);
  try {
    for (const row of rows) {
      const found = check(db, profile, files, row);
      step.checked += 1;
      step.bytes += Number(row['length']);
      if (found) step.damaged.push({ ...nameOf(row), ...found });
      if (step.bytes >= BYTES || step.checked === COUNT) return { ...step, next: Number(row['id']) };
    }
  } finally {
    for (const fd of files.values()) closeSync(fd);
  }
  return step;
}

/** Files that are gone, shorter or longer than the index says, or unknown to it. */
export function verifySegments({ db, profile }: Context): SegmentProblem[] {
  const known = new Map(
    db
      .all('SELECT path, size FROM segment ORDER BY id')
      .map((row) => [String(row['path']), Number(row['size'])]),
  );
  const problems: SegmentProblem[] = [];
  for (const [segment, expected] of known) {
    const found = statSync(join(profile, segment), { throwIfNoEntry: false })?.size;
    if (found === expected) continue;
    const problem = found === undefined ? 'missing' : found < expected ? 'too-short' : 'unknown-tail';
    // A file made for a batch that never came holds nothing.
    if (expected > 0 || problem === 'unknown-tail')
      problems.push({ segment, problem, expected, found: found ?? 0 });
  }
  for (const segment of segmentFiles(profile)) {
    if (known.has(segment)) continue;
    const found = statSync(join(profile, segment), { throwIfNoEntry: false })?.size ?? 0;
    problems.push({ segment, problem: 'unknown-file', expected: 0, found });
  }
  return problems;
}

/** What is wrong with the bytes of one stored message. @returns undefined when nothing is, or only its header is here */
export function damageOf({ db, profile }: Context, id: number): DamagedMessage | undefined {
  const row = db.get(`${SELECT} WHERE m.id = ?`, id);
  const files = new Map<string, number>();
  try {
    const found = row && check(db, profile, files, row);
    return row && found ? { ...nameOf(row), ...found } : undefined;
  } finally {
    for (const fd of files.values()) closeSync(fd);
  }
}

/** Whether all of the message is on the disk as it came. */
export function isSound(context: Context, id: number): boolean {
  return damageOf(context, id) === undefined;
}

function check(db: Database, profile: string, files: Map<string, number>, row: Row): Found | undefined {
  const segment = String(row['segment']);
  const length = Number(row['length']);
  try {
    const fd = files.get(segment) ?? openSync(join(profile, segment), 'r');
    files.set(segment, fd);
    const stored = readAt(fd, Number(row['offset']), length);
    if (stored.length < length)
      return { problem: 'file-too-short', detail: `${length - stored.length} bytes are missing` };
    const bytes = Number(row['raw_length']) === length ? stored : unquote(stored);
    if (bytes.length !== row['raw_length'])
      return {
        problem: 'wrong-length',
        detail: `${bytes.length} bytes instead of ${String(row['raw_length'])}`,
      };
    const sha256 = createHash('sha256').update(bytes).digest();
    if (sha256.equals(row['sha256'] as Buffer)) return undefined;
    return { problem: 'wrong-hash', detail: `SHA-256 ${sha256.toString('hex')}` };
  } catch (thrown) {
    const missing = isMissing(thrown);
    // The writer may have put it into another file meanwhile.
    const now = missing ? db.get(`${SELECT} WHERE m.id = ?`, row['id']) : undefined;
    if (missing && now?.['segment'] !== segment) return now && check(db, profile, files, now);
    return {
      problem: missing ? 'file-missing' : 'unreadable',
      detail: thrown instanceof Error ? thrown.message : String(thrown),
    };
  }
}

function nameOf(row: Row): Omit<DamagedMessage, 'problem' | 'detail'> {
  return {
    id: row['id'] as DamagedMessage['id'],
    account: row['account'] as DamagedMessage['account'],
    mailbox: String(row['mailbox']),
    subject: String(row['subject']),
    messageId: String(row['message_id']),
    segment: String(row['segment']),
    offset: Number(row['offset']),
  };
}
