/**
 * For a search among few messages: drafts, and letters of a megabyte or more. As message_found (migration 3), they hold all
 * that is asked of a message.
 */
export const migration = {
  number: 6,
  sql: `
CREATE INDEX message_draft ON message (doc DESC, mailbox, flags, hidden, size, attachments, date) WHERE flags & 8 AND doc IS NOT NULL;
CREATE INDEX message_large ON message (doc DESC, mailbox, flags, hidden, size, attachments, date) WHERE size > 1000000 AND doc IS NOT NULL;
`,
};
