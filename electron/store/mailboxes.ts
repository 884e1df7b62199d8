import type { Delta } from '../../shared/model/delta.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { Mailbox, MailboxRole } from '../../shared/model/mailbox.ts';
import type { ListedMailbox } from '../app/ports-engine.ts';
import type { Changes } from './changes.ts';
import { change, type Context } from './context.ts';
import type { Database, Row } from './database.ts';
import { dropUnfound } from './incoming.ts';
import { SHOWN } from './mailbox-paths.ts';
import { mailboxOf } from './rows.ts';

const NAMES: Record<MailboxRole, string> = {
  inbox: 'INBOX',
  drafts: 'Drafts',
  sent: 'Sent',
  archive: 'Archive',
  junk: 'Junk',
  trash: 'Trash',
  outbox: 'Outbox',
  none: '',
};

/** Accounts stand as they were added: their ids are random. */
const VISIBLE = `SELECT b.* FROM mailbox b JOIN account a ON a.id = b.account
  WHERE ${SHOWN} AND b.account LIKE ? ORDER BY a.position, a.id, b.path`;

export function allMailboxes(db: Database): Mailbox[] {
  return db.all(VISIBLE, '%').map(mailboxOf);
}

export function mailboxes({ db }: Context, account: AccountId): Mailbox[] {
  return db.all(VISIBLE, account).map(mailboxOf);
}

/** Brings the account's mailboxes in step with the server's list. One with mail that the server has not yet stays. */
export function putMailboxes(context: Context, account: AccountId, listed: ListedMailbox[]): Delta {
  const { db } = context;
  // A list made before the server heard of these is not the last word: another one is asked for when it did.
  const waits = db.get(
    `SELECT 1 FROM operation WHERE account = ? AND kind IN ('create', 'rename', 'delete') LIMIT 1`,
    account,
  );
  if (waits) return {};
  return change(context, (changes) => mergeList(context, changes, account, listed)).delta;
}

/** Runs inside a transaction. */
export function mergeList(
  context: Context,
  changes: Changes,
  account: string,
  listed: ListedMailbox[],
): void {
  const { db } = context;
  const before = new Map(
    db
      .all('SELECT * FROM mailbox WHERE account = ? AND local = 0', account)
      .map((row) => [String(row['path']), row]),
  );
  const outbox = [...before.values()].find((row) => row['role'] === 'outbox');
  if (outbox) {
    before.delete(String(outbox['path']));
    // What the server calls so is a mailbox like any other.
    if (listed.some((one) => one.path === outbox['path']))
      db.run(
        'UPDATE mailbox SET path = ? WHERE id = ?',
        freePath(String(outbox['path']), [...before.keys(), ...listed.map((one) => one.path)]),
        outbox['id'],
      );
  }
  for (const one of listed) {
    const old = before.get(one.path);
    before.delete(one.path);
    const told = columnsOf(one, old);
    const columns = Object.keys(told);
    if (!old) {
      const { id } = db.run(
        `INSERT INTO mailbox (account, path, ${columns.join(', ')}) VALUES (?, ?${', ?'.repeat(columns.length)})`,
        account,
        one.path,
        ...Object.values(told),
      );
      changes.mailbox(id);
    } else if (columns.some((column) => old[column] !== told[column])) {
      const set = columns.map((column) => `${column} = ?`).join(', ');
      db.run(`UPDATE mailbox SET ${set} WHERE id = ?`, ...Object.values(told), old['id']);
      changes.mailbox(Number(old['id']));
    }
  }
  for (const gone of before.values()) {
    const id = Number(gone['id']);
    dropUnfound(context, changes, id);
    // What is on its way here, or is nowhere else, would go with its mailbox.
    const waiting = db.get(
      'SELECT 1 FROM message WHERE mailbox = ? AND (uid IS NULL OR uid_mailbox <> ?) LIMIT 1',
      id,
      id,
    );
    if (waiting) {
      dropNamed(db, changes, id);
      continue;
    }
    // What the person moved away from here has no place on the server any more.
    db.run(
      'UPDATE message SET uid = NULL, uid_mailbox = NULL WHERE uid_mailbox = ? AND uid IS NOT NULL AND mailbox <> ?',
      id,
      id,
    );
    db.run('DELETE FROM mailbox WHERE id = ?', id);
    changes.mailboxGone(id);
  }
}

/** What the server had in a mailbox it has no more under this name. */
function dropNamed(db: Database, changes: Changes, mailbox: number): void {
  for (const { id } of db.all(
    'SELECT id FROM message WHERE uid_mailbox = ? AND mailbox = ?',
    mailbox,
    mailbox,
  )) {
    db.run('DELETE FROM message WHERE id = ?', id);
    changes.messageGone(Number(id), mailbox);
  }
}

/** What a list says of a mailbox, by column; what it does not say stays. */
function columnsOf(one: ListedMailbox, old: Row | undefined): Row {
  const { delimiter, owner, subscribed, status } = one;
  return {
    name: one.name,
    depth: one.depth,
    role: one.role,
    selectable: one.selectable ? 1 : 0,
    delimiter: delimiter ?? null,
    owner: owner ?? null,
    subscribed: subscribed === undefined ? (old?.['subscribed'] ?? 1) : subscribed ? 1 : 0,
    server_total: status?.messages ?? old?.['server_total'] ?? null,
    server_unread: status?.unseen ?? old?.['server_unread'] ?? null,
  };
}

export function roleMailbox(
  context: Context,
  account: AccountId,
  role: MailboxRole,
): { mailbox: Mailbox; created: boolean; delta: Delta } {
  const { result, delta } = change(context, (changes) => {
    const found = ensureMailbox(context.db, account, role);
    if (found.created) changes.mailbox(found.id);
    return found;
  });
  const row = context.db.get('SELECT * FROM mailbox WHERE id = ?', result.id);
  if (!row) throw new Error('the mailbox is gone');
  return { mailbox: mailboxOf(row), created: result.created, delta };
}

function freePath(path: string, taken: readonly string[]): string {
  let free = path;
  while (taken.includes(free)) free += '_';
  return free;
}

/** The account's mailbox with this role; made here when there is none. Runs inside a transaction. */
export function ensureMailbox(
  db: Database,
  account: string,
  role: MailboxRole,
): { id: number; created: boolean } {
  const found = db.get('SELECT id FROM mailbox WHERE account = ? AND role = ?', account, role);
  if (found) return { id: Number(found['id']), created: false };
  const paths = db
    .all('SELECT path FROM mailbox WHERE account = ?', account)
    .map((row) => String(row['path']));
  // Letters that wait to be sent lie in a mailbox of their own, whatever the server calls its mailboxes.
  const name = role === 'outbox' ? freePath(NAMES.outbox, paths) : NAMES[role];
  const taken = db.get('SELECT id FROM mailbox WHERE account = ? AND path = ?', account, name);
  if (taken) {
    db.run('UPDATE mailbox SET role = ? WHERE id = ?', role, taken['id']);
    return { id: Number(taken['id']), created: true };
  }
  const { id } = db.run(
    'INSERT INTO mailbox (account, path, name, depth, role, selectable) VALUES (?, ?, ?, 0, ?, 1)',
    account,
    name,
    name,
    role,
  );
  return { id, created: true };
}
