import type { RemovalReason, ServerLook, ServerMessage } from '../../../shared/contract/pop3.ts';
import type { Account } from '../../../shared/model/account.ts';
import { leaveText } from '../../../shared/model/leave.ts';
import { Failed, UsageError, type Call, type Command } from '../command.ts';
import { oneLine } from '../output.ts';
import { accountNamed, known } from '../resolve.ts';
import { people } from './mailbox.ts';

/** Headers asked for in one request. */
const LOOKS = 200;

const WHY: Readonly<Record<RemovalReason, string>> = {
  collected: 'collected, and nothing is to stay',
  age: 'collected long enough ago',
  'deleted-here': 'deleted here',
  'over-size': 'the mailbox there is too large',
};

const server: Command = {
  name: 'account server',
  arguments: ['EMAIL'],
  options: [
    { name: 'preview', value: 'LINES', summary: 'Shows the beginning of each text too, of so many lines.' },
    { name: 'get', value: 'UIDL', repeat: true, summary: 'Collects this message now.' },
    { name: 'delete', value: 'UIDL', repeat: true, summary: 'Deletes this message on the server.' },
    {
      name: 'even-unheld',
      summary: 'Deletes also what is not whole on this computer, or damaged: it is gone for good.',
    },
  ],
  summary:
    'POP3: shows what the server holds, before anything is downloaded; collects or deletes some of it.',
  details: [
    'JSON: {"number","uidl","size","held","subject","from","date","collected","removal":{"reason","due"},"preview"}.',
    'Nothing is deleted but what is named, and that only when all of it is safe on this computer, unless --even-unheld is given.',
  ],
  examples: [
    'glasspost account server oleg@example.org --preview 5',
    'glasspost account server oleg@example.org --get 0000000a4b --delete 0000000a4c',
  ],
  needs: 'profile',
  run: async (call) => {
    const account = await pop3Account(call);
    const lines = linesOf(call);
    const [get, remove] = [call.values('get'), call.values('delete')];
    const { messages, bytes } = await call.link.request('pop3.list', { account: account.id });
    if (get.length + remove.length > 0) {
      await apply(call, account, messages, get, remove);
      return;
    }
    try {
      await show(call, account, messages, lines);
    } finally {
      await call.link.request('pop3.leave', { account: account.id });
    }
    call.output.note(`${messages.length} messages, ${bytes} bytes`);
  },
};

const removals: Command = {
  name: 'account removals',
  arguments: ['EMAIL'],
  options: [],
  summary: 'POP3: shows what will be deleted on the server, when, and why. Nothing is deleted by this.',
  details: ['JSON: as account server.'],
  needs: 'profile',
  run: async (call) => {
    const account = await pop3Account(call);
    const { messages, policy } = await call.link.request('pop3.list', { account: account.id });
    await call.link.request('pop3.leave', { account: account.id });
    const going = messages
      .filter((one) => one.fate)
      .toSorted((a, b) => (a.fate?.due ?? 0) - (b.fate?.due ?? 0) || a.number - b.number);
    for (const one of going) tell(call, one, undefined);
    call.output.note(
      going.length === 0
        ? `Nothing is deleted on the server (${leaveText(policy)}).`
        : `${going.length} of ${messages.length} messages (${leaveText(policy)}).`,
    );
  },
};

async function pop3Account(call: Call): Promise<Account> {
  const { accounts } = await known(call.link);
  const account = accountNamed(accounts, call.arguments[0] ?? '');
  if (account.mode !== 'pop3') throw new Failed(`${account.email} is not collected by POP3.`);
  return account;
}

function linesOf(call: Call): number {
  const text = call.value('preview');
  if (text === undefined) return 0;
  if (!/^\d{1,3}$/u.test(text) || Number(text) > 200)
    throw new UsageError(`--preview is a number of lines up to 200, not "${text}".`);
  return Number(text);
}

async function show(
  call: Call,
  account: Account,
  messages: readonly ServerMessage[],
  lines: number,
): Promise<void> {
  const wants = (one: ServerMessage) => one.certain && (lines > 0 || !one.summary);
  for (let at = 0; at < messages.length && !call.signal.aborted; at += LOOKS) {
    const page = messages.slice(at, at + LOOKS);
    const uidls = page.filter(wants).map((one) => one.uidl);
    const looks =
      uidls.length > 0 ? await call.link.request('pop3.look', { account: account.id, uidls, lines }) : [];
    const found = new Map(looks.map((one) => [one.uidl, one]));
    for (const one of page) tell(call, one, found.get(one.uidl));
    call.output.progress(`${at + page.length} of ${messages.length}`, (at + page.length) / messages.length);
  }
}

function tell({ output }: Call, one: ServerMessage, look: ServerLook | undefined): void {
  const { number, uidl, size, held, fate, collected, deleted } = one;
  const { subject = '', from = [], date } = look ?? one.summary ?? {};
  const when = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  const going = fate && `  goes ${fate.due <= Date.now() ? 'now' : when(fate.due)}: ${WHY[fate.reason]}`;
  const preview = look?.preview === undefined ? '' : `\n        ${oneLine(look.preview)}`;
  output.result(
    {
      number,
      uidl,
      size,
      held,
      subject,
      from,
      date: when(date),
      collected: when(collected),
      deleted: when(deleted),
      removal: fate ? { reason: fate.reason, due: when(fate.due) } : null,
      ...(look?.preview === undefined ? {} : { preview: look.preview }),
    },
    `${String(number).padStart(6)} ${String(size).padStart(10)} ${held.padEnd(7)} ${uidl}  ${people(from)}  ${oneLine(subject)}${going ?? ''}${preview}`,
  );
}

async function apply(
  call: Call,
  account: Account,
  messages: readonly ServerMessage[],
  get: readonly string[],
  remove: readonly string[],
): Promise<void> {
  const there = new Map(messages.map((one) => [one.uidl, one]));
  for (const uidl of [...get, ...remove]) {
    if (there.get(uidl)?.certain !== true)
      throw new Failed(`The server has no one message by the name ${uidl}. Nothing was done.`);
  }
  const getting = new Set(get);
  const lost = remove.filter((uidl) => there.get(uidl)?.held !== 'whole' && !getting.has(uidl));
  if (lost.length > 0 && !call.has('even-unheld')) {
    throw new Failed(
      `Not whole on this computer, so they would be gone for good: ${lost.join(', ')}. Nothing was done.\n  --get collects them first; --even-unheld deletes them all the same.`,
    );
  }
  call.signal.addEventListener('abort', () => {
    void call.link.request('pop3.stop', { account: account.id }).catch(() => undefined);
  });
  const unheld = call.has('even-unheld');
  const done = await call.link.request('pop3.apply', {
    account: account.id,
    get: [...getting],
    remove: remove.map((uidl) => ({ uidl, unheld })),
  });
  call.output.result(
    { ...done },
    `${done.collected} collected, ${done.removed.length} deleted on the server.`,
  );
  if (done.kept.length > 0)
    throw new Failed(
      `Not deleted, for they are not safe on this computer: ${done.kept.join(', ')}. glasspost verify says what is damaged.`,
    );
  const missing = remove.length - done.removed.length;
  if (missing > 0) throw new Failed(`The server did not confirm that it deleted ${missing} of them.`);
}

export const pop3Commands: readonly Command[] = [server, removals];
