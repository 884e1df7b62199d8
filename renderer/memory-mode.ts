import type { Argument, Result } from '../shared/contract/requests.ts';
import type { switchRequests } from '../shared/contract/switch.ts';
import type { Account, Mode } from '../shared/model/account.ts';
import type { Delta } from '../shared/model/delta.ts';
import type { AccountId } from '../shared/model/ids.ts';
import type { SwitchPlan } from '../shared/model/switch.ts';

type Handlers = {
  [N in keyof typeof switchRequests]: (argument: Argument<N>) => Result<N> | Promise<Result<N>>;
};

const PAUSE = 600;

/** Changes of mode without a server: some of everything that a plan may say. */
export function modeMemory(accounts: Account[], emit: (delta: Delta) => void): Handlers {
  const after = (plan: SwitchPlan) =>
    new Promise<SwitchPlan>((resolve) => setTimeout(() => resolve(plan), PAUSE));
  const change = (id: AccountId, more: Partial<Account>) => {
    const account = accounts.find((one) => one.id === id);
    if (!account) return;
    Object.assign(account, more);
    emit({ accounts: [{ ...account }] });
  };
  return {
    'account.server': ({ account, protocol, server }) => {
      change(account, { [protocol]: server });
      return server;
    },
    'account.planMode': ({ account, mode }) => after(planOf(account, mode)),
    'account.changeMode': ({ account, mode }) => {
      change(account, { mode });
      return after(planOf(account, mode));
    },
    'account.lastMode': () => null,
    'account.undoMode': () => undefined,
  };
}

function planOf(account: AccountId, to: Mode): SwitchPlan {
  const amount = (messages: number) => ({ messages, bytes: messages * 5200 });
  return {
    account,
    to,
    matched: amount(1204),
    by: { known: 0, format: 1190, content: 14, hash: 0 },
    filed: amount(31),
    onlyHere: amount(87),
    onlyServer: amount(3),
    ambiguous: amount(2),
    bodiless: amount(12),
    local: ['INBOX', 'Work'],
    flagged: 40,
    waiting: 0,
  };
}
