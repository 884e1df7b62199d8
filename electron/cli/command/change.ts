import { Keyword } from '../../../shared/model/message.ts';
import type { Deed, WaitingOperation } from '../../../shared/model/operation.ts';
import { Failed, UsageError, type Call, type Command } from '../command.ts';
import { oneLine } from '../output.ts';
import { emailOf, known, mailboxNamed, rowOf } from '../resolve.ts';
import { settle } from '../settle.ts';
import { isoDate } from './mailbox.ts';

const tag: Command = {
  name: 'tag',
  arguments: ['ID', '+TAG|-TAG...'],
  options: [],
  marks: /^(?:\+\S+|-[^-\s]\S*)$/u,
  summary: 'Puts tags on a message (+) and takes them off (-), here and on the server.',
  details: ['A tag is an IMAP keyword: one word, without ( ) { % * " \\ ].'],
  examples: ['glasspost tag 42 +project -later', 'glasspost search tag:project'],
  needs: 'profile',
  run: async (call) => {
    const add: string[] = [];
    const remove: string[] = [];
    for (const mark of call.arguments.slice(1)) {
      const name = mark.slice(1);
      if (!/^[+-]/u.test(mark) || !Keyword.safeParse(name).success)
        throw new UsageError(`"${mark}" is not + or - and a tag.`);
      (mark.startsWith('+') ? add : remove).push(name);
    }
    const row = await rowOf(call);
    await call.link.request('message.tag', { ids: [row.id], add, remove });
    await settle(call, row.account);
    const [after] = await call.link.request('message.rows', { ids: [row.id] });
    const tags = after?.keywords ?? [];
    call.output.result({ id: row.id, tags }, `${row.id}: ${tags.join(' ') || 'no tags'}`);
  },
};

const copy: Command = {
  name: 'copy',
  arguments: ['ID', 'MAILBOX'],
  options: [],
  summary: 'Copies a message to another mailbox, of its account or of another one.',
  needs: 'profile',
  run: async (call) => {
    const row = await rowOf(call);
    const target = mailboxNamed(await known(call.link), call.arguments[1] ?? '');
    await call.link.request('message.copy', { ids: [row.id], mailbox: target.id });
    await settle(call, target.account);
    call.output.result(
      { id: row.id, mailbox: target.path },
      `A copy of ${row.id} is in ${oneLine(target.path)}.`,
    );
  },
};

const waiting: Command = {
  name: 'waiting',
  arguments: [],
  options: [{ name: 'cancel', value: 'ID', summary: 'Takes this change back: the server is not told.' }],
  summary: 'Shows what servers have to be told yet, with the commands that will be sent.',
  needs: 'profile',
  run: async (call) => {
    const cancel = call.value('cancel');
    if (cancel !== undefined) {
      if (!/^[1-9]\d{0,14}$/u.test(cancel)) throw new UsageError(`"${cancel}" is no number of a change.`);
      await call.link.request('operation.cancel', { id: Number(cancel) });
      call.output.result({ cancelled: Number(cancel) }, `${cancel} was taken back.`);
      return;
    }
    const { accounts } = await known(call.link);
    const all = await call.link.request('operation.list', {});
    for (const one of all) show(call, emailOf(accounts, one.account), one);
    if (all.length === 0) call.output.note('Nothing waits.');
  },
};

function show(call: Call, account: string, one: WaitingOperation): void {
  const { id, kind, messages, subject, made, attempts, refusal, commands } = one;
  const about = messages === 0 ? (one.to ?? one.from ?? '') : `${messages}: ${subject}`;
  const lines = [
    [id, account, kind, oneLine(about), ...(refusal === undefined ? [] : [oneLine(refusal)])].join('\t'),
    ...commands.map((command) => `  ${oneLine(command)}`),
  ];
  call.output.result(
    {
      id,
      account,
      kind,
      messages,
      subject,
      since: isoDate(made),
      attempts,
      refusal: refusal ?? null,
      commands,
    },
    lines.join('\n'),
  );
}

const undo: Command = {
  name: 'undo',
  arguments: [],
  options: [
    { name: 'id', value: 'N', summary: 'This one, not the latest.' },
    { name: 'list', summary: 'Only shows what was done lately.' },
  ],
  summary: 'Undoes what was done last: flags, tags, moves, copies, deletions, changes of mailboxes.',
  details: ['What lay in Trash and was deleted there is gone for good.'],
  examples: ['glasspost undo', 'glasspost undo --list'],
  needs: 'profile',
  run: async (call) => {
    const done = await call.link.request('deed.list', { limit: 100 });
    if (call.has('list')) {
      for (const one of done) call.output.result(one, lineOf(one));
      return;
    }
    const id = call.value('id');
    const wanted = done.find((one) => (id === undefined ? !one.undone : String(one.id) === id));
    if (!wanted) throw new Failed('There is nothing to undo.');
    await call.link.request('deed.undo', { id: wanted.id });
    const { accounts } = await known(call.link);
    for (const account of accounts) await settle(call, account.id);
    call.output.result({ undone: wanted.id }, `Undone: ${lineOf(wanted)}`);
  },
};

function lineOf({ id, kind, made, messages, subject, from, to, set = [], clear = [], undone }: Deed): string {
  const marks = [...set.map((one) => `+${one}`), ...clear.map((one) => `-${one}`)].join(' ');
  const where = [from, to].filter((one) => one !== undefined).join(' → ');
  const what = messages === 0 ? '' : `${messages}: ${subject}`;
  return [id, isoDate(made), kind, marks, oneLine(where), oneLine(what), undone ? 'undone' : '']
    .filter((one) => one !== '')
    .join('\t');
}

export const changeCommands: readonly Command[] = [tag, copy, waiting, undo];
