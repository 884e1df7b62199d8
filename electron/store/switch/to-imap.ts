import type { AccountId } from '../../../shared/model/ids.ts';
import type { SwitchChoices } from '../../../shared/model/switch.ts';
import type { ListedMailbox } from '../../app/ports-engine.ts';
import type { Changes } from '../changes.ts';
import type { Context } from '../context.ts';
import type { Row } from '../database.ts';
import { mergeList } from '../mailboxes.ts';
import { parts } from '../mailbox-paths.ts';
import { queue } from '../operations.ts';
import { flagsOf, keywordsOf, keywordText } from '../rows.ts';
import { text } from '../text.ts';
import { merged, type Compared } from './compare.ts';
import { journalMade } from './journal.ts';
import { localRoot, localTwin, makeLocal } from './local-folders.ts';

/** A change of mode while it is being made. */
export interface Work {
  context: Context;
  changes: Changes;
  account: AccountId;
  /** The change's number. */
  id: number;
  compared: Compared;
  /** Rows that the change before this made. */
  made: Row[];
}

/**
 * The account's mail is on an IMAP server from now on. What the server has gets its place there and the flags of both sides;
 * what it does not have stays in folders of this computer, or is put there. Runs inside a transaction.
 */
export function toImap(work: Work, { onlyHere }: SwitchChoices, listed: ListedMailbox[]): void {
  const { context, changes, account, compared } = work;
  const { db } = context;
  const append = onlyHere === 'keep' ? undefined : onlyHere.append;
  leaveFolders(work, new Set(listed.map((one) => one.path)));
  db.run(
    `UPDATE message SET uid_mailbox = NULL, uid = NULL, sought = NULL WHERE uid IS NOT NULL
       AND mailbox IN (SELECT id FROM mailbox WHERE account = ?)`,
    account,
  );
  mergeList(context, changes, account, listed);
  const boxes = new Map(
    db
      .all('SELECT * FROM mailbox WHERE account = ? AND local = 0', account)
      .map((row) => [String(row['path']), row]),
  );
  const validity = new Map(
    [...compared.entries.values()].map((row) => [String(row['path']), row['uid_validity']]),
  );
  for (const [path, row] of boxes)
    db.run(
      'UPDATE mailbox SET uid_validity = ?, highest_modseq = NULL WHERE id = ?',
      validity.get(path) ?? null,
      row['id'],
    );
  rememberHorizon(work, boxes, listed);
  const placed = place(work, boxes);
  for (const row of compared.helds.values()) {
    const now = db.get(
      'SELECT b.* FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE m.id = ?',
      row['id'],
    );
    if (!now || placed.has(Number(row['id']))) continue;
    if (append !== undefined && row['sha256'] !== null && row['role'] !== 'trash')
      putThere(work, row, append, listed);
    else if (now['local'] === 0) keepHere(work, row, now, listed);
  }
}

/** Mailboxes that the server does not have are folders of this computer; those that were made for us and are empty go. */
function leaveFolders({ context: { db }, changes, account }: Work, onServer: ReadonlySet<string>): void {
  const rows = db.all(
    `SELECT * FROM mailbox WHERE account = ? AND local = 0 AND role NOT IN ('outbox', 'inbox') ORDER BY path`,
    account,
  );
  const left = rows.filter((row) => !onServer.has(String(row['path'])));
  for (const row of left) {
    if (row['role'] !== 'none' && Number(row['total']) === 0) {
      db.run('DELETE FROM mailbox WHERE id = ?', row['id']);
      changes.mailboxGone(Number(row['id']));
    } else makeLocal(db, changes, localRoot(db, changes, account, onServer), row);
  }
}

/** What the server had in its mailboxes before: when the change is undone that goes from here again. */
function rememberHorizon(
  { context: { db }, id, compared }: Work,
  boxes: ReadonlyMap<string, Row>,
  listed: ListedMailbox[],
): void {
  const horizon: Record<string, number> = {};
  for (const { path, status } of listed)
    if (status) horizon[String(boxes.get(path)?.['id'])] = status.uidNext - 1;
  for (const row of compared.entries.values()) {
    const box = String(boxes.get(String(row['path']))?.['id']);
    horizon[box] = Math.max(horizon[box] ?? 0, Number(row['number']));
  }
  db.run('UPDATE mode_switch SET horizon = ? WHERE id = ?', JSON.stringify(horizon), id);
}

/** What both have. @returns the messages that need nothing more */
function place(work: Work, boxes: ReadonlyMap<string, Row>): Set<number> {
  const { changes, compared } = work;
  const { matching, helds, entries } = compared;
  const done = new Set<number>();
  const tell = new Telling();
  for (const { held: id, entry: number } of [...matching.pairs, ...matching.copies]) {
    const [held, entry] = [helds.get(id), entries.get(number)];
    const box = entry && boxes.get(String(entry['path']));
    if (!held || !entry || !box) continue;
    const here = Number(held['mailbox']);
    // What the person put into a folder stays there, and the server's mailbox shows it as well; so what it has twice.
    const filed = here !== box['id'] && held['role'] !== 'inbox';
    const key = filed || done.has(id) ? share(work, id, box, entry) : id;
    const { flags, keywords } = merged(held, entry);
    const tags = keywordText([...keywordsOf(entry['keywords']), ...keywords]);
    put(work, key, box, entry, flags, tags);
    changes.message(key, here, Number(box['id']));
    tell.add(key, Number(entry['flags']), flags, keywords);
    if (key === id) done.add(id);
  }
  tell.queue(work);
  return done;
}

/** The message is where the server has it, with the flags of both. */
function put(
  { context: { db }, id }: Work,
  key: number,
  box: Row,
  entry: Row,
  flags: number,
  tags: string,
): void {
  db.run(
    'UPDATE message SET mailbox = ?, uid_mailbox = ?, uid = ?, flags = ?, keywords = ? WHERE id = ?',
    box['id'],
    box['id'],
    entry['number'],
    flags,
    tags,
    key,
  );
  db.run(
    'UPDATE switch_message SET flags_after = ?, keywords_after = ? WHERE switch = ? AND message = ?',
    flags,
    tags,
    id,
    key,
  );
}

/** What the server has to be told of flags and tags: messages of which it is told the same go together. */
class Telling {
  readonly #groups = new Map<string, { set: number; clear: number; tag: string[]; keys: number[] }>();

  add(key: number, theirs: number, flags: number, tag: string[]): void {
    const [set, clear] = [flags & ~theirs, theirs & ~flags];
    if (set === 0 && clear === 0 && tag.length === 0) return;
    const name = `${set} ${clear} ${keywordText(tag)}`;
    const group = this.#groups.get(name) ?? { set, clear, tag, keys: [] };
    group.keys.push(key);
    this.#groups.set(name, group);
  }

  queue({ context: { db }, changes, account }: Work): void {
    for (const { set, clear, tag, keys } of this.#groups.values())
      queue(
        db,
        changes,
        keys.map((id) => ({ id, account, mode: 'imap' })),
        { kind: 'flag', set: flagsOf(set), clear: flagsOf(clear), ...(tag.length > 0 ? { tag } : {}) },
      );
  }
}

/** A row for a mailbox of the server with the bytes of a message that lies elsewhere here. */
function share({ context: { db }, id }: Work, of: number, box: Row, entry: Row): number {
  const key = db.run(
    `INSERT INTO message (mailbox, date, size, flags, keywords, message_id, in_reply_to, reference_ids, subject, sender, recipients, cc, snippet, attachments, segment, offset, length, raw_length, sha256, email_id)
     SELECT ?, date, size, ?, ?, message_id, in_reply_to, reference_ids, subject, sender, recipients, cc, snippet, attachments, segment, offset, length, raw_length, sha256, email_id
     FROM message WHERE id = ?`,
    box['id'],
    entry['flags'],
    entry['keywords'],
    of,
  ).id;
  journalMade(db, id, key, of);
  return key;
}

/** Out of a mailbox that is the server's now, into the folder of this computer beside it. */
function keepHere(
  { context: { db }, changes, account }: Work,
  row: Row,
  now: Row,
  listed: ListedMailbox[],
): void {
  const root = localRoot(db, changes, account, new Set(listed.map((one) => one.path)));
  const twin = localTwin(db, changes, root, now);
  db.run('UPDATE message SET mailbox = ? WHERE id = ?', twin, row['id']);
  changes.message(Number(row['id']), Number(now['id']), twin);
}

/** Queued for a mailbox of the server: mail of a folder for one below it that is called so. */
function putThere(
  { context: { db }, changes, account }: Work,
  row: Row,
  append: string,
  listed: ListedMailbox[],
): void {
  const delimiter = listed.find((one) => one.delimiter)?.delimiter;
  const folder = row['role'] === 'inbox' ? [] : parts(String(row['path']), '/');
  const path = delimiter === undefined ? append : [append, ...folder].join(delimiter);
  const known = db.get('SELECT id FROM mailbox WHERE account = ? AND path = ?', account, path);
  const levels = parts(path, delimiter);
  const target = known
    ? Number(known['id'])
    : db.run(
        `INSERT INTO mailbox (account, path, name, depth, role, selectable, delimiter) VALUES (?, ?, ?, ?, 'none', 1, ?)`,
        account,
        path,
        levels.at(-1),
        levels.length - 1,
        text(delimiter) ?? null,
      ).id;
  db.run('UPDATE message SET mailbox = ? WHERE id = ?', target, row['id']);
  changes.message(Number(row['id']), Number(row['mailbox']), target);
  changes.mailbox(target);
  queue(db, changes, [{ id: row['id'], account, mode: 'imap' }], { kind: 'append' });
}
