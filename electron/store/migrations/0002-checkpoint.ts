/** Puts down which row changed. `fresh`: the checkpoint has no line of it yet, so that the new one makes none worthless. */
const put = (kind: string, key: string, fresh: string) =>
  `INSERT INTO changed (kind, key, fresh) VALUES ('${kind}', ${key}, ${fresh}) ON CONFLICT (kind, key) DO NOTHING;`;

/** Triggers for a table whose rows are all kept. @param columns those whose change counts */
const watch = (table: string, key: (row: 'NEW' | 'OLD') => string, columns: string) => `
CREATE TRIGGER changed_${table}_in AFTER INSERT ON ${table} BEGIN ${put(table, key('NEW'), '1')} END;
CREATE TRIGGER changed_${table}_up AFTER UPDATE OF ${columns} ON ${table} BEGIN ${put(table, key('NEW'), '0')} END;
CREATE TRIGGER changed_${table}_out AFTER DELETE ON ${table} BEGIN ${put(table, key('OLD'), '0')} END;
`;
const byId = (row: 'NEW' | 'OLD') => `${row}.id`;

/**
 * changed: rows whose present state is not in the checkpoint beside the segments yet (checkpoint/writer.ts), put down by
 * the change itself, so that no verb can forget it and no crash can lose it. Messages of which only the header is here are
 * left out: their server has them. unsure: what is known of a mailbox may have gaps, it has to be compared whole.
 */
export const migration = {
  number: 2,
  sql: `
CREATE INDEX message_unnamed ON message (mailbox, size) WHERE message_id = '';
ALTER TABLE mailbox ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;

CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE changed (kind TEXT NOT NULL, key ANY NOT NULL, fresh INTEGER NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;

CREATE TRIGGER changed_message_in AFTER INSERT ON message WHEN NEW.segment IS NOT NULL BEGIN
  ${put('message', 'NEW.id', '1')}
END;
CREATE TRIGGER changed_message_up AFTER UPDATE OF mailbox, uid_mailbox, uid, uidl, date, flags, hidden, segment ON message
WHEN NEW.segment IS NOT NULL BEGIN
  ${put('message', 'NEW.id', 'OLD.segment IS NULL')}
END;
CREATE TRIGGER changed_message_out AFTER DELETE ON message WHEN OLD.segment IS NOT NULL BEGIN
  ${put('message', 'OLD.id', '0')}
END;
${watch('account', byId, 'position, settings')}
${watch('mailbox', byId, 'path, name, depth, role, selectable, uid_validity')}
${watch('segment', byId, 'size')}
${watch('uidl', (row) => `json_array(${row}.account, ${row}.uidl)`, 'due')}
${watch('operation', byId, 'detail')}
${watch('outbox', (row) => `${row}.message`, 'state, envelope')}
${watch('draft', byId, 'account, content, message')}
${watch('draft_attachment', byId, 'draft')}
${watch('setting', (row) => `${row}.name`, 'value')}
`,
};
