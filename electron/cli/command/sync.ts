import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { failureOf } from '../../../shared/contract/mail-error.ts';
import type { Account, AccountStatus } from '../../../shared/model/account.ts';
import type { Delta } from '../../../shared/model/delta.ts';
import { Failed, UsageError, type Call, type Command } from '../command.ts';
import { Deliveries } from '../deliveries.ts';
import { failureLines, oneLine } from '../output.ts';
import { accountNamed, emailOf, known, mailboxNamed } from '../resolve.ts';
import { people, rowObject } from './mailbox.ts';

const sync: Command = {
  name: 'sync',
  arguments: [],
  options: [
    { name: 'account', value: 'EMAIL', summary: 'One account; all of them if left out.' },
    { name: 'mailbox', value: 'NAME', summary: 'One mailbox.' },
    { name: 'headers-only', summary: 'Leaves bodies on the server until they are wanted.' },
    { name: 'watch', summary: 'Stays connected until it is interrupted, and tells what happens.' },
    {
      name: 'deliver',
      value: 'COMMAND',
      summary: 'Runs this for each new message in an inbox, with the message on its standard input.',
    },
  ],
  summary: 'Brings accounts in step with their servers, and sends what waits in the outbox.',
  details: [
    'JSON: events {"event":"new"|"status"|"sent"|"done"|"failed", ...}.',
    'A message whose --deliver command fails is kept, and offered again at the next sync.',
  ],
  examples: ['glasspost sync', 'glasspost sync --account vera@example.org --deliver "procmail -d vera"'],
  needs: 'profile',
  run: async (call) => {
    const { accounts } = await known(call.link);
    const email = call.value('account');
    const chosen = email === undefined ? accounts : [accountNamed(accounts, email)];
    if (chosen.length === 0) throw new Failed('There is no account yet: glasspost help account add');
    if (call.has('watch') && (call.has('mailbox') || call.has('headers-only')))
      throw new UsageError('--watch is for whole accounts.');
    const command = call.value('deliver');
    const deliveries =
      command === undefined
        ? undefined
        : await Deliveries.open(call.profile, call.link, chosen, (bytes) => pipe(command, bytes));
    const news = await listen(call, chosen);
    if (call.has('watch')) await watch(call, deliveries);
    else await syncOnce(call, chosen, news, deliveries);
  },
};

/** Tells what comes in. @returns how many new messages each account has got */
async function listen(call: Call, chosen: readonly Account[]): Promise<Map<string, number>> {
  const { link, output } = call;
  const before = await link.request('message.newest', undefined);
  const seen = new Set<number>();
  const counts = new Map(chosen.map((one) => [String(one.id), 0]));
  let all = await known(link);
  link.listen('delta', (delta: Delta) => {
    if (delta.mailboxes || delta.accounts) {
      const boxes = new Map(all.mailboxes.map((one) => [one.id, one]));
      for (const one of delta.mailboxes ?? []) boxes.set(one.id, one);
      all = { ...all, mailboxes: [...boxes.values()] };
    }
    for (const row of delta.messages ?? []) {
      const count = counts.get(row.account);
      if (row.id <= before || seen.has(row.id) || count === undefined) continue;
      seen.add(row.id);
      counts.set(row.account, count + 1);
      if (output.json) output.result({ event: 'new', ...rowObject(all, row) }, '');
      else if (call.has('watch'))
        output.result({}, `${String(row.id).padStart(6)} ${people(row.from)}  ${oneLine(row.subject)}`);
    }
  });
  link.listen('status', (status) => {
    const account = emailOf(chosen, status.account);
    if (account !== '') tellStatus(call, account, status);
  });
  link.listen('sent', ({ message, subject, refused }) =>
    output.result(
      { event: 'sent', id: message, subject, refused },
      `${message} was sent: ${oneLine(subject)}`,
    ),
  );
  return counts;
}

function tellStatus(
  { output, has }: Call,
  account: string,
  { state, progress, failure }: AccountStatus,
): void {
  if (output.json) {
    output.result(
      { event: 'status', account, state, progress: progress ?? null, failure: failure ?? null },
      '',
    );
    return;
  }
  if (progress && progress.total > 0) {
    const { mailbox, done, total, bytes } = progress;
    const much = bytes && bytes.total > 0 ? `, ${bytes.done} of ${bytes.total} bytes` : '';
    const share = bytes && bytes.total > 0 ? bytes.done / bytes.total : done / total;
    output.progress(`${account} ${mailbox} ${done} of ${total}${much}`, share);
  } else if (failure && has('watch')) output.note(`${account}: ${failureLines(failure)}`);
  else output.progress(`${account} ${state}`);
}

async function syncOnce(
  call: Call,
  chosen: readonly Account[],
  news: ReadonlyMap<string, number>,
  deliveries: Deliveries | undefined,
): Promise<void> {
  const all = await known(call.link);
  const name = call.value('mailbox');
  const mailbox = name === undefined ? undefined : mailboxPath(call, all, chosen, name);
  const failed: string[] = [];
  for (const account of chosen) {
    const began = performance.now();
    try {
      const scope = {
        account: account.id,
        ...(mailbox === undefined ? {} : { mailbox }),
        ...(call.has('headers-only') ? { headersOnly: true } : {}),
      };
      await interruptible(call.link.request('account.sync', scope), call.signal);
      const added = news.get(account.id) ?? 0;
      const ms = Math.round(performance.now() - began);
      call.output.result(
        { event: 'done', account: account.email, added, ms },
        `${account.email}: ${added} new, in step (${(ms / 1000).toFixed(1)} s)`,
      );
    } catch (thrown) {
      if (call.signal.aborted) throw thrown;
      const failure = failureOf(thrown);
      if (call.output.json) call.output.result({ event: 'failed', account: account.email, failure }, '');
      failed.push(`${account.email}: ${failureLines(failure)}`);
    }
  }
  await deliveries?.run();
  if (failed.length > 0) throw new Failed(failed.join('\n'));
}

/** A mailbox that only the server knows yet is asked for by its path. */
function mailboxPath(
  call: Call,
  all: Awaited<ReturnType<typeof known>>,
  chosen: readonly Account[],
  name: string,
) {
  const own = {
    ...all,
    mailboxes: all.mailboxes.filter((one) => chosen.some(({ id }) => id === one.account)),
  };
  const isKnown = own.mailboxes.some((one) => one.path === name);
  return isKnown ? name : own.mailboxes.length > chosen.length ? mailboxNamed(own, name).path : name;
}

async function watch(call: Call, deliveries: Deliveries | undefined): Promise<void> {
  await call.link.watch();
  if (deliveries) {
    await deliveries.run();
    call.link.listen('delta', (delta) => {
      if (delta.messages) void deliveries.run().catch((thrown: unknown) => call.output.note(String(thrown)));
    });
  }
  if (!call.signal.aborted) await once(call.signal, 'abort');
}

function interruptible<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('interrupted')), { once: true });
    work.then(resolve, reject);
  });
}

/** @returns what the command ended with; null when a signal ended it */
async function pipe(command: string, bytes: Uint8Array): Promise<number | null> {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'ignore', 'inherit'] });
  // A command that does not read to the end is not a failure by itself: its exit code counts.
  child.stdin.on('error', () => undefined);
  child.stdin.end(bytes);
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

export const syncCommands: readonly Command[] = [sync];
