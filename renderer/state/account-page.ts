import { create } from 'zustand';
import type { ServerAbilities } from '../../shared/contract/account.ts';
import type { Account } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { bridge } from '../bridge.ts';
import type { Quotas } from './fullness.ts';

interface Page {
  account: AccountId | null;
  /** Null while it is not connected; undefined until it is known. */
  abilities: ServerAbilities | null | undefined;
  quotas: Quotas | null | undefined;
}

/** What the account page shows that is not among the account's settings. */
export const useAccountPage = create<Page>()(() => ({
  account: null,
  abilities: undefined,
  quotas: undefined,
}));

/** Asks for all of it; the room is asked of the server, and may take a moment. */
export async function loadAccountPage({ id, mode }: Account): Promise<void> {
  useAccountPage.setState({ account: id, abilities: undefined, quotas: undefined });
  if (mode !== 'imap') return;
  const still = () => useAccountPage.getState().account === id;
  const abilities = await bridge.request('account.abilities', { account: id });
  if (still()) useAccountPage.setState({ abilities: abilities.ok ? abilities.result : null });
  if (!abilities.ok || !abilities.result) return;
  const quotas = await bridge.request('account.quota', { account: id });
  if (still()) useAccountPage.setState({ quotas: quotas.ok ? quotas.result : null });
}
