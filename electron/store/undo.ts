import type { Delta } from '../../shared/model/delta.ts';
import type { MailboxId } from '../../shared/model/ids.ts';
import type { Changes } from './changes.ts';
import { change, type Context } from './context.ts';
import type { Database, Row } from './database.ts';
import type { Done } from './deeds.ts';
import { putFlags, putInto, putKeywords, queueMove, selected } from './intents.ts';
import { undoMailbox } from './mailbox-intents.ts';
import { cancel, queue } from './operations.ts';
import { Refused } from './refused.ts';
import { flagsOf, keywordsOf } from './rows.ts';

/**
 * Undoes what the person did: what still waits is never told to the server, the rest is done the other way round.
 * @param id of a deed; the newest that can be undone when none is named
 * @param busy operations that are being carried out now
 * @throws Refused when it can't be undone, or nothing can
 */
export function undo(context: Context, busy: readonly number[], id?: number): { deed: number; delta: Delta } {
  const { db } = context;
  const { result, delta } = change(context, (changes) => {
    const row =
      id === undefined
        ? db.get('SELECT * FROM deed WHERE undone = 0 ORDER BY id DESC LIMIT 1')
        : db.get('SELECT * FROM deed WHERE id = ? AND undone = 0', id);
    if (!row) throw new Refused('there is nothing to undo');
    const done = { kind: row['kind'], ...(JSON.parse(String(row['detail'])) as object) } as Done;
    const waits = db
      .all('SELECT * FROM operation WHERE deed = ?', row['id'])
      .filter((one) => !busy.includes(Number(one['id'])) && !String(one['detail']).includes('"begun":true'));
    const taken = new Set(
      waits.flatMap((one) =>
        db
          .all('SELECT message FROM operation_message WHERE operation = ?', one['id'])
          .map((each) => Number(each['message'])),
      ),
    );
    for (const one of waits) cancel(db, changes, one);
    if ('path' in done) {
      if (waits.length === 0) undoMailbox(db, changes, done);
    } else undoMessages(db, changes, Number(row['id']), done, taken);
    db.run('UPDATE deed SET undone = 1 WHERE id = ?', row['id']);
    return Number(row['id']);
  });
  return { deed: result, delta };
}

/** @param taken those that are as they were already */
function undoMessages(
  db: Database,
  changes: Changes,
  deed: number,
  done: Exclude<Done, { path: string }>,
  taken: ReadonlySet<number>,
): void {
  const before = db
    .all('SELECT message, mailbox, flags, keywords FROM deed_message WHERE deed = ?', deed)
    .filter((row) => !taken.has(Number(row['message'])));
  if (before.length === 0) return;
  if (done.kind === 'remove') throw new Refused('these are deleted for good');
  const now = selected(
    db,
    before.map((row) => Number(row['message'])),
  );
  if (done.kind === 'copy') {
    for (const row of now) {
      if (row['mode'] === 'imap') db.run('UPDATE message SET hidden = 1 WHERE id = ?', row['id']);
      else db.run('DELETE FROM message WHERE id = ?', row['id']);
      changes.messageGone(Number(row['id']), Number(row['mailbox']));
    }
    queue(db, changes, now, { kind: 'remove' });
    return;
  }
  const was = new Map(before.map((row) => [Number(row['message']), row]));
  for (const [, rows] of grouped(now, (row) => restored(done, was.get(Number(row['id'])))))
    putBack(db, changes, done, rows, was.get(Number(rows[0]?.['id'])));
}

/** What of a message's earlier state is brought back: messages that had the same go together. */
function restored(done: Exclude<Done, { path: string }>, before: Row | undefined): string {
  return done.kind === 'flag'
    ? JSON.stringify([before?.['flags'], before?.['keywords']])
    : String(before?.['mailbox']);
}

function putBack(
  db: Database,
  changes: Changes,
  done: Exclude<Done, { path: string }>,
  rows: Row[],
  before: Row | undefined,
): void {
  if (!before) return;
  if (done.kind === 'move') {
    const to = Number(before['mailbox']) as MailboxId;
    // Only what is still where it was put: later moves stand.
    const there = rows.filter((row) => row['mailbox'] === done.to);
    queueMove(db, changes, putInto(db, changes, there, to), to);
    return;
  }
  if (done.kind !== 'flag') return;
  const had = flagsOf(Number(before['flags']));
  const flags = [...(done.set ?? []), ...(done.clear ?? [])];
  const tagged = keywordsOf(before['keywords']);
  const tags = [...(done.tag ?? []), ...(done.untag ?? [])];
  const set = flags.filter((one) => had.includes(one));
  const clear = flags.filter((one) => !had.includes(one));
  const tag = tags.filter((one) => tagged.includes(one));
  const untag = tags.filter((one) => !tagged.includes(one));
  const touched = new Map(
    [...putFlags(db, changes, rows, set, clear), ...putKeywords(db, changes, rows, tag, untag)].map((row) => [
      row['id'],
      row,
    ]),
  );
  queue(db, changes, [...touched.values()], { kind: 'flag', set, clear, tag, untag });
}

function grouped(rows: Row[], by: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = by(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}
