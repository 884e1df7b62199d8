import type { Delta } from '../../shared/model/delta.ts';
import type { AccountId, MailboxId } from '../../shared/model/ids.ts';
import type { Keep } from '../../shared/model/mailbox.ts';
import type { Changes } from './changes.ts';
import { change, type Context } from './context.ts';
import type { Database, Row } from './database.ts';
import { remember } from './deeds.ts';
import { movePaths, parts } from './mailbox-paths.ts';
import { queueMailbox } from './operations.ts';
import { Refused } from './refused.ts';
import { text } from './text.ts';

/** No more than servers take, in UTF-16 units. */
const LONGEST = 250;

/**
 * Makes a mailbox here at once; a server is told when it can be.
 * @param parent above it; none makes it stand at the top
 * @throws Refused for a name that can't be one, or is taken
 */
export function createMailbox(
  context: Context,
  account: AccountId,
  name: string,
  parent?: MailboxId,
): { mailbox: MailboxId; delta: Delta } {
  const { db } = context;
  const { result, delta } = change(context, (changes) => {
    const above = parent === undefined ? undefined : mailboxRow(db, parent);
    if (above && above['account'] !== account) throw new Refused('a mailbox stays in its account');
    const delimiter = delimiterOf(db, account, above);
    const path = pathOf(name, above, delimiter);
    requireFree(db, account, path);
    const local = above?.['local'] === 1;
    const { id } = db.run(
      'INSERT INTO mailbox (account, path, name, depth, role, selectable, delimiter, local) VALUES (?, ?, ?, ?, ?, 1, ?, ?)',
      account,
      path,
      name,
      parts(path, delimiter).length - 1,
      'none',
      delimiter ?? null,
      local ? 1 : 0,
    );
    changes.mailbox(id);
    const deed = remember(db, { kind: 'create', account, path }, []);
    if (!local && modeOf(db, account) === 'imap')
      queueMailbox(db, changes, account, { kind: 'create', path }, deed);
    return id as MailboxId;
  });
  return { mailbox: result, delta };
}

/**
 * Gives a mailbox another name, or another place in the same account, with all below it.
 * @throws Refused
 */
export function renameMailbox(
  context: Context,
  mailbox: MailboxId,
  name: string,
  parent?: MailboxId | null,
): Delta {
  return change(context, (changes) => {
    const row = requireOwn(context.db, mailbox);
    const above =
      parent === undefined
        ? parentOf(context.db, row)
        : parent === null
          ? undefined
          : mailboxRow(context.db, parent);
    if (above && above['account'] !== row['account']) throw new Refused('a mailbox stays in its account');
    const local = row['local'] === 1;
    if (above ? (above['local'] === 1) !== local : local && parent === null)
      throw new Refused(
        'a folder of this computer can’t become one of the server, nor the other way round: move its messages',
      );
    const delimiter = delimiterOf(context.db, String(row['account']), row);
    rename(context.db, changes, row, pathOf(name, above, delimiter));
  }).delta;
}

function rename(db: Database, changes: Changes, row: Row, to: string, undoing = false): void {
  const account = String(row['account']);
  const path = String(row['path']);
  const delimiter = text(row['delimiter']);
  if (to === path) return;
  if (delimiter !== undefined && to.startsWith(path + delimiter))
    throw new Refused('a mailbox can’t be moved into itself');
  requireFree(db, account, to);
  movePaths(db, changes, account, path, to);
  const deed = undoing ? undefined : remember(db, { kind: 'rename', account, path, to }, []);
  if (isTold(db, row)) queueMailbox(db, changes, account, { kind: 'rename', path, to }, deed);
}

/**
 * Deletes a mailbox: it goes into Trash, with all below it; one that lies there already goes for good, with its letters.
 * @returns whether it went for good
 * @throws Refused for one that has a use, such as INBOX
 */
export function deleteMailbox(context: Context, mailbox: MailboxId): { gone: boolean; delta: Delta } {
  const { db } = context;
  const { result, delta } = change(context, (changes) => {
    const row = requireOwn(db, mailbox);
    const account = String(row['account']);
    const trash = db.get(`SELECT * FROM mailbox WHERE account = ? AND role = 'trash'`, account);
    const delimiter = text(row['delimiter']);
    const path = String(row['path']);
    if (row['local'] === 1 && holdsMail(db, account, path, delimiter))
      throw new Refused('there is mail in it that is nowhere else: move it first');
    if (
      trash &&
      row['local'] !== 1 &&
      delimiter &&
      row['selectable'] === 1 &&
      !path.startsWith(String(trash['path']) + delimiter)
    ) {
      let to = String(trash['path']) + delimiter + String(row['name']);
      for (let count = 2; pathTaken(db, account, to); count += 1)
        to = `${String(trash['path'])}${delimiter}${String(row['name'])} ${count}`;
      rename(db, changes, row, to);
      return false;
    }
    const all = db
      .all('SELECT * FROM mailbox WHERE account = ? ORDER BY length(path) DESC', account)
      .filter(
        (one) => one === row || one['id'] === row['id'] || isBelow(String(one['path']), path, delimiter),
      );
    for (const one of all) drop(db, changes, one);
    return true;
  });
  return { gone: result, delta };
}

function holdsMail(db: Database, account: string, path: string, delimiter: string | undefined): boolean {
  return db
    .all('SELECT path, total FROM mailbox WHERE account = ?', account)
    .some(
      (one) =>
        Number(one['total']) > 0 && (one['path'] === path || isBelow(String(one['path']), path, delimiter)),
    );
}

function isBelow(path: string, above: string, delimiter: string | undefined): boolean {
  return delimiter !== undefined && delimiter !== '' && path.startsWith(above + delimiter);
}

function drop(db: Database, changes: Changes, row: Row): void {
  const account = String(row['account']);
  const path = String(row['path']);
  changes.mailboxGone(Number(row['id']));
  if (!isTold(db, row) || row['selectable'] === 0) {
    db.run('DELETE FROM mailbox WHERE id = ?', row['id']);
    return;
  }
  const deed = remember(db, { kind: 'delete', account, path }, []);
  queueMailbox(db, changes, account, { kind: 'delete', path }, deed);
}

export function subscribeMailbox(context: Context, mailbox: MailboxId, subscribed: boolean): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const row = mailboxRow(db, mailbox);
    if (row['subscribed'] === (subscribed ? 1 : 0)) return;
    db.run('UPDATE mailbox SET subscribed = ? WHERE id = ?', subscribed ? 1 : 0, mailbox);
    changes.mailbox(mailbox);
    const account = String(row['account']);
    const path = String(row['path']);
    const deed = remember(db, { kind: 'subscribe', account, path, subscribed }, []);
    if (isTold(db, row)) queueMailbox(db, changes, account, { kind: 'subscribe', path, subscribed }, deed);
  }).delta;
}

/** What is this computer's own business: whether a mailbox is brought in step, and how much of it is kept here. */
export function setMailbox(
  context: Context,
  mailbox: MailboxId,
  set: { excluded?: boolean | undefined; keep?: Keep | null | undefined },
): Delta {
  const { db } = context;
  return change(context, (changes) => {
    mailboxRow(db, mailbox);
    if (set.excluded !== undefined)
      db.run('UPDATE mailbox SET excluded = ? WHERE id = ?', set.excluded ? 1 : 0, mailbox);
    if (set.keep !== undefined)
      db.run(
        'UPDATE mailbox SET keep = ? WHERE id = ?',
        set.keep === null ? null : String(set.keep),
        mailbox,
      );
    changes.mailbox(mailbox);
  }).delta;
}

/** What the server says the person may do in a mailbox (RFC 4314). */
export function setRights(context: Context, mailbox: MailboxId, rights: string): Delta {
  const { db } = context;
  return change(context, (changes) => {
    const { changes: changed } = db.run(
      'UPDATE mailbox SET rights = ? WHERE id = ? AND rights IS NOT ?',
      rights,
      mailbox,
      rights,
    );
    if (changed > 0) changes.mailbox(mailbox);
  }).delta;
}

/** Undoes what was done to a mailbox, inside a transaction: told to the server as anything else. @throws Refused */
export function undoMailbox(
  db: Database,
  changes: Changes,
  done:
    | { kind: 'create' | 'delete'; account: string; path: string }
    | { kind: 'rename'; account: string; path: string; to: string }
    | { kind: 'subscribe'; account: string; path: string; subscribed: boolean },
): void {
  const at = (path: string) =>
    db.get('SELECT * FROM mailbox WHERE account = ? AND path = ?', done.account, path);
  if (done.kind === 'rename') {
    const row = at(done.to);
    if (!row) throw new Refused('the mailbox is not there any more');
    rename(db, changes, row, done.path, true);
  } else if (done.kind === 'create') {
    const row = at(done.path);
    if (row && db.get('SELECT 1 FROM message WHERE mailbox = ? LIMIT 1', row['id']))
      throw new Refused('there is mail in it by now');
    if (row) {
      changes.mailboxGone(Number(row['id']));
      if (isTold(db, row)) queueMailbox(db, changes, done.account, { kind: 'delete', path: done.path });
      else db.run('DELETE FROM mailbox WHERE id = ?', row['id']);
    }
  } else if (done.kind === 'subscribe') {
    const row = at(done.path);
    if (!row) throw new Refused('the mailbox is not there any more');
    db.run('UPDATE mailbox SET subscribed = ? WHERE id = ?', done.subscribed ? 0 : 1, row['id']);
    changes.mailbox(Number(row['id']));
    if (isTold(db, row))
      queueMailbox(db, changes, done.account, {
        kind: 'subscribe',
        path: done.path,
        subscribed: !done.subscribed,
      });
  } else throw new Refused('the server has deleted it');
}

function mailboxRow(db: Database, mailbox: MailboxId): Row {
  const row = db.get('SELECT * FROM mailbox WHERE id = ?', mailbox);
  if (!row) throw new Refused('there is no such mailbox');
  return row;
}

/** Without INBOX, Trash and the like there is no account. */
function requireOwn(db: Database, mailbox: MailboxId): Row {
  const row = mailboxRow(db, mailbox);
  if (row['role'] !== 'none') throw new Refused('the account needs this mailbox');
  return row;
}

function parentOf(db: Database, row: Row): Row | undefined {
  const delimiter = text(row['delimiter']);
  const levels = parts(String(row['path']), delimiter);
  if (delimiter === undefined || levels.length < 2) return undefined;
  return db.get(
    'SELECT * FROM mailbox WHERE account = ? AND path = ?',
    row['account'],
    levels.slice(0, -1).join(delimiter),
  );
}

/** POP3 accounts keep their mail here, with levels as everybody knows them from files. */
function delimiterOf(db: Database, account: string, near: Row | undefined): string | undefined {
  if (near && typeof near['delimiter'] === 'string') return near['delimiter'];
  if (modeOf(db, account) === 'pop3') return '/';
  const some = db.get(
    'SELECT delimiter FROM mailbox WHERE account = ? AND delimiter IS NOT NULL LIMIT 1',
    account,
  );
  return some ? String(some['delimiter']) : undefined;
}

/** @throws Refused */
function pathOf(name: string, above: Row | undefined, delimiter: string | undefined): string {
  const bad =
    name.trim() === '' ||
    name.length > LONGEST ||
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f%*]/u.test(name) ||
    (delimiter !== undefined && name.includes(delimiter));
  if (bad) throw new Refused(`a mailbox can’t be called “${name}”`);
  if (!above) return name;
  if (delimiter === undefined) throw new Refused('this server’s mailboxes have no levels');
  return `${String(above['path'])}${delimiter}${name}`;
}

function pathTaken(db: Database, account: string, path: string): boolean {
  return db.get('SELECT 1 FROM mailbox WHERE account = ? AND path = ?', account, path) !== undefined;
}

function requireFree(db: Database, account: string, path: string): void {
  if (path.toUpperCase() === 'INBOX' || pathTaken(db, account, path))
    throw new Refused(`there is a mailbox “${path}” already`);
}

/** Whether a server has to be told of what is done to it. */
function isTold(db: Database, row: Row): boolean {
  return row['local'] !== 1 && modeOf(db, String(row['account'])) === 'imap';
}

function modeOf(db: Database, account: string): string {
  return String(db.get(`SELECT settings ->> 'mode' AS mode FROM account WHERE id = ?`, account)?.['mode']);
}
