import type { MailboxView } from '../../shared/model/mailbox.ts';
import type { Delta } from '../../shared/model/delta.ts';
import type { AccountId, MessageKey } from '../../shared/model/ids.ts';
import type { MessageRow } from '../../shared/model/message.ts';
import { apply, type ListView } from './apply.ts';
import { ask } from './request.ts';
import { useApp, type AppState } from './store.ts';

/** Deltas that came while an order was on its way: it may have been read before them. */
let pending: Delta[] | null = null;
let asked = 0;

/** Shows a view: asks for its order, and applies what changed meanwhile to the answer. */
export async function showView(view: ListView): Promise<void> {
  useApp.setState({ view, order: null, selected: new Set(), cursor: null, anchor: null });
  await loadOrder();
}

/** Asks for the order of the present view again. */
export async function loadOrder(): Promise<void> {
  const view = useApp.getState().view;
  asked += 1;
  const mine = asked;
  if (view.kind === 'drafts' || view.kind === 'outbox' || view.kind === 'search') return;
  pending = [];
  const reply = await ask('message.order', { view: view satisfies MailboxView });
  if (mine !== asked) return;
  const missed = pending;
  pending = null;
  useApp.setState((state) => {
    const order = reply.ok ? reply.result : { ids: new Float64Array(0), dates: new Float64Array(0) };
    const next: AppState = { ...state, order };
    for (const delta of missed) Object.assign(next, apply(next, delta));
    return next;
  });
}

/** Applies a delta to the store, and asks for a new order when the open mailbox is gone. */
export function applyDelta(delta: Delta): void {
  if (pending) pending.push(delta);
  useApp.setState((state) => ({ ...state, ...apply(state, delta) }));
  const { order, view } = useApp.getState();
  const messages = view.kind !== 'drafts' && view.kind !== 'outbox' && view.kind !== 'search';
  // Which mailboxes are inboxes may change while all inboxes are shown.
  const inboxes = view.kind === 'inboxes' && (delta.mailboxesRemoved ?? delta.accountsRemoved);
  if (messages && !pending && (order === null || inboxes)) void loadOrder();
}

const PAGE = 100;
const CACHE = 8_000;
const wanted = new Set<MessageKey>();
const under = new Set<MessageKey>();
let scheduled = false;

/** Makes sure the rows of a stretch of the list come into the cache; calls within a frame are one request. */
export function wantRows(first: number, last: number): void {
  const { order, rows } = useApp.getState();
  if (!order) return;
  const from = Math.floor(first / PAGE) * PAGE;
  const to = Math.min(order.ids.length, (Math.floor(last / PAGE) + 1) * PAGE);
  for (let i = from; i < to; i += 1) {
    const id = order.ids[i] as MessageKey;
    if (!rows.has(id) && !under.has(id)) wanted.add(id);
  }
  if (wanted.size === 0 || scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => void fetchWanted());
}

async function fetchWanted(): Promise<void> {
  scheduled = false;
  // The latest wishes first: the person has scrolled on from the earlier ones.
  const ids = [...wanted].slice(-500);
  wanted.clear();
  for (const id of ids) under.add(id);
  const reply = await ask('message.rows', { ids });
  for (const id of ids) under.delete(id);
  if (!reply.ok) return;
  keepRows(reply.result);
}

/** Puts rows that were asked for into the cache. */
export function keepRows(rows: readonly MessageRow[]): void {
  useApp.setState((state) => ({ rows: cacheRows(state.rows, rows, state.selected) }));
}

/** Adds rows; a cache grown too large keeps only the newest asked for and the selection. */
function cacheRows(
  old: ReadonlyMap<MessageKey, MessageRow>,
  fresh: readonly MessageRow[],
  selected: ReadonlySet<MessageKey>,
): ReadonlyMap<MessageKey, MessageRow> {
  const next = new Map<MessageKey, MessageRow>();
  if (old.size < CACHE) for (const [id, row] of old) next.set(id, row);
  else {
    for (const [id, row] of [...old].slice(-CACHE / 2)) next.set(id, row);
    for (const id of selected) {
      const row = old.get(id);
      if (row) next.set(id, row);
    }
  }
  for (const row of fresh) next.set(row.id, row);
  return next;
}

/** Shows the Inbox of an account as soon as it has one. */
export function showInboxOf(account: AccountId): void {
  const find = () =>
    useApp.getState().mailboxes.find((box) => box.account === account && box.role === 'inbox');
  const there = find();
  if (there) {
    void showView({ kind: 'mailbox', mailbox: there.id });
    return;
  }
  const stop = useApp.subscribe(() => {
    const box = find();
    if (!box) return;
    stop();
    void showView({ kind: 'mailbox', mailbox: box.id });
  });
  setTimeout(stop, 60_000);
}
