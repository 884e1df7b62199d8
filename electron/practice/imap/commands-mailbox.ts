import { canonicalName, nonexistent } from '../account.ts';
import type { Args } from './args.ts';
import { Complaint } from './complaint.ts';
import type { Command, Commands, Context, Reply } from './context.ts';
import { accountOf, no, ok, refused, viewOf } from './context.ts';
import { list, lsub } from './list.ts';
import { readMailboxName } from './name.ts';
import { parseStatusItems, writeStatus } from './status.ts';
import { View } from './view.ts';

function open(context: Context, args: Args, readOnly: boolean): Reply {
  const name = oneName(args, () => {
    if (!args.skip(' (')) return;
    args.expect('CONDSTORE', 'CONDSTORE');
    args.expect(')', ')');
    context.condstore = true;
  });
  // Even a SELECT that fails leaves the old mailbox (RFC 9051, section 6.3.2), and says so (RFC 7162, section 3.2.11).
  if (context.view) context.untagged('OK [CLOSED] the mailbox that was open is closed');
  context.select(undefined);
  const mailbox = accountOf(context).find(name);
  if (!mailbox) return refused(nonexistent());
  const view = new View(mailbox, readOnly, () => context.news());
  context.select(view);
  const unseen = mailbox.messages.findIndex((message) => !message.flags.has('\\Seen'));
  for (const line of view.flagLines()) context.untagged(line);
  context.untagged(`${view.count} EXISTS`);
  context.untagged(`${view.recentCount} RECENT`);
  if (unseen >= 0) context.untagged(`OK [UNSEEN ${unseen + 1}] the first unread message`);
  context.untagged(`OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs are valid as long as this stays the same`);
  context.untagged(`OK [UIDNEXT ${mailbox.uidNext}] the UID of the next message`);
  context.untagged(`OK [HIGHESTMODSEQ ${mailbox.highestModseq}] the last change has this number`);
  return readOnly ? ok('opened, read-only', 'READ-ONLY') : ok('opened', 'READ-WRITE');
}

/** The one argument of most commands here, and what may follow it. */
function oneName(args: Args, rest: () => void = () => undefined): string {
  args.space('a mailbox name');
  const name = readMailboxName(args);
  rest();
  args.end();
  return name;
}

function close(context: Context, text: string): Reply {
  context.select(undefined);
  return ok(text);
}

const rename: Command = {
  when: 'logged in',
  usage: 'RENAME old new',
  run: (context, args) => {
    args.space('the old name');
    const from = readMailboxName(args);
    args.space('the new name');
    const to = readMailboxName(args);
    args.end();
    const refusal = accountOf(context).rename(from, to);
    return refusal ? refused(refusal) : ok('renamed');
  },
};

const status: Command = {
  when: 'logged in',
  usage: 'STATUS mailbox (MESSAGES UNSEEN)',
  run: (context, args) => {
    args.space('a mailbox name');
    const name = readMailboxName(args);
    args.space('the status items');
    const items = parseStatusItems(args);
    args.end();
    const mailbox = accountOf(context).find(name);
    if (!mailbox) return refused(nonexistent());
    // Asking for HIGHESTMODSEQ shows that the client knows CONDSTORE (RFC 7162, section 3.1).
    if (items.includes('HIGHESTMODSEQ')) context.condstore = true;
    // In the mailbox that is open here, what is recent has been given to this session.
    const recent = context.view?.mailbox === mailbox ? context.view.recentCount : undefined;
    context.untagged(writeStatus(canonicalName(name), mailbox, items, recent));
    return ok('STATUS completed');
  },
};

/** RFC 9051, section 6.3.12; APPENDUID is RFC 4315, section 3. */
const append: Command = {
  when: 'logged in',
  usage: 'APPEND mailbox (flags) "date" {octets}',
  run: (context, args) => {
    args.space('a mailbox name');
    const name = readMailboxName(args);
    args.space('flags, a date or the message');
    let flags: string[] = [];
    if (args.peek('(')) {
      flags = args.list('flags', () => args.flag());
      args.space('a date or the message');
    }
    let date: Date | undefined;
    if (args.peek('"')) {
      date = args.dateTime();
      args.space('the message');
    }
    const message = args.literal();
    if (!message)
      throw new Complaint('the message comes as a literal: {count} at the end of the line, then its octets');
    args.end();
    const mailbox = accountOf(context).find(name);
    if (!mailbox) return no(nonexistent().text, 'TRYCREATE');
    if (message.length === 0) return no('an empty message cannot be stored', 'CANNOT');
    const stored = mailbox.append(message, flags, date ?? context.office.clock());
    return ok('stored', `APPENDUID ${mailbox.uidValidity} ${stored.uid}`);
  },
};

export const mailboxCommands: Commands = {
  LIST: list,
  LSUB: lsub,
  STATUS: status,
  APPEND: append,
  RENAME: rename,
  SELECT: {
    when: 'logged in',
    usage: 'SELECT INBOX',
    run: (context, args) => open(context, args, false),
  },
  EXAMINE: {
    when: 'logged in',
    usage: 'EXAMINE INBOX',
    run: (context, args) => open(context, args, true),
  },
  CREATE: {
    when: 'logged in',
    usage: 'CREATE name',
    run: (context, args) => {
      const refusal = accountOf(context).create(oneName(args));
      return refusal ? refused(refusal) : ok('created');
    },
  },
  DELETE: {
    when: 'logged in',
    usage: 'DELETE name',
    run: (context, args) => {
      const refusal = accountOf(context).delete(oneName(args));
      return refusal ? refused(refusal) : ok('deleted');
    },
  },
  SUBSCRIBE: {
    when: 'logged in',
    usage: 'SUBSCRIBE name',
    run: (context, args) => {
      const name = canonicalName(oneName(args));
      if (!accountOf(context).find(name)) return refused(nonexistent());
      accountOf(context).subscribe(name, true);
      return ok('subscribed');
    },
  },
  UNSUBSCRIBE: {
    when: 'logged in',
    usage: 'UNSUBSCRIBE name',
    run: (context, args) => {
      accountOf(context).subscribe(oneName(args), false);
      return ok('unsubscribed');
    },
  },
  CHECK: {
    when: 'selected',
    usage: 'CHECK',
    run: (_, args) => {
      args.end();
      return ok('all is stored');
    },
  },
  /** Expunges without a word, unless the mailbox was opened read-only (RFC 9051, section 6.4.1). */
  CLOSE: {
    when: 'selected',
    usage: 'CLOSE',
    run: (context, args) => {
      args.end();
      const view = viewOf(context);
      if (!view.readOnly) {
        const gone = view.mailbox.messages.filter((message) => message.flags.has('\\Deleted'));
        view.mailbox.remove(
          gone.map((message) => message.uid),
          view,
        );
      }
      return close(
        context,
        view.readOnly ? 'closed, nothing was removed' : 'closed; what was \\Deleted is gone',
      );
    },
  },
  UNSELECT: {
    when: 'selected',
    usage: 'UNSELECT',
    run: (context, args) => {
      args.end();
      return close(context, 'closed; nothing was removed');
    },
  },
};
