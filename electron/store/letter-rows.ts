import type { Draft, OutboxItem } from '../../shared/model/draft.ts';
import type { Database } from './database.ts';
import { draftOf, outboxItemOf } from './rows.ts';

/** What a draft's window shows of its attachments; the bytes stay where they are. */
export const ATTACHMENTS =
  'SELECT id, name, type, length(bytes) AS size FROM draft_attachment WHERE draft = ? ORDER BY id';

export function allDrafts(db: Database): Draft[] {
  return db
    .all('SELECT * FROM draft WHERE message IS NULL ORDER BY updated DESC')
    .map((row) => draftOf(row, db.all(ATTACHMENTS, row['id'])));
}

export function outbox(db: Database): OutboxItem[] {
  return db
    .all('SELECT o.*, m.subject FROM outbox o JOIN message m ON m.id = o.message ORDER BY o.queued')
    .map(outboxItemOf);
}
