import type { MessageKey } from '../../shared/model/ids.ts';
import { indexOfKey, keyAt } from './order.ts';
import { useApp, type AppState } from './store.ts';

/** The one message that the reader shows, or null when none or several are selected. */
export function openedKey(state: AppState): MessageKey | null {
  if (state.selected.size !== 1) return null;
  const [only] = state.selected;
  return only ?? null;
}

/** Selects one message and puts the keyboard there. */
export function selectOnly(id: MessageKey): void {
  useApp.setState({ selected: new Set([id]), cursor: id, anchor: id });
}

/** Adds a message to the selection or takes it out. */
export function toggleSelected(id: MessageKey): void {
  const selected = new Set(useApp.getState().selected);
  if (!selected.delete(id)) selected.add(id);
  useApp.setState({ selected, cursor: id, anchor: id });
}

/** Selects everything between the anchor and a message. */
export function selectThrough(id: MessageKey): void {
  const { order, anchor } = useApp.getState();
  if (!order) return;
  const to = indexOfKey(order, id);
  const from = anchor === null ? to : indexOfKey(order, anchor);
  const ids = order.ids.slice(Math.min(from, to), Math.max(from, to) + 1);
  useApp.setState({ selected: new Set(Array.from(ids) as MessageKey[]), cursor: id, anchor: anchor ?? id });
}

/** Selects all of the view. */
export function selectAll(): void {
  const { order } = useApp.getState();
  if (order) useApp.setState({ selected: new Set(Array.from(order.ids) as MessageKey[]) });
}

/** Moves the cursor by a number of rows; `extend` keeps the anchor, as Shift does. */
export function moveCursor(by: number, extend = false): void {
  const { order, cursor } = useApp.getState();
  if (!order || order.ids.length === 0) return;
  const at = cursor === null ? -1 : indexOfKey(order, cursor);
  const last = order.ids.length - 1;
  // Home is the top and End the end, also before anything was selected.
  const to = Number.isFinite(by) ? (at < 0 ? (by > 0 ? 0 : last) : at + by) : by < 0 ? 0 : last;
  const id = keyAt(order, Math.max(0, Math.min(last, to)));
  if (id === undefined) return;
  if (extend) selectThrough(id);
  else selectOnly(id);
}

/** Where the selection goes when these messages leave: the next row that stays, else the one before. */
export function stepPast(ids: readonly MessageKey[]): void {
  const { order, cursor } = useApp.getState();
  if (!order || cursor === null) return;
  const leaving = new Set(ids);
  // A row deleted under the pointer need not be the one being read.
  if (!leaving.has(cursor)) return;
  const at = indexOfKey(order, cursor);
  for (let i = at + 1; i < order.ids.length; i += 1) {
    const id = keyAt(order, i);
    if (id !== undefined && !leaving.has(id)) return selectOnly(id);
  }
  for (let i = at - 1; i >= 0; i -= 1) {
    const id = keyAt(order, i);
    if (id !== undefined && !leaving.has(id)) return selectOnly(id);
  }
  useApp.setState({ selected: new Set(), cursor: null, anchor: null });
}
