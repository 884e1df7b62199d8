import { useEffect, useState } from 'react';
import type { Result } from '../../shared/contract/requests.ts';
import type { Account } from '../../shared/model/account.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { bridge } from '../bridge.ts';
import { useApp } from './store.ts';

export type Quotas = NonNullable<Result<'account.quota'>>;

/** From here on a person is told, in per cent. */
export const ALMOST_FULL = 90;
/** How old an answer may be, ms: room changes slowly. */
const FRESH = 10 * 60_000;

/** How full the fullest of the limits is, in per cent; undefined where there is none. */
function fullness(quotas: Quotas): number | undefined {
  const parts = quotas
    .flatMap((one) => [one.storage, one.messages])
    .flatMap((one) => (one && one.limit > 0 ? [(one.used / one.limit) * 100] : []));
  return parts.length === 0 ? undefined : Math.floor(Math.max(...parts));
}

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
