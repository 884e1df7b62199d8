import type { Account, Refusal } from '../account.ts';
import type { PostOffice } from '../post-office.ts';
import type { Outlet } from '../session.ts';
import type { Args } from './args.ts';
import type { View } from './view.ts';

/** The tagged end of a command. */
export type Reply = {
  readonly status: 'OK' | 'NO' | 'BAD';
  readonly code?: string | undefined;
  readonly text: string;
};

/** What a command may see and do of its session. */
export type Context = {
  readonly office: PostOffice;
  account: Account | undefined;
  view: View | undefined;
  /** The client has shown that it knows CONDSTORE (RFC 7162, section 3.1): changes come with their MODSEQ. */
  condstore: boolean;
  /** Whether the connection goes over TLS, or may. */
  readonly tls: Outlet['tls'];
  /** Go on over TLS after the reply; what was sent in clear behind the command is forgotten. */
  startTls(): void;
  /** Send an untagged response: "* " and the line end are added. */
  untagged(text: string): void;
  /** Send octets as they are. */
  raw(bytes: Uint8Array): void;
  /** Ask the client to go on ("+ ..."); its next line goes to the function, whose reply ends the command. */
  ask(prompt: string, answer: (line: string) => Reply | undefined): undefined;
  /** Announce what has happened in the mailbox. */
  announce(expunges: boolean): void;
  /** Something has happened in the mailbox: tell it now if the client idles. */
  news(): void;
  /** Open a mailbox, or none. */
  select(view: View | undefined): void;
  /** Tell news as they happen, or stop doing so. */
  idle(on: boolean): void;
  /** Close the connection after the reply. */
  end(): void;
};

export type Command = {
  readonly when: 'any' | 'before login' | 'logged in' | 'selected';
  /** How the command is written, for someone who learns. */
  readonly usage: string;
  /** EXPUNGE must not be sent while this command is answered (RFC 9051, section 7.5.1). */
  readonly keepsNumbers?: boolean;
  run(context: Context, args: Args): Reply | undefined;
};

export type Commands = Readonly<Record<string, Command>>;

export const ok = (text: string, code?: string): Reply => ({ status: 'OK', text, code });
export const no = (text: string, code?: string): Reply => ({ status: 'NO', text, code });
export const refused = (refusal: Refusal): Reply => ({
  status: 'NO',
  text: refusal.text,
  code: refusal.code,
});

/** The account of a session that is known to be logged in. */
export function accountOf(context: Context): Account {
  if (!context.account) throw new Error('a command ran before login');
  return context.account;
}

/** The view of a session that is known to have a mailbox selected. */
export function viewOf(context: Context): View {
  if (!context.view) throw new Error('a command ran without a mailbox');
  return context.view;
}
