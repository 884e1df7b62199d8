import { utf8InBinary } from '../bytes.ts';
import { MECHANISMS, sameText, startSasl } from '../sasl.ts';
import type { Credentials } from '../sasl.ts';
import { capabilities } from './capabilities.ts';
import type { Command, Commands, Context, Reply } from './context.ts';
import { no, ok } from './context.ts';

function enter(context: Context, credentials: Credentials): Reply {
  const account = context.office.authenticate(credentials);
  if (!account) return no(`wrong user or password; ${context.office.userHint}`, 'AUTHENTICATIONFAILED');
  context.account = account;
  return ok(`logged in as ${account.user.email}`, `CAPABILITY ${capabilities(context)}`);
}

/** RFC 9051, section 6.2.1. */
const startTls: Command = {
  when: 'before login',
  usage: 'STARTTLS',
  run: (context, args) => {
    args.end();
    if (context.tls === 'active') return { status: 'BAD', text: 'TLS is active already' };
    if (context.tls === 'never') return { status: 'BAD', text: 'there is no TLS here' };
    context.startTls();
    return ok('begin TLS now');
  },
};

const login: Command = {
  when: 'before login',
  usage: 'LOGIN user password',
  run: (context, args) => {
    args.space('the user name');
    const user = args.astring('the user name');
    args.space('the password');
    const given = args.astring('the password');
    args.end();
    const password = utf8InBinary(given) ?? given;
    return enter(context, { user, proves: (right) => sameText(right, password) });
  },
};

/** AUTHENTICATE (RFC 9051, section 6.2.2), with and without an initial response (RFC 4959). */
const authenticate: Command = {
  when: 'before login',
  usage: 'AUTHENTICATE PLAIN',
  run: (context, args) => {
    args.space('the name of a mechanism');
    const mechanism = args.atom('the name of a mechanism');
    let initial: string | undefined;
    if (!args.atEnd) {
      args.space('the initial response');
      // Mutt writes a space and then nothing; an initial response that is empty would be "=".
      if (!args.atEnd) initial = args.match(/[A-Za-z0-9+/=]+/) ?? '';
      args.end();
    }
    const first = startSasl(mechanism, context.office.domain, initial);
    if (!first)
      return no(`the mechanisms here are ${MECHANISMS.join(', ')}; LOGIN user password works too`, 'CANNOT');
    const advance = (step: NonNullable<typeof first>): Reply | undefined => {
      if ('problem' in step) return { status: 'BAD', text: step.problem };
      if ('credentials' in step) return enter(context, step.credentials);
      return context.ask(step.ask, (line) =>
        line === '*' ? { status: 'BAD', text: 'you took AUTHENTICATE back' } : advance(step.next(line)),
      );
    };
    return advance(first);
  },
};

export const loginCommands: Commands = { STARTTLS: startTls, LOGIN: login, AUTHENTICATE: authenticate };
