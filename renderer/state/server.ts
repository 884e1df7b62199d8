import { create } from 'zustand';
import type { ServerHolding, ServerLook, ServerMessage } from '../../shared/contract/pop3.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { bridge } from '../bridge.ts';
import { ask } from './request.ts';

/** What is to be done with a message on the server; nothing is done before it is applied. */
export interface Mark {
  get?: boolean;
  remove?: boolean;
}

interface Holding {
  account: AccountId | null;
  holding: ServerHolding | undefined;
  failure: Failure | undefined;
  looks: ReadonlyMap<string, ServerLook>;
  marks: ReadonlyMap<string, Mark>;
  applying: boolean;
  /** What the last time came to. */
  done: { collected: number; removed: number; kept: number } | undefined;
}

const NOTHING: Holding = {
  account: null,
  holding: undefined,
  failure: undefined,
  looks: new Map(),
  marks: new Map(),
  applying: false,
  done: undefined,
};

export const useServer = create<Holding>()(() => NOTHING);

/** Names that are being asked about. */
const asked = new Set<string>();

const still = (account: AccountId) => useServer.getState().account === account;

/** Asks the server what it holds; marks are gone with what was shown before. */
export async function loadServer(account: AccountId): Promise<void> {
  asked.clear();
  useServer.setState({ ...NOTHING, account });
  const reply = await bridge.request('pop3.list', { account });
  if (!still(account)) return;
  useServer.setState(reply.ok ? { holding: reply.result } : { failure: reply.failure });
}

/** The dialog is closed: another program may have the mailbox. */
export async function leaveServer(account: AccountId): Promise<void> {
  useServer.setState(NOTHING);
  await bridge.request('pop3.leave', { account });
}

/** Headers, with the beginning of the text where lines are asked for; each once. */
export async function lookAt(account: AccountId, uidls: readonly string[], lines = 0): Promise<void> {
  const wanted = uidls.filter((uidl) => !asked.has(`${lines} ${uidl}`));
  if (wanted.length === 0) return;
  for (const uidl of wanted) asked.add(`${lines} ${uidl}`);
  const reply = await bridge.request('pop3.look', { account, uidls: wanted, lines });
  if (!still(account)) return;
  if (!reply.ok) {
    for (const uidl of wanted) asked.delete(`${lines} ${uidl}`);
    return;
  }
  const looks = new Map(useServer.getState().looks);
  for (const one of reply.result) looks.set(one.uidl, { ...looks.get(one.uidl), ...one });
  useServer.setState({ looks });
}

export function toggleMark({ uidl, certain }: ServerMessage, kind: keyof Mark): void {
  if (!certain || useServer.getState().applying) return;
  const marks = new Map(useServer.getState().marks);
  const mark = { ...marks.get(uidl), [kind]: marks.get(uidl)?.[kind] !== true };
  if (mark.get === true || mark.remove === true) marks.set(uidl, mark);
  else marks.delete(uidl);
  useServer.setState({ marks, done: undefined });
}

export function clearMarks(): void {
  useServer.setState({ marks: new Map() });
}

/** Nowhere else, as the person sees it: it would be gone for good. */
export function isLost({ held }: ServerMessage, mark: Mark | undefined): boolean {
  return mark?.remove === true && held !== 'whole' && mark.get !== true;
}

/** Does what is marked, and shows what the server holds then. */
export async function applyMarks(account: AccountId): Promise<void> {
  const { marks, holding } = useServer.getState();
  const marked = holding?.messages.filter((one) => marks.has(one.uidl)) ?? [];
  useServer.setState({ applying: true });
  const reply = await ask('pop3.apply', {
    account,
    get: marked.filter((one) => marks.get(one.uidl)?.get).map((one) => one.uidl),
    remove: marked
      .filter((one) => marks.get(one.uidl)?.remove)
      .map((one) => ({ uidl: one.uidl, unheld: isLost(one, marks.get(one.uidl)) })),
  });
  if (!still(account)) return;
  if (!reply.ok) {
    useServer.setState({ applying: false });
    return;
  }
  await loadServer(account);
  const { collected, removed, kept } = reply.result;
  useServer.setState({ done: { collected, removed: removed.length, kept: kept.length } });
}
