import { Flag, type StructurePart } from '../../../shared/model/message.ts';
import { UsageError, type Command } from '../command.ts';
import { harmless, oneLine } from '../output.ts';
import { known, mailboxNamed, rowOf } from '../resolve.ts';
import { settle } from '../settle.ts';
import { isoDate, people, rowObject } from './mailbox.ts';

/** Bytes: all of any message. */
const WHOLE = Number.MAX_SAFE_INTEGER;

const show: Command = {
  name: 'show',
  arguments: ['ID'],
  options: [
    { name: 'raw', summary: 'Exactly the bytes that came from the server.' },
    { name: 'headers', summary: 'Every header field, in order, decoded.' },
    { name: 'structure', summary: 'The tree of its MIME parts.' },
    { name: 'text', summary: 'Its text alone.' },
  ],
  summary: 'Shows a message. Its body is fetched from the server first when only the header is here.',
  details: ['Showing a message does not mark it as read.'],
  examples: ['glasspost show 42', 'glasspost show 42 --raw > letter.eml'],
  needs: 'profile',
  run: async (call) => {
    const asked = ['raw', 'headers', 'structure', 'text'].filter((one) => call.has(one));
    if (asked.length > 1) throw new UsageError(`--${asked.join(' and --')} are too much at once.`);
    const row = await rowOf(call);
    if (call.has('raw')) {
      const { bytes } = await call.link.request('message.raw', { id: row.id, limit: WHOLE });
      if (!call.output.json) call.output.bytes(bytes);
      else call.output.result({ id: row.id, base64: Buffer.from(bytes).toString('base64') }, '');
      return;
    }
    const message = await call.link.request('message.open', { id: row.id });
    const { headers, structure, text, attachments, problems } = message;
    const all = await known(call.link);
    if (call.has('headers')) {
      if (call.output.json) call.output.result({ id: row.id, headers }, '');
      else for (const one of headers) call.output.result({}, `${one.name}: ${oneLine(one.value)}`);
    } else if (call.has('structure')) {
      call.output.result({ id: row.id, structure }, tree(structure).join('\n'));
    } else if (call.has('text')) {
      call.output.result({ id: row.id, text }, harmless(text));
    } else {
      const { cc, bcc, replyTo } = message;
      const head = [
        `From: ${people(row.from)}`,
        `To: ${people(row.to)}`,
        ...(cc.length > 0 ? [`Cc: ${people(cc)}`] : []),
        ...(bcc.length > 0 ? [`Bcc: ${people(bcc)}`] : []),
        `Date: ${isoDate(row.date) ?? 'unknown'}`,
        `Subject: ${oneLine(row.subject)}`,
        ...attachments.map(
          (one) => `Attachment: ${oneLine(one.name)} (${one.type}, ${one.size} bytes, part ${one.part})`,
        ),
        ...problems.map((one) => `Problem: ${oneLine(one)}`),
      ];
      call.output.result(
        { ...rowObject(all, row), cc, bcc, replyTo, headers, structure, text, attachments, problems },
        [...head, '', harmless(text)].join('\n'),
      );
    }
  },
};

function tree(part: StructurePart, depth = 0): string[] {
  const more = [part.name, part.charset, part.encoding, part.disposition].filter(Boolean).join(', ');
  const line = `${'  '.repeat(depth)}${part.part || '-'} ${part.type}${more ? ` (${more})` : ''} ${part.end - part.bodyStart} bytes`;
  return [oneLine(line), ...part.children.flatMap((child) => tree(child, depth + 1))];
}

const FLAGS = Flag.exclude(['deleted']).options;

const flag: Command = {
  name: 'flag',
  arguments: ['ID', '+FLAG|-FLAG...'],
  options: [],
  marks: /^[+-][a-z]+$/u,
  summary: 'Sets (+) and clears (-) flags of a message, here and on the server.',
  details: [`Flags: ${FLAGS.join(', ')}.`],
  examples: ['glasspost flag 42 +seen -flagged'],
  needs: 'profile',
  run: async (call) => {
    const set: Flag[] = [];
    const clear: Flag[] = [];
    for (const mark of call.arguments.slice(1)) {
      const name = FLAGS.find((one) => one === mark.slice(1));
      if (!/^[+-]/u.test(mark) || !name)
        throw new UsageError(`"${mark}" is not + or - and one of: ${FLAGS.join(', ')}.`);
      (mark.startsWith('+') ? set : clear).push(name);
    }
    const row = await rowOf(call);
    await call.link.request('message.flag', { ids: [row.id], set, clear });
    await settle(call, row.account);
    const [after] = await call.link.request('message.rows', { ids: [row.id] });
    const flags = after?.flags ?? [];
    call.output.result({ id: row.id, flags }, `${row.id}: ${flags.join(' ') || 'no flags'}`);
  },
};

const move: Command = {
  name: 'move',
  arguments: ['ID', 'MAILBOX'],
  options: [],
  summary: 'Moves a message to another mailbox of its account, here and on the server.',
  needs: 'profile',
  run: async (call) => {
    const row = await rowOf(call);
    const all = await known(call.link);
    // The mailbox of a message's own account needs no address before it.
    const own = { ...all, mailboxes: all.mailboxes.filter((one) => one.account === row.account) };
    const target = mailboxNamed(own, call.arguments[1] ?? '');
    await call.link.request('message.move', { ids: [row.id], mailbox: target.id });
    await settle(call, row.account);
    call.output.result({ id: row.id, mailbox: target.path }, `${row.id} is in ${oneLine(target.path)} now.`);
  },
};

const remove: Command = {
  name: 'delete',
  arguments: ['ID'],
  options: [],
  summary: 'Moves a message to Trash; what lies in Trash already goes for good.',
  needs: 'profile',
  run: async (call) => {
    const row = await rowOf(call);
    await call.link.request('message.delete', { ids: [row.id] });
    await settle(call, row.account);
    const [after] = await call.link.request('message.rows', { ids: [row.id] });
    call.output.result(
      { id: row.id, deleted: after === undefined },
      after ? `${row.id} is in Trash now.` : `${row.id} is gone.`,
    );
  },
};

export const messageCommands: readonly Command[] = [show, flag, move, remove];
