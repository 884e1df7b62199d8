/**
 * Full-text search (docs/decisions/0006). doc: a message's number in the index of words; newer letters have higher ones.
 * cc: as sender and recipients; null in rows that are older than this column. The table of words keeps no text of its own:
 * the letters have it. Its text is folded before (shared/search/fold.ts), the tokenizer only cuts at the spaces.
 */
export const migration = {
  number: 3,
  sql: `
ALTER TABLE message ADD COLUMN cc TEXT;
ALTER TABLE message ADD COLUMN doc INTEGER;

DROP INDEX message_undigested;
CREATE INDEX message_undigested ON message (date DESC) WHERE segment IS NOT NULL AND (snippet IS NULL OR doc IS NULL);
CREATE INDEX message_unlisted ON message (date DESC) WHERE segment IS NULL AND doc IS NULL;
-- All that a search asks of a message, so that it reads no row.
CREATE INDEX message_found ON message (doc DESC, mailbox, flags, hidden, size, attachments, date) WHERE doc IS NOT NULL;
CREATE INDEX message_unread ON message (doc DESC, mailbox, flags, hidden, size, attachments, date) WHERE flags & 1 = 0 AND doc IS NOT NULL;

CREATE VIRTUAL TABLE search USING fts5 (
  subject, sender, recipients, copied, body, files,
  content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2 3'
);
-- Words of the subject count most, then people, names of files, the text.
INSERT INTO search (search, rank) VALUES ('rank', 'bm25(8.0, 5.0, 3.0, 2.0, 1.0, 2.0)');

CREATE TRIGGER message_lost AFTER DELETE ON message WHEN OLD.doc IS NOT NULL BEGIN
  DELETE FROM search WHERE rowid = OLD.doc;
END;
`,
};
