// What a hostile server does, as data: `HostileServer` plays it, `cases/` are made of it.
import type { FailureCode } from '../../../shared/model/failure.ts';
import type { Security } from '../../../shared/model/account.ts';
import type { Identities } from './identities.ts';

/** A server that referrals name, which nobody must ask; several runs at a time have one each. */
export const STRANGER = { host: `127.9.${(process.pid >> 8) & 255}.${process.pid & 255 || 1}`, port: 14_143 };

/** Text with `TAG` for the tag of the client's command, bytes, or pieces without end. */
export type Said = string | Buffer | (() => Iterable<string | Buffer>);

/** The connection in the hands of a rule that takes it over. */
export interface Turn {
  readonly tag: string;
  readonly line: string;
  readonly say: (said: Said) => void;
  /** The client's next line. */
  readonly hear: () => Promise<string>;
}

/** What is done to one command of the client. */
export interface Rule {
  /** The command without its tag; before TLS also. */
  on: RegExp;
  /** How often; always, when left out. */
  times?: number;
  /** Said first, then the honest server answers. */
  before?: Said;
  /** Said in the place of the honest answer; the honest server never hears of the command. */
  instead?: Said;
  /** Changes each line of the honest answer; what stands in literals is left alone. */
  edit?: ((line: string) => string) | undefined;
  /** Changes what stands in the literals of the honest answer, and the sizes in front of them. */
  editData?: (data: Buffer) => Buffer;
  /** POP3: what the honest server is asked in the place of this. */
  ask?: (line: string) => string;
  talk?: (turn: Turn) => Promise<void>;
  /** `hang`: nothing is answered from here on, whatever is asked. */
  next?: 'close' | 'reset' | 'hang';
}

export interface Script {
  /** In the place of the honest greeting. */
  greeting?: Said;
  /** What follows the greeting at once. */
  afterGreeting?: 'close' | 'hang';
  /** Whose certificate is shown, or what becomes of the handshake. */
  tls?: keyof Identities | 'old' | 'stall' | 'reset';
  /** POP3: how its bytes are cut into packets: one by one, or nothing for a while and then all together. */
  packets?: 'bytes' | 'heaps';
  rules?: Rule[];
}

/** What a case may look at when it is over. */
export interface Scene {
  /** Lines that the client said before TLS. */
  readonly clear: readonly string[];
  /** Commands that it said under TLS, with what was on their line. */
  readonly said: readonly string[];
  /** Connections to another server that was named. */
  readonly strangers: number;
  /** Letters that the honest server has, by mailbox. */
  readonly onServer: readonly { mailbox: string; subject: string; flags: readonly string[] }[];
  readonly mailboxes: readonly { path: string; name: string }[];
  readonly letters: readonly { mailbox: string; subject: string; stored: boolean }[];
  /** Everything that was told in words. */
  readonly told: string;
}

/** What the person does while the server is hostile. */
export type Deed = 'flag' | 'move' | 'delete' | 'send' | 'create' | 'search';

export interface HostileCase {
  /** Of the catalogue of hostile cases. */
  number: number;
  /** `imap` unless said otherwise. */
  protocol?: 'imap' | 'pop3';
  /** POP3: what is stored here is removed from the server. */
  removes?: boolean;
  name: string;
  /** `starttls` unless said otherwise. */
  security?: Security;
  script?: Script | undefined;
  /** Nothing was here before: the first sync meets the hostile server. */
  fresh?: boolean;
  /** In this order, without waiting for the server. */
  deeds?: Deed[];
  /** Done to the server's mail behind the client's back, before it becomes hostile. */
  prepare?: 'foreign-deleted';
  /** What is told: one of these codes, or that all is well. */
  told: (FailureCode | 'fine')[];
  /** What is wrong with what came of it. */
  judge?: (scene: Scene) => string[];
  /** The client compresses though the server is on this computer. */
  compress?: boolean;
  /** Fills memory: played alone in a process of its own. */
  heavy?: boolean;
  /** Why it is not played here. */
  elsewhere?: string;
}
