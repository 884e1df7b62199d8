import { create } from 'zustand';
import type { Result } from '../../shared/contract/requests.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { MessageOrder, MessageRow } from '../../shared/model/message.ts';
import type { ListView } from './apply.ts';
import { keepRows, showView } from './list.ts';
import { emptyOrder } from './order.ts';
import { ask } from './request.ts';
import { useApp } from './store.ts';

/** So many are shown of what is found here: who wants others asks more closely. */
const LIMIT = 500;

type Found = Omit<Result<'message.search'>, 'rows'>;
type ServerFound = Omit<Result<'message.searchServer'>, 'rows'>;

interface Search {
  /** What stands in the field. */
  typed: string;
  /** What a search here told besides rows. */
  found: Found | null;
  /** What the servers told; null before they were asked. */
  server: ServerFound | 'asking' | null;
  /** Found by servers only. */
  fromServer: ReadonlySet<MessageKey>;
}

const nothing: Search = { typed: '', found: null, server: null, fromServer: new Set() };

/** The search that the list shows, when it shows one. */
export const useSearch = create<Search>()(() => nothing);

/** Where the list goes back to. */
let before: ListView = { kind: 'inboxes' };
let asked = 0;

useApp.subscribe((state, old) => {
  // Another mailbox was chosen: the field has nothing to say any more.
  if (old.view.kind === 'search' && state.view.kind !== 'search') useSearch.setState(nothing, true);
});

export function setTyped(typed: string): void {
  useSearch.setState({ typed });
}

/** Looks for messages on this computer, and shows what is found in the list. */
export async function search(query: string): Promise<void> {
  if (query.trim() === '') return leaveSearch();
  const { view } = useApp.getState();
  if (view.kind !== 'search') before = view;
  asked += 1;
  const mine = asked;
  const reply = await ask('message.search', { query, limit: LIMIT, order: 'newest' });
  if (mine !== asked) return;
  const { rows, ...found } = reply.ok ? reply.result : { rows: [], more: false, complete: true, notes: [] };
  useSearch.setState({ found, server: null, fromServer: new Set() });
  keepRows(rows);
  useApp.setState({
    view: { kind: 'search', query },
    order: orderOf(rows),
    selected: new Set(),
    cursor: null,
    anchor: null,
  });
}

/** Asks the servers too, and puts what only they find below the rest. */
export async function searchServer(): Promise<void> {
  const { view } = useApp.getState();
  if (view.kind !== 'search') return;
  const mine = asked;
  useSearch.setState({ server: 'asking' });
  const reply = await ask('message.searchServer', { query: view.query });
  if (mine !== asked || useApp.getState().view.kind !== 'search') return;
  if (!reply.ok) return useSearch.setState({ server: null });
  const { rows, ...server } = reply.result;
  const { order } = useApp.getState();
  const here = new Set<number>(order?.ids);
  const more = rows.filter((row) => !here.has(row.id));
  keepRows(more);
  useSearch.setState({ server, fromServer: new Set(more.map((row) => row.id)) });
  useApp.setState((state) => ({ order: joined(state.order ?? emptyOrder, orderOf(more)) }));
}

/** Searches once more: something came back that had left the results. */
export function searchAgain(): void {
  const { view } = useApp.getState();
  if (view.kind === 'search') void search(view.query);
}

/** Ends the search, and shows what was shown before. */
export async function leaveSearch(): Promise<void> {
  asked += 1;
  useSearch.setState(nothing, true);
  if (useApp.getState().view.kind === 'search') await showView(before);
}

function orderOf(rows: readonly MessageRow[]): MessageOrder {
  return {
    ids: Float64Array.from(rows, (row) => row.id),
    dates: Float64Array.from(rows, (row) => row.date),
  };
}

function joined(one: MessageOrder, other: MessageOrder): MessageOrder {
  return {
    ids: Float64Array.of(...one.ids, ...other.ids),
    dates: Float64Array.of(...one.dates, ...other.dates),
  };
}
