import { MailError } from '../../shared/contract/mail-error.ts';
import type { CommandArgument, CommandName, CommandResult } from '../../shared/contract/command.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import type { Account } from '../../shared/model/account.ts';
import type { Accounts } from './accounts.ts';
import type { Ports } from './ports.ts';
import { exportMailbox } from './export.ts';
import { importMail } from './import.ts';
import { Tasks } from './tasks.ts';
import { verifyMail } from './verify.ts';
import { handlersOf } from './requests.ts';
import { sendLetter, submitMessage } from './submit.ts';

/** What answers each request of the command line. */
export type CommandHandlers = {
  [N in CommandName]: (argument: CommandArgument<N>) => Promise<CommandResult<N>>;
};

/** All that a window may ask for, and what only the command line may. */
export function commandHandlersOf(ports: Ports, accounts: Accounts): CommandHandlers {
  const { store, events, secrets, wire } = ports;
  const senderOf = async (key: MessageKey): Promise<Account> => {
    const { accounts: all, outbox } = await store.snapshot();
    const item = outbox.find((one) => one.message === key);
    const account = all.find((one) => one.id === item?.account);
    if (!account) throw new MailError('not-found', `${key} is not in the outbox`);
    return account;
  };
  const tasks = new Tasks(events);
  return {
    ...handlersOf(ports, accounts),
    'account.create': async ({ settings, password, source }) => {
      const account = await accounts.add(settings, password);
      if (source) await secrets.setSource(account.id, source);
      return account;
    },
    'account.change': ({ account }) => accounts.change(account),
    'account.settle': ({ accounts: ids }) => accounts.settle(ids),
    'letter.send': (letter) => sendLetter(ports, accounts, letter),
    'letter.submit': (given) => submitMessage(ports, accounts, given),
    'outbox.attempt': async ({ message }) => {
      const account = await senderOf(message);
      events.publish('delta', await store.changeOutbox(message, { state: 'queued' }));
      return accounts.outbox.attempt(account, message);
    },
    'outbox.drop': async ({ message }) => {
      await senderOf(message);
      events.publish('delta', await store.dropLetter(message));
    },
    'task.stop': async ({ task }) => tasks.stop(task),
    'mailbox.export': ({ task, mailbox, format, path }) =>
      tasks.run(task, (signal, progress) =>
        exportMailbox(ports, mailbox, path, { format, signal, progress, fetch: (id) => accounts.raw(id) }),
      ),
    'mailbox.import': async ({ task, path, mailbox, kind }) => {
      const done = await tasks.run(task, (signal, progress) =>
        importMail(ports, path, mailbox, { signal, progress, kind }),
      );
      await accounts.readNew();
      const owner = (await store.snapshot()).mailboxes.find((one) => one.id === mailbox)?.account;
      if (owner) accounts.poke([owner]);
      return done;
    },
    'store.verify': ({ task }) =>
      tasks.run(task, (signal, progress) =>
        verifyMail(ports, {
          signal,
          progress: ({ checked, total }) => progress({ done: checked, total }),
        }),
      ),
    'message.newest': () => store.newestKey(),
    'wire.transcripts': () => wire.transcripts(),
    'wire.transcript': ({ session }) => wire.transcript(session),
  };
}
