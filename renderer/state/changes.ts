import { create } from 'zustand';
import type { Deed, WaitingOperation } from '../../shared/model/operation.ts';
import { bridge } from '../bridge.ts';

/** So many deeds are shown: nobody goes further back. */
const SHOWN = 50;

/** What waits for servers and what was done, as the two dialogs show it; null until it was asked for. */
export const useChanges = create<{
  operations: readonly WaitingOperation[] | null;
  deeds: readonly Deed[] | null;
}>()(() => ({ operations: null, deeds: null }));

export async function loadOperations(): Promise<void> {
  const reply = await bridge.request('operation.list', {});
  useChanges.setState({ operations: reply.ok ? reply.result : [] });
}

export async function loadDeeds(): Promise<void> {
  const reply = await bridge.request('deed.list', { limit: SHOWN });
  useChanges.setState({ deeds: reply.ok ? reply.result : [] });
}
