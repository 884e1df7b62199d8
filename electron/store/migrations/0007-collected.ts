/** Puts down which UIDL changed, for the checkpoint; see migration 2. */
const CHANGED = `INSERT INTO changed (kind, key, fresh) VALUES ('uidl', json_array(NEW.account, NEW.uidl), 0) ON CONFLICT (kind, key) DO NOTHING;`;
const NOW = '1000 * unixepoch()';

/** Another message of the account has the name too. */
const named = (account: string, uidl: string, not: string) =>
  `EXISTS (SELECT 1 FROM message o JOIN mailbox p ON p.id = o.mailbox WHERE o.uidl = ${uidl} AND p.account = ${account} AND ${not})`;
const DELETED = `ON CONFLICT (account, uidl) DO UPDATE SET deleted = excluded.deleted`;

/**
 * When and how what a POP3 server holds was collected. uidl.collected: when, ms. stays: no policy removes it. listed: its
 * size as the server said then. deleted: when it was deleted here for good, by a person, ms; a letter that is not here for
 * another reason has none. due: the server was told to delete it, and has not confirmed it. A message with a UIDL and
 * without bytes is a header; it has no row in uidl unless the person deleted it.
 */
export const migration = {
  number: 7,
  sql: `
ALTER TABLE uidl ADD COLUMN collected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uidl ADD COLUMN stays INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uidl ADD COLUMN listed INTEGER;
ALTER TABLE uidl ADD COLUMN deleted INTEGER;
DROP TRIGGER changed_uidl_up;
CREATE TRIGGER changed_uidl_up AFTER UPDATE OF due, collected, stays, listed, deleted ON uidl BEGIN ${CHANGED} END;

CREATE INDEX message_uidl ON message (uidl) WHERE uidl IS NOT NULL;
CREATE INDEX message_headed ON message (mailbox) WHERE uidl IS NOT NULL AND segment IS NULL;

-- What was to stay where nothing else was to: the server may hold more of it than came.
UPDATE uidl SET collected = ${NOW}, stays = due = 0 AND account IN (SELECT id FROM account WHERE settings ->> 'leaveOnServer' = 0);
UPDATE uidl SET deleted = ${NOW} WHERE NOT ${named('uidl.account', 'uidl.uidl', '1')};

CREATE TRIGGER uidl_deleted AFTER DELETE ON message WHEN OLD.uidl IS NOT NULL BEGIN
  INSERT INTO uidl (account, uidl, due, collected, deleted)
  SELECT a.id, OLD.uidl, 0, ${NOW}, ${NOW} FROM mailbox b JOIN account a ON a.id = b.account
  WHERE b.id = OLD.mailbox AND a.settings ->> 'mode' = 'pop3' AND NOT ${named('a.id', 'OLD.uidl', 'o.id <> OLD.id')}
  ${DELETED};
END;
-- With a mailbox its messages go, and then nobody knows whose they were.
CREATE TRIGGER uidl_mailbox BEFORE DELETE ON mailbox BEGIN
  INSERT INTO uidl (account, uidl, due, collected, deleted)
  SELECT a.id, m.uidl, 0, ${NOW}, ${NOW} FROM message m JOIN account a ON a.id = OLD.account
  WHERE m.mailbox = OLD.id AND m.uidl IS NOT NULL AND a.settings ->> 'mode' = 'pop3'
    AND NOT ${named('a.id', 'm.uidl', 'o.mailbox <> OLD.id')}
  ${DELETED};
END;
`,
};
