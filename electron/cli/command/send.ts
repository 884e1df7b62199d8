import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Verdict } from '../../../shared/contract/command.ts';
import { failureOf } from '../../../shared/contract/mail-error.ts';
import { parseAddresses } from '../../../shared/mail/address.ts';
import { fieldValue, parseFields } from '../../../shared/mail/header.ts';
import type { Account } from '../../../shared/model/account.ts';
import type { OutboxItem } from '../../../shared/model/draft.ts';
import { Failed, UsageError, type Call, type Command } from '../command.ts';
import { failureLines, oneLine } from '../output.ts';
import { accountNamed, emailOf, keyOf, known } from '../resolve.ts';
import { isoDate } from './mailbox.ts';

const send: Command = {
  name: 'send',
  arguments: ['[RECIPIENT...]'],
  options: [
    {
      name: 't',
      short: 't',
      summary: 'A whole message is on standard input; it names its recipients itself.',
    },
    {
      name: 'from',
      short: 'f',
      value: 'ADDRESS',
      summary: 'The account to send from; the first one if left out.',
    },
    { name: 'to', value: 'ADDRESS', repeat: true, summary: 'A recipient.' },
    { name: 'cc', value: 'ADDRESS', repeat: true, summary: 'A recipient of a copy.' },
    { name: 'bcc', value: 'ADDRESS', repeat: true, summary: 'A recipient that nobody else sees.' },
    { name: 'subject', short: 's', value: 'TEXT', summary: 'The subject.' },
    { name: 'attach', value: 'FILE', repeat: true, summary: 'A file to attach.' },
    {
      name: 'i',
      short: 'i',
      summary: 'As with sendmail: a line with a dot ends nothing. It never does.',
      hidden: true,
    },
    { name: 'o', short: 'o', value: 'OPTION', repeat: true, summary: 'Options of sendmail.', hidden: true },
    { name: 'full-name', short: 'F', value: 'NAME', summary: 'As with sendmail.', hidden: true },
    { name: 'v', short: 'v', summary: 'As with sendmail.', hidden: true },
  ],
  summary: 'Sends a letter: its text is on standard input or, with -t, the whole message.',
  details: [
    'The letter is stored before anything is sent. Exit 0: the server accepted it, or it waits in the outbox for a server that can’t be reached now. Exit 1: a recipient was refused, or nobody knows whether it arrived; then it is never sent again by itself (glasspost outbox).',
    'It takes the place of sendmail: glasspost send -t -i -f ADDRESS. Bcc is not sent; Date, Message-ID and From are added where they are missing.',
  ],
  examples: [
    'date | glasspost send --to oleg@example.org --subject "The time" --attach report.pdf',
    'glasspost send -t < letter.eml',
  ],
  needs: 'profile',
  run: async (call) => {
    const { accounts } = await known(call.link);
    const input = await call.input();
    const whole = call.has('t');
    const account = sender(accounts, call, whole ? input : undefined);
    const extra = ['to', 'cc', 'bcc', 'subject', 'attach'].filter((one) => call.has(one));
    if (whole && extra.length > 0) throw new UsageError(`-t and --${extra[0] ?? ''} don't go together.`);
    const verdict = whole
      ? await call.link.request('letter.submit', {
          account: account.id,
          bytes: input,
          to: [...call.arguments],
          recipientsInHeader: true,
        })
      : await call.link.request('letter.send', {
          account: account.id,
          to: people(call, [...call.values('to'), ...call.arguments]),
          cc: people(call, call.values('cc')),
          bcc: people(call, call.values('bcc')),
          subject: call.value('subject') ?? '',
          text: new TextDecoder().decode(input),
          attachments: await Promise.all(call.values('attach').map(attachment)),
        });
    if (verdict.state === 'sent') {
      // The copy for the server's Sent; it waits in the queue if that is out of reach.
      await call.link.request('account.settle', { accounts: [account.id] }).catch((thrown: unknown) => {
        call.output.note(
          `The copy in Sent follows at the next sync. ${failureLines(failureOf(thrown)).split('\n')[0] ?? ''}`,
        );
      });
    }
    tell(call, verdict);
  },
};

function sender(accounts: readonly Account[], call: Call, message: Uint8Array | undefined): Account {
  const from = call.value('from');
  if (from !== undefined) return accountNamed(accounts, parseAddresses(from)[0]?.address || from);
  const author = message && parseAddresses(fieldValue(parseFields(message), 'from') ?? '')[0]?.address;
  const own = accounts.find((one) => one.email.toLowerCase() === author?.toLowerCase());
  const first = own ?? accounts.find((one) => one.smtp) ?? accounts[0];
  if (!first) throw new Failed('There is no account to send from: glasspost help account add');
  return first;
}

function people(call: Call, given: readonly string[]) {
  return given.flatMap((text) => {
    const found = parseAddresses(text);
    const wrong = found.find((one) => one.address === '');
    if (found.length === 0 || wrong) throw new UsageError(`"${text}" is no address.`);
    return found;
  });
}

async function attachment(file: string) {
  try {
    // Its type is told by its name.
    return { name: basename(file), type: '', bytes: new Uint8Array(await readFile(file)) };
  } catch (thrown) {
    throw new Failed(
      `${file} can't be attached: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** Says what became of a letter. @throws Failed when it did not reach everyone and will not by itself */
function tell(call: Call, verdict: Verdict): void {
  const { message, state, refused, failure, nextTry } = verdict;
  const reason = failure ? failureLines(failure) : '';
  const when = nextTry === undefined ? '' : (isoDate(nextTry) ?? '').slice(0, 16).replace('T', ' ');
  const line = {
    sent: `${message} was sent.`,
    queued: `${message} is in the outbox.`,
    sending: `${message} is being sent.`,
    waiting: `${message} waits in the outbox${when ? ` until ${when} UTC` : ''}: glasspost sync sends it.`,
    refused: `${message} was refused and stays in the outbox.`,
    'maybe-sent': `${message} may have been sent; it stays in the outbox.`,
  }[state];
  call.output.result(
    {
      id: message,
      state,
      refused,
      failure: failure ?? null,
      nextTry: nextTry === undefined ? null : isoDate(nextTry),
    },
    line,
  );
  if (state === 'waiting') call.output.note(reason);
  if (state === 'refused' || state === 'maybe-sent') throw new Failed(reason || line);
  if (refused.length > 0)
    throw new Failed(
      `Not for everyone: ${refused.map((one) => `${one.address}: ${one.reply}`).join('\n  ')}`,
    );
}

const outbox: Command = {
  name: 'outbox',
  arguments: [],
  options: [],
  summary: 'Shows the letters on their way.',
  needs: 'profile',
  run: async ({ link, output }) => {
    const { accounts, outbox: items } = await link.request('app.snapshot', undefined);
    for (const item of items) output.result(asObject(item, emailOf(accounts, item.account)), line(item));
  },
};

function asObject(item: OutboxItem, account: string): Record<string, unknown> {
  const { message, subject, recipients, state, failure, attempts, queued, nextTry } = item;
  return {
    id: message,
    account,
    subject,
    recipients,
    state,
    failure: failure ?? null,
    attempts,
    queued: isoDate(queued),
    nextTry: nextTry === undefined ? null : isoDate(nextTry),
  };
}

function line({ message, state, recipients, subject, failure }: OutboxItem): string {
  const why = failure ? `  ${oneLine(failureLines(failure).split('\n')[0] ?? '')}` : '';
  return `${String(message).padStart(6)} ${state.padEnd(10)} ${oneLine(recipients.join(', '))}  ${oneLine(subject)}${why}`;
}

const retry: Command = {
  name: 'outbox retry',
  arguments: ['ID'],
  options: [],
  summary: 'Sends a letter of the outbox again, now. One that may have been sent may then arrive twice.',
  needs: 'profile',
  run: async (call) => {
    tell(call, await call.link.request('outbox.attempt', { message: keyOf(call.arguments[0] ?? '') }));
  },
};

const drop: Command = {
  name: 'outbox drop',
  arguments: ['ID'],
  options: [],
  summary: 'Takes a letter out of the outbox; it lies in Trash then.',
  needs: 'profile',
  run: async (call) => {
    const message = keyOf(call.arguments[0] ?? '');
    await call.link.request('outbox.drop', { message });
    call.output.result({ id: message, state: 'dropped' }, `${message} is in Trash now.`);
  },
};

export const sendCommands: readonly Command[] = [send, outbox, retry, drop];
