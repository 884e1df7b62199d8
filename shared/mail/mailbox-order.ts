import type { Mailbox, MailboxRole } from '../model/mailbox.ts';

/** What a person looks for first stands first; their own mailboxes come before those where mail only ends up. */
const RANK: Record<MailboxRole, number> = {
  inbox: 0,
  drafts: 1,
  none: 2,
  sent: 3,
  archive: 4,
  junk: 5,
  trash: 6,
  outbox: 7,
};

/** The mailboxes of one account as a tree is read: children behind their parent, roots by role, equals by name. */
export function orderMailboxes(mailboxes: readonly Mailbox[]): Mailbox[] {
  const byPath = [...mailboxes].sort((a, b) => a.path.localeCompare(b.path));
  const roots = byPath.filter((one) => !parentOf(one, byPath));
  roots.sort((a, b) => RANK[a.role] - RANK[b.role] || a.path.localeCompare(b.path));
  const ordered: Mailbox[] = [];
  const add = (mailbox: Mailbox) => {
    ordered.push(mailbox);
    for (const child of byPath) if (parentOf(child, byPath) === mailbox) add(child);
  };
  roots.forEach(add);
  return ordered;
}

/** The mailbox one level up whose whole name this one's begins with; one character stands between the two. */
function parentOf(mailbox: Mailbox, all: readonly Mailbox[]): Mailbox | undefined {
  return all.find(
    (one) =>
      one.depth === mailbox.depth - 1 &&
      mailbox.path.startsWith(one.path) &&
      mailbox.path.length > one.path.length + 1,
  );
}
