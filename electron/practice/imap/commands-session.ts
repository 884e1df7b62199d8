import { capabilities } from './capabilities.ts';
import type { Command, Commands, Reply } from './context.ts';
import { accountOf, ok } from './context.ts';
import { Complaint } from './complaint.ts';
import { writeString } from './write.ts';

const capability: Command = {
  when: 'any',
  usage: 'CAPABILITY',
  run: (context, args) => {
    args.end();
    context.untagged(`CAPABILITY ${capabilities(context)}`);
    return ok('these are the things I can do');
  },
};

const noop: Command = {
  when: 'any',
  usage: 'NOOP',
  run: (_, args) => {
    args.end();
    return ok('nothing done; what is new was said above');
  },
};

const logout: Command = {
  when: 'any',
  usage: 'LOGOUT',
  run: (context, args) => {
    args.end();
    context.untagged('BYE see you');
    context.end();
    return ok('LOGOUT completed');
  },
};

/** RFC 2971. */
const id: Command = {
  when: 'any',
  usage: 'ID NIL, or ID ("name" "my client")',
  run: (context, args) => {
    args.space('NIL or a list of names and values');
    if (args.peek('(')) {
      const items = args.list('names and values', () => args.nstring('a name or a value'));
      if (items.length % 2 === 1) throw new Complaint('the list goes name, value, name, value');
    } else if (args.nstring('NIL or a list') !== undefined) {
      throw new Complaint('expected NIL or a list such as ("name" "my client")');
    }
    args.end();
    context.untagged('ID ("name" "Glasspost practice server")');
    return ok('pleased to meet you');
  },
};

/** RFC 5161. */
const enable: Command = {
  when: 'logged in',
  usage: 'ENABLE CONDSTORE',
  run: (context, args) => {
    const enabled: string[] = [];
    do {
      args.space('what to enable');
      const wanted = args.atom('what to enable').toUpperCase();
      if (wanted === 'CONDSTORE') {
        context.condstore = true;
        enabled.push(wanted);
      }
    } while (!args.atEnd);
    context.untagged(['ENABLED', ...enabled].join(' '));
    return ok(enabled.length > 0 ? 'enabled' : 'nothing of this can be enabled here; CONDSTORE can');
  },
};

/** RFC 2342. */
const namespace: Command = {
  when: 'logged in',
  usage: 'NAMESPACE',
  run: (context, args) => {
    args.end();
    context.untagged('NAMESPACE (("" "/")) NIL NIL');
    return ok(`all mailboxes here are yours, ${writeString(accountOf(context).user.email)}`);
  },
};

/** RFC 2177. */
const idle: Command = {
  when: 'logged in',
  usage: 'IDLE, then DONE',
  run: (context, args) => {
    args.end();
    context.announce(true);
    const answer = (line: string): Reply => {
      context.idle(false);
      if (line.toUpperCase() === 'DONE') return ok('IDLE ended');
      return { status: 'BAD', text: 'IDLE ends with the line DONE, without a tag' };
    };
    context.ask('I will tell you as it happens; send DONE to end', answer);
    context.idle(true);
    return undefined;
  },
};

export const sessionCommands: Commands = {
  CAPABILITY: capability,
  NOOP: noop,
  LOGOUT: logout,
  ID: id,
  ENABLE: enable,
  NAMESPACE: namespace,
  IDLE: idle,
};
