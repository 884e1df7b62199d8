import type { Mailbox, MailboxView } from '../../shared/model/mailbox.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { MessageOrder, MessageRow } from '../../shared/model/message.ts';

/** An order with nothing in it. */
export const emptyOrder: MessageOrder = { ids: new Float64Array(0), dates: new Float64Array(0) };

/** The key at a position, or undefined beyond the ends. */
export function keyAt(order: MessageOrder, index: number): MessageKey | undefined {
  return order.ids[index] as MessageKey | undefined;
}

/** Newest first; of one moment, the larger id first. */
function before(dateA: number, idA: number, dateB: number, idB: number): boolean {
  return dateA > dateB || (dateA === dateB && idA > idB);
}

/** Whether a row is shown by a view. `inboxes` is asked by id, since a row knows only its mailbox. */
export function belongs(row: MessageRow, view: MailboxView, mailboxes: readonly Mailbox[]): boolean {
  switch (view.kind) {
    case 'mailbox':
      return row.mailbox === view.mailbox;
    case 'inboxes':
      return mailboxes.some((box) => box.id === row.mailbox && box.role === 'inbox');
    case 'flagged':
      return row.flags.includes('flagged');
  }
}

/**
 * Takes `gone` out and puts `rows` at their places, in one pass over the old order.
 * Gives back the same object when nothing moved, so that the list does not measure again.
 */
export function patchOrder(
  order: MessageOrder,
  rows: readonly MessageRow[],
  gone: ReadonlySet<MessageKey>,
): MessageOrder {
  if (rows.length === 0 && gone.size === 0) return order;
  const touched = new Set<number>(gone);
  for (const row of rows) touched.add(row.id);
  const arriving = rows
    .filter((row) => !gone.has(row.id))
    .sort((a, b) => (before(a.date, a.id, b.date, b.id) ? -1 : 1));
  const ids = new Float64Array(order.ids.length + arriving.length);
  const dates = new Float64Array(ids.length);
  let length = 0;
  let next = 0;
  const put = (id: number, date: number) => {
    ids[length] = id;
    dates[length] = date;
    length += 1;
  };
  for (let i = 0; i < order.ids.length; i += 1) {
    const id = order.ids[i] ?? 0;
    const date = order.dates[i] ?? 0;
    if (touched.has(id)) continue;
    for (let row = arriving[next]; row && before(row.date, row.id, date, id); row = arriving[next]) {
      put(row.id, row.date);
      next += 1;
    }
    put(id, date);
  }
  for (const row of arriving.slice(next)) put(row.id, row.date);
  const patched = { ids: ids.slice(0, length), dates: dates.slice(0, length) };
  return same(order, patched) ? order : patched;
}

function same(a: MessageOrder, b: MessageOrder): boolean {
  if (a.ids.length !== b.ids.length) return false;
  for (let i = 0; i < a.ids.length; i += 1) {
    if (a.ids[i] !== b.ids[i] || a.dates[i] !== b.dates[i]) return false;
  }
  return true;
}

/** Where a message stands: by halving when its date is known, else by looking through. */
export function indexOfKey(order: MessageOrder, id: MessageKey, date?: number): number {
  if (date === undefined) return order.ids.indexOf(id);
  let low = 0;
  let high = order.ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(order.dates[middle] ?? 0, order.ids[middle] ?? 0, date, id)) low = middle + 1;
    else high = middle;
  }
  return order.ids[low] === id ? low : -1;
}
