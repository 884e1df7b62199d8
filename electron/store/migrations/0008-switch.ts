/**
 * A change of an account's mode (docs/decisions/0008). mailbox.local: a folder of this computer in an account whose mail is
 * on a server. switch_entry: what the server holds, while it is compared. mode_switch: changes that were done, with what
 * mailboxes and messages were before; horizon: by mailbox, the last UID that the server had then; of: of whose bytes the change
 * made a row of its own.
 */
export const migration = {
  number: 8,
  sql: `
ALTER TABLE mailbox ADD COLUMN local INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER changed_mailbox_up;
CREATE TRIGGER changed_mailbox_up AFTER UPDATE OF path, name, depth, role, selectable, uid_validity, excluded, keep, local ON mailbox
BEGIN INSERT INTO changed (kind, key, fresh) VALUES ('mailbox', NEW.id, 0) ON CONFLICT (kind, key) DO NOTHING; END;

CREATE TABLE switch_entry (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  path TEXT NOT NULL, uid_validity INTEGER, number INTEGER NOT NULL, uidl TEXT NOT NULL, size INTEGER NOT NULL,
  message_id TEXT, header TEXT, sha256 TEXT,
  flags INTEGER NOT NULL, keywords TEXT NOT NULL, received INTEGER NOT NULL,
  UNIQUE (account, path, number)
) STRICT;

CREATE TABLE mode_switch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  from_mode TEXT NOT NULL, to_mode TEXT NOT NULL, made INTEGER NOT NULL, horizon TEXT NOT NULL
) STRICT;
CREATE TABLE switch_mailbox (
  switch INTEGER NOT NULL REFERENCES mode_switch(id) ON DELETE CASCADE,
  mailbox INTEGER NOT NULL,
  path TEXT NOT NULL, name TEXT NOT NULL, depth INTEGER NOT NULL, role TEXT NOT NULL, selectable INTEGER NOT NULL,
  local INTEGER NOT NULL, delimiter TEXT, uid_validity INTEGER, highest_modseq TEXT, owner TEXT,
  PRIMARY KEY (switch, mailbox)
) STRICT, WITHOUT ROWID;
CREATE TABLE switch_message (
  switch INTEGER NOT NULL REFERENCES mode_switch(id) ON DELETE CASCADE,
  message INTEGER NOT NULL,
  mailbox INTEGER NOT NULL, uid_mailbox INTEGER, uid INTEGER, uidl TEXT, flags INTEGER NOT NULL, keywords TEXT NOT NULL,
  flags_after INTEGER, keywords_after TEXT, of INTEGER,
  PRIMARY KEY (switch, message)
) STRICT, WITHOUT ROWID;
`,
};
