import type { Account } from '../../shared/model/account.ts';
import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { MessageRow } from '../../shared/model/message.ts';

/** What a person may do in a mailbox, one letter a right (RFC 4314 section 2.1). */
export type Right = 'k' | 'x' | 'i' | 't' | 's' | 'w';

/** Why something can't be done with a mailbox: words by name, under `mailbox.why.`. */
export type Obstacle = 'role' | 'levels' | 'inbox' | 'top' | `right.${Right}`;

export type MailboxAction = 'inside' | 'rename' | 'move' | 'delete' | 'sync';

/** RFC 2086 knew fewer letters: `c` was for making and deleting mailboxes, `d` for deleting messages. */
const OLD: Partial<Record<Right, string>> = { k: 'c', x: 'c', t: 'd' };

/** Whether the server lets the person do it; where it does not tell, it may. */
export function mayDo(box: Mailbox, right: Right): boolean {
  const { rights } = box;
  if (rights === undefined || rights.includes(right)) return true;
  const old = OLD[right];
  return old !== undefined && !/[kxte]/u.test(rights) && rights.includes(old);
}

/** What the person may not do with these messages: what any of their mailboxes forbids. */
export function forbiddenIn(
  { rows, mailboxes }: { rows: ReadonlyMap<MessageKey, MessageRow>; mailboxes: readonly Mailbox[] },
  ids: Iterable<MessageKey>,
): Right[] {
  const strict = mailboxes.filter((box) => box.rights !== undefined);
  if (strict.length === 0) return [];
  const there = new Set<MailboxId>();
  for (const id of ids) {
    const row = rows.get(id);
    if (row) there.add(row.mailbox);
  }
  const about = strict.filter((box) => there.has(box.id));
  return (['t', 's', 'w'] as const).filter((right) => about.some((box) => !mayDo(box, right)));
}

/** The mailbox one level up. */
export function parentOf(box: Mailbox, all: readonly Mailbox[]): Mailbox | undefined {
  const { delimiter } = box;
  if (box.depth === 0) return undefined;
  return all.find(
    (one) =>
      one.account === box.account &&
      one.depth === box.depth - 1 &&
      (delimiter === undefined
        ? box.path.startsWith(one.path) && box.path.length > one.path.length + 1
        : box.path.startsWith(one.path + delimiter)),
  );
}

/** A mailbox and all below it. */
export function subtree(box: Mailbox, all: readonly Mailbox[]): Mailbox[] {
  const { delimiter } = box;
  return all.filter(
    (one) =>
      one.id === box.id ||
      (delimiter !== undefined && one.account === box.account && one.path.startsWith(box.path + delimiter)),
  );
}

/** Whether deleting it is for good: what lies in Trash, and what can't be put there. */
export function goesForGood(box: Mailbox, all: readonly Mailbox[]): boolean {
  const trash = all.find((one) => one.account === box.account && one.role === 'trash');
  const { delimiter } = box;
  return !trash || !delimiter || !box.selectable || box.path.startsWith(trash.path + delimiter);
}

/** Whether mailboxes of an account can hold others. */
function hasLevels(account: Account | undefined, all: readonly Mailbox[]): boolean {
  if (account?.mode === 'pop3') return true;
  return all.some((one) => one.account === account?.id && one.delimiter);
}

/** Why something can't be done with a mailbox, or undefined when it can. */
export function obstacleTo(
  action: MailboxAction,
  box: Mailbox,
  account: Account | undefined,
  all: readonly Mailbox[],
): Obstacle | undefined {
  if (action === 'sync') return box.role === 'inbox' ? 'inbox' : undefined;
  if (action === 'inside') {
    if (!hasLevels(account, all) || box.role === 'outbox') return 'levels';
    return mayDo(box, 'k') ? undefined : 'right.k';
  }
  if (box.role !== 'none') return 'role';
  if (action === 'move' && !hasLevels(account, all)) return 'levels';
  return mayDo(box, 'x') ? undefined : 'right.x';
}

/** Where a mailbox can be moved to; null is the top of its account. */
export function placesFor(box: Mailbox, all: readonly Mailbox[]): (Mailbox | null)[] {
  const below = new Set(subtree(box, all).map((one) => one.id));
  const above = parentOf(box, all);
  const boxes = all.filter(
    (one) =>
      one.account === box.account &&
      !below.has(one.id) &&
      one.id !== above?.id &&
      one.role !== 'outbox' &&
      mayDo(one, 'k'),
  );
  return [...(above ? [null] : []), ...boxes];
}

/** The mailboxes of an account as they stand in the tree. */
export interface Branches {
  own: Mailbox[];
  other: Mailbox[];
  shared: Mailbox[];
  /** Not subscribed, and nothing below is: folded away. */
  unsubscribed: Mailbox[];
}

/**
 * Divides the mailboxes of an account. Where nothing at all is subscribed, subscriptions are not in use; among what others let
 * the person into that is so until the first of it is subscribed, whatever they do with their own.
 */
export function branchesOf(boxes: readonly Mailbox[]): Branches {
  const plain = boxes.filter((one) => one.role === 'none' && one.selectable);
  const used = new Set(plain.flatMap((one) => (one.subscribed === false ? [] : [one.owner])));
  const isFolded = (box: Mailbox) =>
    used.has(box.owner) &&
    box.role === 'none' &&
    subtree(box, boxes).every((one) => one.role === 'none' && one.subscribed === false);
  const branches: Branches = { own: [], other: [], shared: [], unsubscribed: [] };
  for (const box of boxes) branches[isFolded(box) ? 'unsubscribed' : (box.owner ?? 'own')].push(box);
  return branches;
}
