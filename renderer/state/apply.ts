import type { Account } from '../../shared/model/account.ts';
import type { Delta } from '../../shared/model/delta.ts';
import type { Draft, OutboxItem } from '../../shared/model/draft.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox, MailboxView } from '../../shared/model/mailbox.ts';
import type { MessageOrder, MessageRow } from '../../shared/model/message.ts';
import type { Waiting } from '../../shared/model/operation.ts';
import { belongs, indexOfKey, keyAt, patchOrder } from './order.ts';

/** What the list pane shows: messages of a view or of a search, or one of the two short lists that are not messages. */
export type ListView =
  MailboxView | { kind: 'search'; query: string } | { kind: 'drafts' } | { kind: 'outbox' };

/** The part of the state that a delta may change. */
export interface Data {
  accounts: readonly Account[];
  mailboxes: readonly Mailbox[];
  drafts: readonly Draft[];
  outbox: readonly OutboxItem[];
  /** What servers have to be told yet, by account. */
  waiting: readonly Waiting[];
  view: ListView;
  /** Null until the view's order has arrived. */
  order: MessageOrder | null;
  rows: ReadonlyMap<MessageKey, MessageRow>;
  selected: ReadonlySet<MessageKey>;
  /** Where the keyboard is in the list. */
  cursor: MessageKey | null;
}

/** The state after one committed transaction. Pure; an untouched part keeps its identity. */
export function apply(data: Data, delta: Delta): Data {
  const next = { ...data };
  if (delta.accounts) next.accounts = upsert(data.accounts, delta.accounts);
  if (delta.accountsRemoved) next.accounts = without(next.accounts, delta.accountsRemoved);
  if (delta.mailboxes) next.mailboxes = upsert(data.mailboxes, delta.mailboxes);
  if (delta.mailboxesRemoved) next.mailboxes = without(next.mailboxes, delta.mailboxesRemoved);
  if (delta.drafts) next.drafts = delta.drafts;
  if (delta.draftsRemoved) next.drafts = without(next.drafts, delta.draftsRemoved);
  if (delta.outbox) next.outbox = delta.outbox;
  if (delta.waiting) next.waiting = delta.waiting;
  if (delta.accountsRemoved) {
    const gone = new Set(delta.accountsRemoved);
    next.mailboxes = next.mailboxes.filter((box) => !gone.has(box.account));
  }
  applyMessages(next, delta);
  leaveLostView(next);
  return next;
}

function applyMessages(next: Data, delta: Delta): void {
  const rows = delta.messages ?? [];
  const removed = new Set(delta.messagesRemoved ?? []);
  if (rows.length === 0 && removed.size === 0) return;
  const moved = new Set<MessageKey>();
  for (const { id, mailbox } of rows) if (next.rows.get(id)?.mailbox !== mailbox) moved.add(id);
  next.rows = patchRows(next.rows, rows, removed);
  const { view, order } = next;
  if (!order || view.kind === 'drafts' || view.kind === 'outbox') return;
  if (view.kind === 'search') return leaveResults(next, order, rows, removed, moved);
  const staying: MessageRow[] = [];
  const leaving = new Set(removed);
  for (const row of rows) {
    if (belongs(row, view, next.mailboxes)) staying.push(row);
    else leaving.add(row.id);
  }
  next.order = patchOrder(order, staying, leaving);
  if (next.order !== order) keepSelection(next, order, leaving);
}

/** What was found stays as it was found, but for what was deleted since. */
function leaveResults(
  next: Data,
  order: MessageOrder,
  rows: readonly MessageRow[],
  removed: ReadonlySet<MessageKey>,
  moved: ReadonlySet<MessageKey>,
): void {
  const trash = new Set(next.mailboxes.flatMap((box) => (box.role === 'trash' ? [box.id] : [])));
  const leaving = new Set(removed);
  // What lay in Trash when it was found is no news.
  for (const row of rows) if (trash.has(row.mailbox) && moved.has(row.id)) leaving.add(row.id);
  if (leaving.size === 0) return;
  const stays = order.ids.map((id) => (leaving.has(id as MessageKey) ? 0 : 1));
  next.order = {
    ids: order.ids.filter((_, index) => stays[index] === 1),
    dates: order.dates.filter((_, index) => stays[index] === 1),
  };
  keepSelection(next, order, leaving);
}

/** Rows are cached only for what was looked at, but new ones come for nothing, so they are kept too. */
function patchRows(
  old: ReadonlyMap<MessageKey, MessageRow>,
  rows: readonly MessageRow[],
  removed: ReadonlySet<MessageKey>,
): ReadonlyMap<MessageKey, MessageRow> {
  const patched = new Map(old);
  for (const row of rows) patched.set(row.id, row);
  for (const id of removed) patched.delete(id);
  return patched;
}

/** Drops what left from the selection; the cursor falls on the row that took its place. */
function keepSelection(next: Data, old: MessageOrder, leaving: ReadonlySet<MessageKey>): void {
  if ([...next.selected].some((id) => leaving.has(id))) {
    next.selected = new Set([...next.selected].filter((id) => !leaving.has(id)));
  }
  if (next.cursor === null || !leaving.has(next.cursor) || !next.order) return;
  const index = indexOfKey(old, next.cursor);
  next.cursor = keyAt(next.order, Math.min(index, next.order.ids.length - 1)) ?? null;
}

/** A mailbox that was open and is no more gives way to all inboxes. */
function leaveLostView(next: Data): void {
  const view = next.view;
  if (view.kind !== 'mailbox' || next.mailboxes.some((box) => box.id === view.mailbox)) return;
  next.view = { kind: 'inboxes' };
  next.order = null;
  next.selected = new Set();
  next.cursor = null;
}

function upsert<T extends { id: PropertyKey }>(old: readonly T[], changed: readonly T[]): readonly T[] {
  const byId = new Map(changed.map((item) => [item.id, item]));
  const kept = old.map((item) => byId.get(item.id) ?? item);
  const known = new Set(old.map((item) => item.id));
  return [...kept, ...changed.filter((item) => !known.has(item.id))];
}

function without<T extends { id: PropertyKey }>(
  old: readonly T[],
  ids: readonly PropertyKey[],
): readonly T[] {
  const gone = new Set(ids);
  return old.filter((item) => !gone.has(item.id));
}
