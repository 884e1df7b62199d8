import { Mode } from '../../../shared/model/account.ts';
import type { Delta } from '../../../shared/model/delta.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Changes } from '../changes.ts';
import { change, type Context } from '../context.ts';
import type { Database, Row } from '../database.ts';
import { queue } from '../operations.ts';
import { Refused } from '../refused.ts';
import { flagsOf, keywordsOf } from '../rows.ts';
import { localRoot, makeLocal } from './local-folders.ts';
import { setMode } from './switch.ts';

/**
 * Takes back the last change of an account's mode, in one transaction: the mode, folders and places are as they were, and so
 * are flags that nobody has touched since. What came or was deleted since stays so; nothing is taken from a server: what was
 * put there in the course of the change stays there.
 * @throws Refused when there is nothing to take back
 */
export function undoSwitch(context: Context, account: AccountId): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const last = db.get('SELECT * FROM mode_switch WHERE account = ?', account);
    if (!last) throw new Refused('there is no change of mode that could be undone');
    const id = Number(last['id']);
    // While rows change places the account is none of POP3: what goes was not deleted by the person.
    setMode(db, account, 'imap');
    // What the server has not heard of yet is of its mailboxes, and means nothing to the other mode.
    db.run('DELETE FROM operation WHERE account = ?', account);
    changes.waiting();
    unhide(db, changes, account);
    dropMade(db, changes, id);
    const later = laterMailboxes(db, account, id);
    restoreMailboxes(db, changes, account, id);
    restoreMessages(db, changes, id);
    tellChanged(db, changes, account, last);
    const horizon = JSON.parse(String(last['horizon'])) as Record<string, number>;
    for (const row of later) putAway(db, changes, account, row, horizon[String(row['id'])]);
    setMode(db, account, Mode.parse(last['from_mode']));
    db.run('DELETE FROM mode_switch WHERE id = ?', id);
    changes.account(account);
  }).delta;
}

/** Rows that the change made of the bytes of others. */
function dropMade(db: Database, changes: Changes, id: number): void {
  const rows = db.all(
    'SELECT m.id, m.mailbox FROM switch_message s JOIN message m ON m.id = s.message WHERE s.switch = ? AND s.of IS NOT NULL',
    id,
  );
  for (const row of rows) {
    db.run('DELETE FROM operation_message WHERE message = ?', row['id']);
    db.run('DELETE FROM message WHERE id = ?', row['id']);
    changes.messageGone(Number(row['id']), Number(row['mailbox']));
  }
}

function laterMailboxes(db: Database, account: string, id: number): Row[] {
  return db.all(
    `SELECT * FROM mailbox WHERE account = ? AND id NOT IN (SELECT mailbox FROM switch_mailbox WHERE switch = ?) ORDER BY path DESC`,
    account,
    id,
  );
}

function restoreMailboxes(db: Database, changes: Changes, account: string, id: number): void {
  // Their paths may go round in a circle: first each has one that nobody has.
  db.run(`UPDATE mailbox SET path = char(1) || id WHERE account = ?`, account);
  for (const row of db.all('SELECT * FROM switch_mailbox WHERE switch = ?', id)) {
    db.run(
      `INSERT INTO mailbox (id, account, path, name, depth, role, selectable, local, delimiter, uid_validity, highest_modseq, owner)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET path = excluded.path, name = excluded.name, depth = excluded.depth, role = excluded.role,
         selectable = excluded.selectable, local = excluded.local, delimiter = excluded.delimiter, uid_validity = excluded.uid_validity,
         highest_modseq = excluded.highest_modseq, owner = excluded.owner, server_total = NULL, server_unread = NULL, rights = NULL`,
      row['mailbox'],
      account,
      row['path'],
      row['name'],
      row['depth'],
      row['role'],
      row['selectable'],
      row['local'],
      row['delimiter'],
      row['uid_validity'],
      row['highest_modseq'],
      row['owner'],
    );
    changes.mailbox(Number(row['mailbox']));
  }
}

function restoreMessages(db: Database, changes: Changes, id: number): void {
  const rows = db.all(
    `SELECT s.*, m.mailbox AS now_in, m.flags AS now_flags, m.keywords AS now_keywords FROM switch_message s
     JOIN message m ON m.id = s.message WHERE s.switch = ? AND s.of IS NULL`,
    id,
  );
  // Numbers may have gone from one to another.
  db.run(
    'UPDATE message SET uid_mailbox = NULL, uid = NULL WHERE id IN (SELECT message FROM switch_message WHERE switch = ?)',
    id,
  );
  for (const row of rows) {
    const { uid, uid_mailbox: place } = row;
    // Met again meanwhile, and a message of its own.
    const taken =
      uid !== null &&
      db.get('SELECT 1 FROM message WHERE uid_mailbox = ? AND uid = ?', place, uid) !== undefined;
    const flags = row['flags_after'] === row['now_flags'] ? row['flags'] : row['now_flags'];
    const keywords = row['keywords_after'] === row['now_keywords'] ? row['keywords'] : row['now_keywords'];
    db.run(
      'UPDATE message SET mailbox = ?, uid_mailbox = ?, uid = ?, uidl = coalesce(?, uidl), flags = ?, keywords = ?, hidden = 0, sought = NULL WHERE id = ?',
      row['mailbox'],
      taken ? null : place,
      taken ? null : uid,
      row['uidl'],
      flags,
      keywords,
      row['message'],
    );
    changes.message(Number(row['message']), Number(row['now_in']), Number(row['mailbox']));
  }
}

/** Deletions that the server was not told of are none. */
function unhide(db: Database, changes: Changes, account: string): void {
  const rows = db.all(
    'SELECT m.id, m.mailbox FROM mailbox b JOIN message m ON m.mailbox = b.id WHERE b.account = ? AND m.hidden = 1',
    account,
  );
  for (const row of rows) {
    db.run('UPDATE message SET hidden = 0 WHERE id = ?', row['id']);
    changes.message(Number(row['id']), Number(row['mailbox']));
  }
}

/** Back on an IMAP server: flags and tags that the person changed since, nobody has told it of. */
function tellChanged(db: Database, changes: Changes, account: string, last: Row): void {
  if (last['from_mode'] !== 'imap') return;
  const rows = db.all(
    `SELECT m.id, m.flags, m.keywords, s.flags AS had, s.keywords AS had_keywords FROM switch_message s JOIN message m ON m.id = s.message
     WHERE s.switch = ? AND m.uid IS NOT NULL AND (m.flags <> s.flags OR m.keywords <> s.keywords)`,
    last['id'],
  );
  for (const row of rows) {
    const [now, before] = [Number(row['flags']), Number(row['had'])];
    const [tags, had] = [keywordsOf(row['keywords']), keywordsOf(row['had_keywords'])];
    queue(db, changes, [{ id: row['id'], account, mode: 'imap' }], {
      kind: 'flag',
      set: flagsOf(now & ~before),
      clear: flagsOf(before & ~now),
      tag: tags.filter((one) => !had.includes(one)),
      untag: had.filter((one) => !tags.includes(one)),
    });
  }
}

/**
 * A mailbox that came with the mode that is left: what its server had before goes with it, the server has it still; the rest
 * stays, here.
 * @param horizon the last UID that it had; none where it is no server's
 */
function putAway(
  db: Database,
  changes: Changes,
  account: string,
  row: Row,
  horizon: number | undefined,
): void {
  const id = Number(row['id']);
  const gone =
    horizon === undefined
      ? []
      : db.all(
          'SELECT id FROM message WHERE mailbox = ? AND uid_mailbox = mailbox AND uid <= ?',
          id,
          horizon,
        );
  for (const one of gone) {
    db.run('DELETE FROM message WHERE id = ?', one['id']);
    changes.messageGone(Number(one['id']), id);
  }
  if (!db.get('SELECT 1 FROM message WHERE mailbox = ? LIMIT 1', id)) {
    db.run('UPDATE message SET uid_mailbox = NULL, uid = NULL WHERE uid_mailbox = ?', id);
    db.run('DELETE FROM mailbox WHERE id = ?', id);
    changes.mailboxGone(id);
    return;
  }
  const mode = db.get(`SELECT to_mode FROM mode_switch WHERE account = ?`, account)?.['to_mode'];
  if (mode === 'pop3') {
    makeLocal(db, changes, localRoot(db, changes, account, new Set()), row);
    return;
  }
  let path = String(row['path']);
  while (db.get('SELECT 1 FROM mailbox WHERE account = ? AND path = ?', account, path)) path += '_';
  db.run('UPDATE mailbox SET path = ?, local = 0 WHERE id = ?', path, id);
  changes.mailbox(id);
}
