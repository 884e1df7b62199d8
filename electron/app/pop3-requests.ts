import type { Argument, Result } from '../../shared/contract/requests.ts';
import type { pop3Requests } from '../../shared/contract/pop3.ts';
import type { Accounts } from './accounts.ts';

type Name = keyof typeof pop3Requests;
type Handlers = { [N in Name]: (argument: Argument<N>) => Promise<Result<N>> };

/** What a POP3 server holds, and what the person does to it there. */
export function pop3Handlers(accounts: Accounts): Handlers {
  return {
    'pop3.list': ({ account }) => accounts.pop3(account).holding(),
    'pop3.look': ({ account, uidls, lines }) => accounts.pop3(account).peek(uidls, lines),
    'pop3.apply': async ({ account, get, remove }) => {
      const done = await accounts.pop3(account).apply(get, remove);
      await accounts.readNew();
      return done;
    },
    'pop3.stop': async ({ account }) => accounts.pop3(account).interrupt(),
    'pop3.leave': ({ account }) => accounts.pop3(account).leave(),
  };
}
