import { resolve } from 'node:path';
import { Failed, UsageError, type Command } from '../command.ts';
import { oneLine } from '../output.ts';
import { known, mailboxNamed } from '../resolve.ts';
import { watched } from '../task.ts';

/** Kinds of mbox files. */
const KINDS = ['mboxo', 'mboxrd', 'mboxcl', 'mboxcl2'] as const;
const FORMATS = ['mbox', 'maildir', 'eml'] as const;

const exportMail: Command = {
  name: 'export',
  arguments: ['MAILBOX'],
  options: [
    { name: 'mbox', value: 'FILE', summary: 'Into a file, mboxrd; it must not be there yet.' },
    {
      name: 'maildir',
      value: 'DIR',
      summary: 'Into a Maildir, flags and all; one that is there is added to.',
    },
    { name: 'eml', value: 'DIR', summary: 'Into a folder of .eml files; it must not be there yet.' },
  ],
  summary: 'Writes the messages of a mailbox to files, oldest first, byte for byte.',
  examples: [
    'glasspost export INBOX --mbox inbox.mbox',
    'glasspost export vera@example.org:Archive --maildir ~/Maildir',
  ],
  needs: 'profile',
  run: async (call) => {
    const format = FORMATS.filter((one) => call.has(one));
    const [only] = format;
    if (only === undefined || format.length > 1)
      throw new UsageError('One of --mbox, --maildir and --eml says where to.');
    const path = resolve(call.value(only) ?? '');
    const mailbox = mailboxNamed(await known(call.link), call.arguments[0] ?? '');
    const done = await watched(call, (task) =>
      call.link.request('mailbox.export', { task, mailbox: mailbox.id, format: only, path }),
    );
    for (const one of done.problems)
      call.output.note(`Not exported: ${one.id} ${oneLine(one.name)}: ${oneLine(one.detail)}`);
    call.output.result(
      { format: only, path, ...done },
      `${done.messages} messages, ${done.bytes} bytes: ${path}`,
    );
    stopped(done);
    if (done.problems.length > 0) throw new Failed(`${done.problems.length} could not be exported.`);
  },
};

const importMail: Command = {
  name: 'import',
  arguments: ['PATH'],
  options: [
    { name: 'into', value: 'MAILBOX', summary: 'Where to.' },
    {
      name: 'format',
      value: 'KIND',
      summary: 'Of which kind an mbox file is: mboxo, mboxrd, mboxcl or mboxcl2.',
    },
  ],
  summary: 'Takes mail from an mbox file, a Maildir, an .eml file or a folder of them into a mailbox.',
  details: [
    'What the mailbox holds already is left out, so that an import that was interrupted can be run again. The files are only read. Where the mailbox has a server, it gets the messages with their dates and flags.',
    'Of which kind an mbox file is shows in it, but for one thing: whether a line that begins with >>From had one > less when it was written (mboxrd) or not (mboxo). Nothing in a file decides that, and where there is no such line it makes no difference. Such messages are read as mboxrd and counted; --format mboxo reads them the other way. Of mboxo nobody can tell any more whether >From was From: one > is taken away.',
  ],
  examples: [
    'glasspost import old.mbox --into Archive',
    'glasspost import old.mbox --into Archive --format mboxo',
  ],
  needs: 'profile',
  run: async (call) => {
    const name = call.value('into');
    if (name === undefined) throw new UsageError('--into is missing.');
    const said = call.value('format');
    const kind = KINDS.find((one) => one === said);
    if (said !== undefined && kind === undefined)
      throw new UsageError(`--format is one of ${KINDS.join(', ')}.`);
    const mailbox = mailboxNamed(await known(call.link), name);
    const path = resolve(call.arguments[0] ?? '');
    const done = await watched(call, (task) =>
      call.link.request('mailbox.import', { task, path, mailbox: mailbox.id, ...(kind ? { kind } : {}) }),
    );
    for (const one of done.problems)
      call.output.note(`Not imported: ${oneLine(one.name)}: ${oneLine(one.detail)}`);
    if (done.undecided > 0)
      call.output.note(
        `Messages with a line that begins with >>From: ${done.undecided}. They were read as mboxrd; --format mboxo reads them as mboxo.`,
      );
    const twice = done.skipped > 0 ? `, ${done.skipped} were there already` : '';
    call.output.result(
      { path, mailbox: mailbox.path, ...done },
      `${done.added} messages from ${done.kind}${twice}`,
    );
    stopped(done);
    if (done.problems.length > 0) throw new Failed(`${done.problems.length} could not be imported.`);
  },
};

/** @throws Failed */
export function stopped({ interrupted }: { interrupted: boolean }): void {
  if (interrupted) throw new Failed('Interrupted. What was done so far is kept.');
}

export const archiveCommands: readonly Command[] = [exportMail, importMail];
