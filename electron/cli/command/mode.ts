import type { Account, Mode } from '../../../shared/model/account.ts';
import type { Amount, SwitchChoices, SwitchPlan } from '../../../shared/model/switch.ts';
import { Failed, UsageError, type Call, type Command } from '../command.ts';
import { accountNamed, known } from '../resolve.ts';

/** How an account changes between POP3 and IMAP, and back. */
export const modeCommand: Command = {
  name: 'account mode',
  arguments: ['EMAIL', '[imap|pop3]'],
  options: [
    { name: 'dry-run', summary: 'Says what would be done, and does nothing.' },
    {
      name: 'append',
      value: 'MAILBOX',
      summary: 'To IMAP: mail that the server does not have is put into this mailbox of the server.',
    },
    {
      name: 'bodies',
      value: 'fetch|leave',
      summary: 'To POP3: bodies that are not here are fetched first, or left on the server.',
    },
    { name: 'undo', summary: 'Takes the last change back.' },
  ],
  summary: 'Changes an account between POP3 and IMAP, with its mail.',
  details: [
    'What is here and on the server is recognised and not fetched again; what is only here stays in folders of this computer, below Local, or is put on the server. No message is deleted, here or there.',
    'Flags and tags of both sides are joined. Whether a message was read is what it is here, where it was collected by POP3: servers take a download for reading.',
    'JSON: the plan, as numbers of messages and bytes.',
  ],
  examples: [
    'glasspost account mode vera@example.org imap --dry-run',
    'glasspost account mode vera@example.org imap --append "Old mail"',
    'glasspost account mode vera@example.org --undo',
  ],
  needs: 'profile',
  run: async (call) => {
    const { accounts } = await known(call.link);
    const account = accountNamed(accounts, call.arguments[0] ?? '');
    if (call.has('undo')) return undo(call, account);
    const mode = call.arguments[1];
    if (mode !== 'imap' && mode !== 'pop3') throw new UsageError('The mode is imap or pop3.');
    if (!account[mode])
      throw new Failed(
        `${account.email} has no ${mode.toUpperCase()} server: glasspost account set ${account.email} --${mode} URL`,
      );
    if (account.mode === mode) throw new Failed(`${account.email} is in ${mode.toUpperCase()} mode already.`);
    const choices = choicesOf(call);
    watch(call, account);
    if (call.has('dry-run')) {
      const plan = await call.link.request('account.planMode', { account: account.id, mode });
      call.output.result({ done: false, ...plan }, planText(account.email, plan, false));
      return;
    }
    const plan = await call.link.request('account.changeMode', { account: account.id, mode, choices });
    call.output.result({ done: true, ...plan }, planText(account.email, plan, true));
    await call.link.request('account.sync', { account: account.id });
  },
};

async function undo(call: Call, account: Account): Promise<void> {
  const last = await call.link.request('account.lastMode', { account: account.id });
  if (!last) throw new Failed(`There is no change of mode of ${account.email} to take back.`);
  await call.link.request('account.undoMode', { account: account.id });
  call.output.result(
    { done: true, mode: last.from },
    `${account.email} is in ${last.from.toUpperCase()} mode again, as it was.`,
  );
}

function choicesOf(call: Call): SwitchChoices {
  const append = call.value('append');
  const bodies = call.value('bodies') ?? 'fetch';
  if (bodies !== 'fetch' && bodies !== 'leave')
    throw new UsageError(`--bodies is fetch or leave, not "${bodies}".`);
  return { onlyHere: append === undefined ? 'keep' : { append }, bodies };
}

function watch(call: Call, account: Account): void {
  call.link.listen('status', ({ account: id, progress }) => {
    if (id === account.id && progress)
      call.output.progress(
        `${progress.mailbox}: ${progress.done} of ${progress.total}`,
        progress.total > 0 ? progress.done / progress.total : 0,
      );
  });
}

const NAMES: Record<Mode, string> = { imap: 'IMAP', pop3: 'POP3' };

function planText(email: string, plan: SwitchPlan, done: boolean): string {
  const lines = [`${email} ${done ? 'is in' : 'would go into'} ${NAMES[plan.to]} mode${done ? ' now' : ''}.`];
  const add = (amount: Amount, text: string) => {
    if (amount.messages > 0) lines.push(`  ${size(amount)} ${text}`);
  };
  add(plan.matched, 'here and on the server: not fetched again');
  add(
    plan.filed,
    'of these in folders of this computer: they stay there, the server’s mailbox shows them too',
  );
  add(
    plan.onlyHere,
    plan.to === 'imap' ? 'only here: kept in folders below Local, or put there' : 'only here',
  );
  add(plan.onlyServer, 'only on the server: fetched with the next sync');
  add(
    plan.ambiguous,
    `that may be the same as some here: ${done ? 'were' : 'will be'} fetched to compare them`,
  );
  if (plan.to === 'pop3') add(plan.bodiless, 'here by their headers alone');
  if (plan.flagged > 0) lines.push(`  ${plan.flagged} whose flags or tags the server is told of`);
  if (plan.waiting > 0) lines.push(`  ${plan.waiting} changes that the server is told of first`);
  lines.push(
    done
      ? `  To take it back: glasspost account mode ${email} --undo`
      : '  Nothing was changed: this is a dry run.',
  );
  return lines.join('\n');
}

function size({ messages, bytes }: Amount): string {
  const text =
    bytes < 1e6
      ? `${Math.ceil(bytes / 1000)} kB`
      : bytes < 1e9
        ? `${(bytes / 1e6).toFixed(1)} MB`
        : `${(bytes / 1e9).toFixed(1)} GB`;
  return `${messages} ${messages === 1 ? 'message' : 'messages'} (${text})`;
}
