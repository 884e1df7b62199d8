import { ensureMailbox } from '../mailboxes.ts';
import { mergeLocal } from './local-folders.ts';
import type { Work } from './to-imap.ts';

/** Mailboxes that every account has whose mail is collected. */
const OWN = ['inbox', 'sent', 'trash'] as const;

/**
 * The account's mail is collected from now on: its mailboxes are folders of this computer, and what the server holds of
 * INBOX is known by its UIDL. Places on the IMAP server are remembered. Runs inside a transaction.
 */
export function toPop3(work: Work): void {
  const { context, changes, account, compared } = work;
  const { db } = context;
  const { matching, helds, entries } = compared;
  const pairs = new Set(matching.pairs.map(({ entry }) => entry));
  for (const { held, entry } of [...matching.pairs, ...matching.copies]) {
    const [row, theirs] = [helds.get(held), entries.get(entry)];
    const uidl = theirs && (String(theirs['uidl']) || named(row?.['sha256']));
    if (!row || uidl === undefined) continue;
    // It was not collected: no policy removes it. Of a header the server keeps the rest until it is wanted.
    if (row['sha256'] !== null)
      db.run(
        `INSERT INTO uidl (account, uidl, due, collected, stays) VALUES (?, ?, 0, ?, 1)
         ON CONFLICT (account, uidl) DO UPDATE SET due = 0, deleted = NULL`,
        account,
        uidl,
        Date.now(),
      );
    // What the server has twice is here once.
    if (!pairs.has(entry)) continue;
    db.run('UPDATE message SET uidl = ? WHERE id = ?', uidl, held);
    changes.message(held);
  }
  joinCopies(work);
  mergeLocal(db, changes, account);
  db.run(
    `UPDATE mailbox SET owner = NULL, rights = NULL, subscribed = 1, server_total = NULL, server_unread = NULL WHERE account = ?`,
    account,
  );
  for (const role of OWN) changes.mailbox(ensureMailbox(db, account, role).id);
}

/** What lies in a folder here, and was shown by the server's mailbox as well, is one message again: in its folder. */
function joinCopies({ context: { db }, changes, made: rows }: Work): void {
  for (const { message, of } of rows) {
    const made = db.get('SELECT * FROM message WHERE id = ?', message);
    const kept = db.get('SELECT mailbox, sha256 FROM message WHERE id = ? AND hidden = 0', of);
    if (!made || !kept || !(made['sha256'] as Buffer | null)?.equals(kept['sha256'] as Buffer)) continue;
    db.run('DELETE FROM message WHERE id = ?', message);
    db.run(
      'UPDATE message SET uidl = coalesce(?, uidl), uid_mailbox = ?, uid = ?, flags = flags | ? WHERE id = ?',
      made['uidl'],
      made['uid_mailbox'],
      made['uid'],
      made['flags'],
      of,
    );
    changes.messageGone(Number(message), Number(made['mailbox']));
    changes.message(Number(of), Number(kept['mailbox']));
  }
}

/** How a letter is called that was collected from a server without UIDL (`incoming.ts`). */
function named(sha256: unknown): string | undefined {
  return sha256 === null || sha256 === undefined ? undefined : `sha256:${(sha256 as Buffer).toString('hex')}`;
}
