import type { Argument, Result } from '../../shared/contract/requests.ts';
import type { mailboxRequests } from '../../shared/contract/mailbox.ts';
import type { operationRequests } from '../../shared/contract/operation.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Delta } from '../../shared/model/delta.ts';
import type { AccountId, MailboxId } from '../../shared/model/ids.ts';
import type { Accounts } from './accounts.ts';
import { waitingOperations } from './operations.ts';
import type { Ports } from './ports.ts';

type Name = keyof typeof mailboxRequests | keyof typeof operationRequests;
type Handlers = { [N in Name]: (argument: Argument<N>) => Promise<Result<N>> };

/** What is done to mailboxes, and what becomes of everything that was done. */
export function mailboxHandlers(ports: Ports, accounts: Accounts): Handlers {
  const { store, events } = ports;
  const ownerOf = async (mailbox: MailboxId): Promise<AccountId[]> =>
    (await store.snapshot()).mailboxes.filter((one) => one.id === mailbox).map((one) => one.account);
  const done = async (delta: Delta, owners: AccountId[]) => {
    events.publish('delta', delta);
    accounts.poke(owners);
  };
  const everyone = async () => (await store.snapshot()).accounts.map((one) => one.id);
  return {
    'mailbox.create': async ({ account, name, parent }) => {
      const { mailbox, delta } = await store.createMailbox(account, name, parent);
      await done(delta, [account]);
      return mailbox;
    },
    'mailbox.rename': async ({ mailbox, name, parent }) => {
      await done(await store.renameMailbox(mailbox, name, parent), await ownerOf(mailbox));
    },
    'mailbox.delete': async ({ mailbox }) => {
      const owners = await ownerOf(mailbox);
      const { gone, delta } = await store.deleteMailbox(mailbox);
      await done(delta, owners);
      return { gone };
    },
    'mailbox.subscribe': async ({ mailbox, subscribed }) => {
      await done(await store.subscribeMailbox(mailbox, subscribed), await ownerOf(mailbox));
    },
    'mailbox.set': async ({ mailbox, ...set }) => {
      events.publish('delta', await store.setMailbox(mailbox, set));
      await accounts.look(mailbox);
    },
    'operation.list': ({ account }) => waitingOperations(ports, new Set(accounts.busy), account),
    'operation.cancel': async ({ id }) => {
      if (accounts.busy.includes(id)) throw new MailError('bad-request', 'it is being done now');
      events.publish('delta', await store.cancelOperation(id));
    },
    'operation.retry': ({ account }) => accounts.settle([account]),
    'deed.list': ({ limit }) => store.deeds(limit),
    'deed.undo': async ({ id }) => {
      const { deed, delta } = await store.undo(accounts.busy, id);
      await done(delta, await everyone());
      return deed;
    },
  };
}
