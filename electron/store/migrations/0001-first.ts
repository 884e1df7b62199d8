/** The index. All that it says about mail can be rebuilt from the mbox segments; flags here are the working copy. */
export const migration = {
  number: 1,
  sql: `
CREATE TABLE account (id TEXT PRIMARY KEY, position INTEGER NOT NULL, settings TEXT NOT NULL) STRICT;

CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  path TEXT NOT NULL, name TEXT NOT NULL, depth INTEGER NOT NULL, role TEXT NOT NULL, selectable INTEGER NOT NULL,
  uid_validity INTEGER, highest_modseq TEXT,
  total INTEGER NOT NULL DEFAULT 0, unread INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account, path)
) STRICT;

CREATE TABLE segment (id INTEGER PRIMARY KEY, mailbox INTEGER NOT NULL, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL) STRICT;

-- mailbox: where the person sees the message. uid_mailbox, uid: where the server has it now.
CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox INTEGER NOT NULL REFERENCES mailbox(id) ON DELETE CASCADE,
  uid_mailbox INTEGER, uid INTEGER, uidl TEXT,
  date INTEGER NOT NULL, size INTEGER NOT NULL, flags INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0,
  message_id TEXT NOT NULL, in_reply_to TEXT NOT NULL, reference_ids TEXT NOT NULL,
  subject TEXT NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL,
  snippet TEXT, attachments INTEGER,
  segment INTEGER REFERENCES segment(id), offset INTEGER, length INTEGER, raw_length INTEGER, sha256 BLOB
) STRICT;
CREATE INDEX message_list ON message (mailbox, hidden, date DESC, id DESC);
CREATE INDEX message_flagged ON message (date DESC, id DESC) WHERE flags & 2 AND hidden = 0;
CREATE UNIQUE INDEX message_place ON message (uid_mailbox, uid) WHERE uid IS NOT NULL;
CREATE INDEX message_named ON message (message_id) WHERE message_id <> '';
CREATE INDEX message_bodiless ON message (uid_mailbox, uid DESC) WHERE segment IS NULL AND uid IS NOT NULL;
CREATE INDEX message_undigested ON message (date DESC) WHERE snippet IS NULL AND segment IS NOT NULL;

CREATE TRIGGER message_in AFTER INSERT ON message WHEN NEW.hidden = 0 BEGIN
  UPDATE mailbox SET total = total + 1, unread = unread + ((NEW.flags & 1) = 0) WHERE id = NEW.mailbox;
END;
CREATE TRIGGER message_out AFTER DELETE ON message WHEN OLD.hidden = 0 BEGIN
  UPDATE mailbox SET total = total - 1, unread = unread - ((OLD.flags & 1) = 0) WHERE id = OLD.mailbox;
END;
CREATE TRIGGER message_changed AFTER UPDATE OF mailbox, flags, hidden ON message
WHEN OLD.mailbox <> NEW.mailbox OR (OLD.flags & 1) <> (NEW.flags & 1) OR OLD.hidden <> NEW.hidden BEGIN
  UPDATE mailbox SET total = total - 1, unread = unread - ((OLD.flags & 1) = 0) WHERE id = OLD.mailbox AND OLD.hidden = 0;
  UPDATE mailbox SET total = total + 1, unread = unread + ((NEW.flags & 1) = 0) WHERE id = NEW.mailbox AND NEW.hidden = 0;
END;

-- What the POP3 server was seen to hold and we hold too. due: to be deleted there, not confirmed yet.
CREATE TABLE uidl (
  account TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  uidl TEXT NOT NULL, due INTEGER NOT NULL,
  PRIMARY KEY (account, uidl)
) STRICT, WITHOUT ROWID;

CREATE TABLE operation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  kind TEXT NOT NULL, detail TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, error TEXT
) STRICT;
CREATE TABLE operation_message (
  operation INTEGER NOT NULL REFERENCES operation(id) ON DELETE CASCADE, message INTEGER NOT NULL,
  PRIMARY KEY (operation, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_of_message ON operation_message (message);

-- message: set while the letter is in the outbox, so that it can be taken back as it was.
CREATE TABLE draft (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  content TEXT NOT NULL, updated INTEGER NOT NULL, message INTEGER
) STRICT;
CREATE TABLE draft_attachment (
  id INTEGER PRIMARY KEY AUTOINCREMENT, draft TEXT NOT NULL REFERENCES draft(id) ON DELETE CASCADE,
  name TEXT NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL
) STRICT;

CREATE TABLE outbox (
  message INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
  account TEXT NOT NULL, envelope TEXT NOT NULL, skip INTEGER NOT NULL,
  state TEXT NOT NULL, failure TEXT, attempts INTEGER NOT NULL DEFAULT 0, queued INTEGER NOT NULL, next_try INTEGER
) STRICT;

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`,
};
