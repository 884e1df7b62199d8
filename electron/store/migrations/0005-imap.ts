/** Puts down which message changed, for the checkpoint; see migration 2. */
const CHANGED = `INSERT INTO changed (kind, key, fresh) VALUES ('message', NEW.id, OLD.segment IS NULL) ON CONFLICT (kind, key) DO NOTHING;`;
const MAILBOX = `INSERT INTO changed (kind, key, fresh) VALUES ('mailbox', NEW.id, 0) ON CONFLICT (kind, key) DO NOTHING;`;

/**
 * What an IMAP server tells of mailboxes beyond their names; tags; one letter in several mailboxes; what the person did.
 * mailbox.keep: 'all', 'headers', a number of days, or NULL for what the account says. mailbox.owner: 'other' or 'shared'.
 * message.keywords: atoms, one space between, in order. message.email_id: the same for all copies of a letter (RFC 8474,
 * Gmail's X-GM-MSGID). deed: what can be undone; deed_message: what a message was before. operation.deed: whose it is.
 */
export const migration = {
  number: 5,
  sql: `
ALTER TABLE mailbox ADD COLUMN delimiter TEXT;
ALTER TABLE mailbox ADD COLUMN subscribed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE mailbox ADD COLUMN owner TEXT;
ALTER TABLE mailbox ADD COLUMN rights TEXT;
ALTER TABLE mailbox ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN keep TEXT;
ALTER TABLE mailbox ADD COLUMN server_total INTEGER;
ALTER TABLE mailbox ADD COLUMN server_unread INTEGER;

ALTER TABLE message ADD COLUMN keywords TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN email_id TEXT;
-- Of a message that was moved and has no UID: how many whole looks at its mailbox did not find it (see dropUnfound).
ALTER TABLE message ADD COLUMN sought INTEGER;
CREATE INDEX message_sought ON message (mailbox) WHERE sought IS NOT NULL;
CREATE INDEX message_email ON message (email_id) WHERE email_id IS NOT NULL;

DROP TRIGGER changed_message_up;
CREATE TRIGGER changed_message_up AFTER UPDATE OF mailbox, uid_mailbox, uid, uidl, date, flags, keywords, hidden, segment ON message
WHEN NEW.segment IS NOT NULL BEGIN ${CHANGED} END;
DROP TRIGGER changed_mailbox_up;
CREATE TRIGGER changed_mailbox_up AFTER UPDATE OF path, name, depth, role, selectable, uid_validity, excluded, keep ON mailbox
BEGIN ${MAILBOX} END;

-- Bytes that another copy of the letter still has are not free.
DROP TRIGGER message_buried;
CREATE TRIGGER message_buried AFTER DELETE ON message
WHEN OLD.segment IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message WHERE segment = OLD.segment AND offset = OLD.offset) BEGIN
  INSERT OR REPLACE INTO buried (segment, offset, length, raw_length, sha256, since)
  VALUES (OLD.segment, OLD.offset, OLD.length, OLD.raw_length, OLD.sha256, 1000 * unixepoch());
END;

CREATE TABLE deed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, detail TEXT NOT NULL, made INTEGER NOT NULL, undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE deed_message (
  deed INTEGER NOT NULL REFERENCES deed(id) ON DELETE CASCADE, message INTEGER NOT NULL,
  mailbox INTEGER NOT NULL, flags INTEGER NOT NULL, keywords TEXT NOT NULL,
  PRIMARY KEY (deed, message)
) STRICT, WITHOUT ROWID;
ALTER TABLE operation ADD COLUMN made INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operation ADD COLUMN deed INTEGER;
`,
};
