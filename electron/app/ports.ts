import type { PasswordSource } from '../../shared/model/account.ts';
import type { Draft } from '../../shared/model/draft.ts';
import type { AccountId, DraftId, MessageKey } from '../../shared/model/ids.ts';
import type { MessageContent, MessageRow } from '../../shared/model/message.ts';
import type { EventName, Payload } from '../../shared/contract/events.ts';
import type { Mark } from '../../shared/search/marks.ts';
import type { Query } from '../../shared/search/query.ts';
import type { WireLog, Digest, Engines } from './ports-engine.ts';
import type { Store, Archives } from './ports-store.ts';

/** A letter to be composed into RFC 5322 bytes. */
export interface Composition {
  draft: Draft;
  from: { name: string; address: string };
  attachments: { name: string; type: string; bytes: Uint8Array }[];
  /** ms since the epoch. */
  date: number;
}

/** A message that somebody else wrote, to be submitted as it is. */
export interface WholeLetter {
  bytes: Uint8Array;
  /** Whose account it goes through: the sender of the envelope, and the author where it names none. */
  from: { name: string; address: string };
  /** Recipients besides those that it names. */
  to: string[];
  /** Whether the addresses in its To, Cc and Bcc fields get it. */
  recipientsInHeader: boolean;
  /** ms since the epoch. */
  date: number;
}

/** A message as kept (Bcc first), how many bytes of it are not sent, and who gets it. */
export interface Submission {
  bytes: Uint8Array;
  skip: number;
  envelope: { from: string; to: string[] };
}

export interface Mime {
  read(row: MessageRow, raw: Uint8Array): Promise<MessageContent>;
  /** The document for the isolated view: sanitised HTML, or the text dressed as HTML. */
  view(id: MessageKey, raw: Uint8Array, as: 'html' | 'text'): Promise<string>;
  /** An inline part by its Content-ID, for the isolated view. */
  inline(raw: Uint8Array, contentId: string): Promise<{ type: string; bytes: Uint8Array } | undefined>;
  attachment(
    raw: Uint8Array,
    part: string,
  ): Promise<{ name: string; type: string; bytes: Uint8Array } | undefined>;
  /** @param forGood nobody needs the bytes afterwards: a large letter's are handed over, not copied */
  digest(raw: Uint8Array, forGood?: boolean): Promise<Digest>;
  /** Where in a message's text a query's words stand first; undefined when they are not there. */
  passage(raw: Uint8Array, query: Query): Promise<{ text: string; marks: Mark[] } | undefined>;
  /** Safe HTML of a message, to be quoted in an answer. */
  quote(raw: Uint8Array): Promise<{ html: string }>;
  compose(composition: Composition): Promise<Submission>;
  /** Adds to a message what a submission server would have to add (RFC 6409 section 8). */
  complete(letter: WholeLetter): Promise<Submission>;
  close(): Promise<void>;
}

/** Passwords. With a `plain` keyring they are forgotten when the program ends. */
export interface Secrets {
  readonly keyring: 'os' | 'plain';
  /** @throws MailError `no-password` when the place that has it does not give it */
  get(account: AccountId): Promise<string | undefined>;
  set(account: AccountId, password: string): Promise<void>;
  /** From now on the password is asked for there, and kept nowhere. */
  setSource(account: AccountId, source: PasswordSource): Promise<void>;
  remove(account: AccountId): Promise<void>;
}

export interface Publisher {
  publish<N extends EventName>(name: N, payload: Payload<N>): void;
}

/** What only a program with windows can do. The command line has its own. */
export interface Shell {
  openComposer(draft: DraftId): void;
  closeComposer(draft: DraftId): void;
  chooseFiles(): Promise<string[]>;
  /** Asks where to save; null when the person changed their mind. */
  chooseSave(name: string): Promise<string | null>;
  /** Asks, and writes. */
  saveAs(name: string, bytes: Uint8Array): Promise<string | null>;
  /** In the system's own program for it. */
  openLink(url: string): Promise<void>;
  readonly language: string;
  readonly version: string;
}

export interface Ports {
  store: Store;
  archives: Archives;
  engines: Engines;
  mime: Mime;
  wire: WireLog;
  secrets: Secrets;
  events: Publisher;
  shell: Shell;
}
