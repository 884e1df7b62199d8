import { useEffect, useState } from 'react';
import type { Account } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { bridge } from '../bridge.ts';
import { fullness } from './fullness.ts';
import { useApp } from './store.ts';

/** How old an answer may be, ms: room changes slowly. */
const FRESH = 10 * 60_000;

/** The answers by account, and when they came: an account is online again after each sync. */
const answers = new Map<AccountId, { at: number; percent: number | undefined }>();

async function ask(account: AccountId): Promise<number | undefined> {
  const known = answers.get(account);
  if (known && Date.now() - known.at < FRESH) return known.percent;
  // Nobody asked for it, so a failure is not told.
  const reply = await bridge.request('account.quota', { account });
  if (!reply.ok) return known?.percent;
  const percent = fullness(reply.result ?? []);
  answers.set(account, { at: Date.now(), percent });
  return percent;
}

/** The same of an account, asked for when it is connected and now and then. */
export function useFullness(account: Account): number | undefined {
  const online = useApp((state) => state.statuses.get(account.id)?.state === 'online');
  const [percent, setPercent] = useState<number>();
  const wanted = online && account.mode === 'imap';
  useEffect(() => {
    if (!wanted) return undefined;
    const look = () => void ask(account.id).then(setPercent);
    look();
    const timer = setInterval(look, FRESH);
    return () => clearInterval(timer);
  }, [wanted, account.id]);
  return percent;
}
