import type { ServerSettings } from '../../shared/model/account.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { AccountId, ConnectionId } from '../../shared/model/ids.ts';
import type { MailboxRole } from '../../shared/model/mailbox.ts';
import type { Flag } from '../../shared/model/message.ts';
import type { Protocol, WireConnection, WireLine } from '../../shared/wire/line.ts';
import type { Expects } from '../../shared/wire/turn.ts';
import type { Transcript, TranscriptInfo } from '../../shared/wire/transcript.ts';

/** What a connection is for, told before it is opened. */
export interface ConnectionPlan {
  protocol: Protocol;
  server: ServerSettings;
  account?: AccountId;
  email: string;
  purpose: string;
  /** Must never be seen in the transcript. When there are none, what is typed as a password becomes one. */
  secrets: string[];
  /** Told each line at once, redacted, besides the batches to the windows. */
  hear?(line: WireLine): void;
}

/** The transcript of one connection while it is being written. */
export interface Recorder {
  readonly connection: ConnectionId;
  readonly sink: (from: 'client' | 'server', chunk: Uint8Array) => void;
  /** Our own words about the connection: a code word, then its details. */
  note(text: string): void;
  close(reason: string): void;
}

export interface WireLog {
  open(plan: ConnectionPlan): Recorder;
  recent(limit: number): { connections: WireConnection[]; lines: WireLine[] };
  /** What is kept of this run and earlier ones, newest first. */
  transcripts(): Promise<TranscriptInfo[]>;
  /** @throws MailError `bad-request` or `not-found` */
  transcript(session: string): Promise<Transcript>;
}

/** Whom an engine connects as. */
export interface Login {
  account?: AccountId;
  email: string;
  server: ServerSettings;
  password: string;
  /** An access token (RFC 6750): where there is one it is shown to the server, and the password is not. */
  token?: string;
  purpose: string;
  /** Whether the connection is compressed where the server offers it; left out: where it leaves this computer. */
  compress?: boolean;
}

/** A message as it came from a server: a header block, or all of it. */
export interface IncomingMessage {
  uid?: number;
  uidl?: string;
  flags: Flag[];
  /** Tags, where the server has any. */
  keywords?: string[];
  /** The same for every copy of the message in the account (RFC 8474, Gmail's X-GM-MSGID). */
  emailId?: string;
  /** ms since the epoch: INTERNALDATE, or when it was downloaded. */
  received: number;
  /** Bytes, as the server counts them. */
  size: number;
  /** The header block; the whole message when `whole` is true. */
  bytes: Uint8Array;
  whole: boolean;
  /** The server may hold more of it: it is never told to delete it. */
  stays?: boolean;
  /** POP3: its size as LIST said; bytes. */
  listed?: number;
  /** Known already when the message is taken in, so that its row is complete at once. */
  digest?: Digest;
}

/** The words of a message as they are searched: folded (`shared/search/fold.ts`). */
export interface SearchText {
  subject: string;
  from: string;
  to: string;
  /** With those of a blind copy, where the message tells. */
  cc: string;
  body: string;
  /** Names of attachments. */
  files: string;
}

/** What is read from a message once, when it is stored. */
export interface Digest {
  snippet: string;
  attachments: number;
  search?: SearchText;
}

/** What a server tells about one mailbox, whatever the protocol. */
export interface MailboxChange {
  added: IncomingMessage[];
  flags: { uid: number; flags: Flag[]; keywords?: string[] }[];
  removed: number[];
  cursor?: MailboxCursor;
  /** UIDVALIDITY changed: every UID known so far is void (RFC 9051 section 2.3.1.1). */
  reset?: boolean;
  /** UIDLs that name nothing on the server any more, or nothing for certain: what had them may come under others. */
  lost?: ReadonlySet<string>;
}

/** How far a mailbox is known (RFC 9051 section 2.3.1, RFC 7162). */
export interface MailboxCursor {
  uidValidity: number;
  highestModseq?: string;
}

/** What a server holds, told without fetching it: to be compared with what is here. */
export interface CatalogueEntry {
  /** The mailbox; POP3 has `INBOX` alone. */
  path: string;
  uidValidity?: number;
  /** UID, or POP3's number. */
  number: number;
  uidl?: string;
  /** Bytes, as the server counts them. */
  size: number;
  /** Its Message-ID field, or the whole header block where there is none; absent while it was not asked for. */
  header?: Uint8Array;
  flags: Flag[];
  keywords: string[];
  /** ms since the epoch. */
  received: number;
}

/** @param total how many the mailbox holds */
export type TellCatalogue = (entries: CatalogueEntry[], total: number) => Promise<void>;

export interface KnownMessage {
  uid: number;
  flags: Flag[];
}

/** What is known of a mailbox; the list of all its messages is asked for only when it is needed. */
export interface KnownMailbox {
  cursor: MailboxCursor | undefined;
  count: number;
  maxUid: number;
  /** No body is wanted before somebody asks for it, however short. */
  headersOnly?: boolean;
  messages(): Promise<KnownMessage[]>;
}

export type TellChange = (change: MailboxChange, progress: { done: number; total: number }) => Promise<void>;

export interface ListedMailbox {
  path: string;
  name: string;
  depth: number;
  role: MailboxRole;
  selectable: boolean;
  delimiter?: string;
  /** Absent where the server did not say. */
  subscribed?: boolean;
  owner?: 'other' | 'shared';
  /** Where the server counts along with its list (RFC 5819). */
  status?: MailboxStatus;
}

/** What a server says of a mailbox that is not open (RFC 9051 section 6.3.11). */
export interface MailboxStatus {
  messages: number;
  unseen: number;
  uidNext: number;
  uidValidity: number;
  highestModseq?: string;
}

/** What is put on a message or taken from it. */
export interface Marks {
  flags: Flag[];
  keywords: string[];
}

/** What a connection can do, and what became of it. */
export interface Abilities {
  /** As advertised after the login, upper case. */
  advertised: string[];
  /** Switched on by ENABLE, COMPRESS or NOTIFY. */
  enabled: string[];
  /** How the person was let in: `SCRAM-SHA-256`. */
  mechanism: string;
  /** What the server says of itself (RFC 2971). */
  server?: Record<string, string>;
  /** Prefixes of mailboxes that are the person's own, others', and everybody's (RFC 2342). */
  namespaces: { kind: 'personal' | 'other' | 'shared'; prefix: string; delimiter?: string }[];
}

/** How much room there is, in bytes and messages (RFC 9208). */
export interface Quota {
  root: string;
  storage?: { used: number; limit: number };
  messages?: { used: number; limit: number };
}

/** One body part as BODYSTRUCTURE tells (RFC 9051 section 7.5.2). Sizes in bytes, as encoded. */
export interface BodyPart {
  part: string;
  type: string;
  encoding: string;
  size: number;
  parameters: Record<string, string>;
  disposition?: string;
  name?: string;
  contentId?: string;
  children: BodyPart[];
}

/** What a server is asked to look for: all of these (RFC 9051 section 6.4.4). */
export interface ServerQuery {
  text?: string[];
  subject?: string[];
  from?: string[];
  to?: string[];
  body?: string[];
  /** ms since the epoch; whole days in the server's own time. */
  since?: number;
  before?: number;
  larger?: number;
  smaller?: number;
  set?: Flag[];
  clear?: Flag[];
  keywords?: string[];
}

/** A person waits for a message, and sees it come. */
export interface Following {
  /** Ends it between two pieces: the message is left out, and the connection can go on. */
  signal: AbortSignal;
  /** Bytes that are here, of all. */
  progress: (so: { done: number; total: number }) => void;
}

/** One authenticated IMAP connection. Every failure is thrown as a `MailError`. */
export interface ImapLink {
  list(): Promise<ListedMailbox[]>;
  /**
   * Compares a mailbox with what is known of it and tells the difference in pieces, newest first.
   * @param tell is awaited before the next piece, so that memory stays bounded.
   */
  sync(path: string, known: KnownMailbox, tell: TellChange): Promise<void>;
  /** What a mailbox holds, newest first, without changing anything there (EXAMINE). @param tell is awaited before the next piece */
  catalogue(path: string, tell: TellCatalogue): Promise<void>;
  /** Fetches whole messages by UID; one that is gone is left out. The caller bounds the bytes. A single one can be followed. */
  fetchWhole(path: string, uids: number[], following?: Following): Promise<IncomingMessage[]>;
  /** @throws MailError `server-refused` also when the mailbox does not keep one of them (PERMANENTFLAGS) */
  setFlags(path: string, uids: number[], set: Marks, clear: Marks): Promise<void>;
  /** Returns old UID to new UID where the server says it (RFC 4315 COPYUID). */
  copy(path: string, uids: number[], to: string): Promise<Map<number, number>>;
  /** Returns old UID to new UID where the server says it (RFC 4315 COPYUID). */
  move(path: string, uids: number[], to: string): Promise<Map<number, number>>;
  /** Deletes for good; never takes along what others marked \Deleted. */
  remove(path: string, uids: number[]): Promise<void>;
  append(path: string, bytes: Uint8Array, flags: Flag[], date: number): Promise<{ uid?: number }>;
  /** The UID of a message with these very bytes (line ends apart), if there is one that is none of `known`. */
  find(path: string, bytes: Uint8Array, known: ReadonlySet<number>): Promise<number | undefined>;
  /** Made and subscribed; no error when it is there already. */
  create(path: string): Promise<void>;
  /** With all that lies below it. */
  rename(path: string, to: string): Promise<void>;
  /** Deletes a mailbox with its messages. */
  drop(path: string): Promise<void>;
  subscribe(path: string, subscribed: boolean): Promise<void>;
  status(path: string): Promise<MailboxStatus>;
  /** UIDs of messages that match, by the server's own search. */
  search(path: string, query: ServerQuery): Promise<number[]>;
  structure(path: string, uid: number): Promise<BodyPart | undefined>;
  /**
   * Pieces of a message as they are encoded, at most `limit` bytes of each, all in one answer; empty what is not there.
   * @param wanted `HEADER`, `TEXT`, `1.MIME`, `2.1`; nothing is the whole message
   */
  sections(path: string, uid: number, wanted: { section: string; limit?: number }[]): Promise<Uint8Array[]>;
  /** A part's content, decoded as it comes; `tell` is awaited before the next piece. */
  download(
    path: string,
    uid: number,
    part: string,
    tell: (piece: Uint8Array) => Promise<void>,
  ): Promise<void>;
  /** Undefined where the server has no quotas. */
  quota(path: string): Promise<Quota[] | undefined>;
  /** The person's rights in a mailbox, one letter each (RFC 4314); undefined where the server does not tell. */
  rights(path: string): Promise<string | undefined>;
  abilities(): Abilities;
  /**
   * News of every mailbox by this one connection (RFC 5465). @returns false where the server has no NOTIFY
   * @param news gets the path that changed, or nothing when the list of mailboxes did
   */
  notify(news: (path: string | undefined) => void): Promise<boolean>;
  /** Says nothing, to hear whether the server is there. */
  noop(): Promise<void>;
  /** Keeps the mailbox selected and calls back when the server says that something in it changed (RFC 2177). */
  watch(path: string, news: () => void): Promise<void>;
  /** Resolves when the connection is gone, however it went. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** What the server holds, before anything is downloaded. */
export interface Pop3Listing {
  number: number;
  size: number;
  uidl: string;
}

/** The header and first lines of one message (TOP); no bytes where the server refused it or knows no TOP. */
export interface Pop3Top {
  number: number;
  bytes: Uint8Array | undefined;
}

/** A message that could not be had, and why. The others came all the same. */
export interface Pop3Missed {
  listing: Pop3Listing;
  failure: Failure;
}

/** How something long is followed and ended. */
export interface Pop3Following {
  /**
   * Ends it: what is whole is told, nothing else, and the call resolves. While the server owes answers it can't be asked to
   * stop talking: the connection is closed then.
   */
  signal?: AbortSignal;
  /** What has come so far, in the middle of a message too; ten times a second at most, and at the end. */
  progress?: (done: { messages: number; bytes: number }) => void;
}

/** What a POP3 connection can do, and how it was made (RFC 2449). */
export interface Pop3Abilities {
  /** As advertised after the login, with arguments: `EXPIRE 30`. Empty where the server knows no CAPA. */
  advertised: string[];
  /** How the person was let in: `SCRAM-SHA-256`, `USER`, `APOP`. */
  mechanism: string;
  /** What the server said first, without `+OK`. */
  greeting: string;
  /** What the server says of itself. */
  implementation?: string;
  /** Days until the server deletes by itself; 0: what was fetched goes at the end of the session. */
  expire?: number | 'never';
  /** s that have to pass between two logins. */
  loginDelay?: number;
  /** Whether UIDL is there: known from the list, where there was one. */
  uidl: boolean;
  top: boolean;
  pipelining: boolean;
  /** Messages with UTF-8 in their headers come as they are (RFC 6856). */
  utf8: boolean;
}

/** One authenticated POP3 session. Every failure is thrown as a `MailError`. */
export interface Pop3Link {
  /** How many messages and bytes the server says it holds. */
  stat(): Promise<{ count: number; bytes: number }>;
  /**
   * Every message by number, size and UIDL; the UIDL is empty where the server has none for it. Throws `server-refused` when
   * the server contradicts itself.
   */
  list(): Promise<Pop3Listing[]>;
  /** The header and the first lines of a message's body, without fetching the rest (TOP). */
  top(number: number, lines: number): Promise<Uint8Array>;
  /** TOP of many messages, in their order and pipelined where the server offers it; batches are bounded and awaited. */
  tops(
    numbers: readonly number[],
    lines: number,
    tell: (batch: Pop3Top[]) => Promise<void>,
    following?: Pop3Following,
  ): Promise<void>;
  /**
   * Downloads messages, pipelined where the server offers it; batches are bounded by bytes and awaited.
   * @returns those that could not be had
   */
  download(
    wanted: readonly Pop3Listing[],
    tell: (batch: IncomingMessage[]) => Promise<void>,
    following?: Pop3Following,
  ): Promise<Pop3Missed[]>;
  /** Marks for deletion; it happens at `quit`. When one mark is refused all are taken back, for then the numbers can't be trusted. */
  remove(numbers: readonly number[]): Promise<void>;
  /** Takes every mark for deletion back (RSET). */
  reset(): Promise<void>;
  /** Keeps a quiet connection from being closed (NOOP). */
  noop(): Promise<void>;
  abilities(): Pop3Abilities;
  /** QUIT: from here on the server deletes what was marked. Resolves true only when the server confirmed it. */
  quit(): Promise<boolean>;
  close(): void;
}

/** Any server, known or not, for a person who speaks to it line by line. */
export interface ConsoleTarget {
  protocol: Protocol;
  server: Omit<ServerSettings, 'user'> & { user?: string };
  /** Where it is the server of an account. */
  account?: AccountId;
  email?: string;
  secrets?: string[];
  /** Clear text to another computer, asked for in so many words. */
  clearText?: boolean;
  /** Lines come from a script, which does not look at answers: what it says to a refusal is not taken for commands. */
  piped?: boolean;
}

/** A connection that says what a person types and nothing else. */
export interface ConsoleLink {
  readonly connection: ConnectionId;
  /** What the server is waiting for, or whether we wait for it. */
  readonly expects: Expects;
  /**
   * Sends a line with CRLF, when its turn has come: behind `{n}` only after the server's `+`. Resolves when it is sent.
   * @throws MailError `server-refused` when the server does not want the literal that the line was part of,
   * `bad-request` for what would change the bytes beneath (STARTTLS, COMPRESS), `connection-lost`
   */
  send(line: string): Promise<void>;
  /** Resolves when the server has answered everything so far and it is the person's turn, or the connection is over. */
  settled(): Promise<void>;
  /** Resolves when the connection is gone; with the reason when something broke it. */
  readonly closed: Promise<Failure | undefined>;
  close(): void;
}

/** What a submission came to. Addresses that were refused come with the server's words. */
export interface SubmissionResult {
  accepted: string[];
  refused: { address: string; reply: string }[];
  reply: string;
}

export interface Engines {
  imap(login: Login): Promise<ImapLink>;
  pop3(login: Login): Promise<Pop3Link>;
  /** Submits exactly these bytes. Throws `MailError`, with code `maybe-sent` when the line broke after the final dot. */
  submit(
    login: Login,
    envelope: { from: string; to: string[] },
    message: Uint8Array,
  ): Promise<SubmissionResult>;
  /** Logs in to a submission server and out again. */
  checkSubmission(login: Login): Promise<void>;
  /** The certificate a server shows, without sending it anything, so that a person can decide about it. */
  certificate(server: ServerSettings, protocol: Protocol): Promise<Failure['certificate']>;
}
