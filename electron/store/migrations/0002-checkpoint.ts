/**
 * What changed since the checkpoint beside the segments was written (checkpoint/writer.ts): kind and key of rows, put down
 * by the change itself, so that no verb can forget it. `unsure`: what is known of a mailbox has to be compared whole.
 */
export const migration = {
  number: 2,
  sql: `
CREATE INDEX message_unnamed ON message (mailbox, size) WHERE message_id = '';
`,
};
