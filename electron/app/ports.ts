import type { Account, AccountSettings, PasswordSource, ServerSettings } from '../../shared/model/account.ts';
import type { Delta } from '../../shared/model/delta.ts';
import type { Draft, DraftEdit } from '../../shared/model/draft.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { AccountId, ConnectionId, DraftId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Mailbox, MailboxRole, MailboxView } from '../../shared/model/mailbox.ts';
import type { Flag, MessageContent, MessageOrder, MessageRow } from '../../shared/model/message.ts';
import type { EventName, Payload } from '../../shared/contract/events.ts';
import type { Settings, SettingsChange, Snapshot } from '../../shared/contract/app.ts';
import type { Mark } from '../../shared/search/marks.ts';
import type { Query } from '../../shared/search/query.ts';
import type { Protocol, WireConnection, WireLine } from '../../shared/wire/line.ts';
import type { Expects } from '../../shared/wire/turn.ts';
import type { Transcript, TranscriptInfo } from '../../shared/wire/transcript.ts';

// ---- the wire -------------------------------------------------------------------------------------

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

// ---- what engines give and take -------------------------------------------------------------------

/** Whom an engine connects as. */
export interface Login {
  account?: AccountId;
  email: string;
  server: ServerSettings;
  password: string;
  purpose: string;
}

/** A message as it came from a server: a header block, or all of it. */
export interface IncomingMessage {
  uid?: number;
  uidl?: string;
  flags: Flag[];
  /** ms since the epoch: INTERNALDATE, or when it was downloaded. */
  received: number;
  /** Bytes, as the server counts them. */
  size: number;
  /** The header block; the whole message when `whole` is true. */
  bytes: Uint8Array;
  whole: boolean;
  /** The server may hold more of it: it is never told to delete it. */
  stays?: boolean;
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
  flags: { uid: number; flags: Flag[] }[];
  removed: number[];
  cursor?: MailboxCursor;
  /** UIDVALIDITY changed: every UID known so far is void (RFC 9051 section 2.3.1.1). */
  reset?: boolean;
}

/** How far a mailbox is known (RFC 9051 section 2.3.1, RFC 7162). */
export interface MailboxCursor {
  uidValidity: number;
  highestModseq?: string;
}

export interface KnownMessage {
  uid: number;
  flags: Flag[];
}

/** What is known of a mailbox; the list of all its messages is asked for only when it is needed. */
export interface KnownMailbox {
  cursor: MailboxCursor | undefined;
  count: number;
  maxUid: number;
  messages(): Promise<KnownMessage[]>;
}

export type TellChange = (change: MailboxChange, progress: { done: number; total: number }) => Promise<void>;

export interface ListedMailbox {
  path: string;
  name: string;
  depth: number;
  role: MailboxRole;
  selectable: boolean;
}

/** One authenticated IMAP connection. Every failure is thrown as a `MailError`. */
export interface ImapLink {
  list(): Promise<ListedMailbox[]>;
  /**
   * Compares a mailbox with what is known of it and tells the difference in pieces, newest first.
   * @param tell is awaited before the next piece, so that memory stays bounded.
   */
  sync(path: string, known: KnownMailbox, tell: TellChange): Promise<void>;
  /** Fetches whole messages by UID; one that is gone is left out. The caller bounds the bytes. */
  fetchWhole(path: string, uids: number[]): Promise<IncomingMessage[]>;
  setFlags(path: string, uids: number[], set: Flag[], clear: Flag[]): Promise<void>;
  /** Returns old UID to new UID where the server says it (RFC 4315 COPYUID). */
  move(path: string, uids: number[], to: string): Promise<Map<number, number>>;
  /** Deletes for good; never takes along what others marked \Deleted. */
  remove(path: string, uids: number[]): Promise<void>;
  append(path: string, bytes: Uint8Array, flags: Flag[], date: number): Promise<{ uid?: number }>;
  /** The UID of a message with these very bytes (line ends apart), if there is one that is none of `known`. */
  find(path: string, bytes: Uint8Array, known: ReadonlySet<number>): Promise<number | undefined>;
  create(path: string): Promise<void>;
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

export interface Pop3Link {
  /** How many messages and bytes the server says it holds. */
  stat(): Promise<{ count: number; bytes: number }>;
  /** Every message by number, size and UIDL. Throws `server-refused` when the server contradicts itself. */
  list(): Promise<Pop3Listing[]>;
  /** The header and the first lines of a message's body, without fetching the rest (TOP). */
  top(number: number, lines: number): Promise<Uint8Array>;
  /** Downloads messages, pipelined where the server offers it; batches are bounded by bytes and awaited. */
  download(wanted: Pop3Listing[], tell: (batch: IncomingMessage[]) => Promise<void>): Promise<void>;
  /** Marks for deletion; it happens at `quit`. When one mark is refused all are taken back, for then the numbers can't be trusted. */
  remove(numbers: number[]): Promise<void>;
  /** Takes every mark for deletion back (RSET). */
  reset(): Promise<void>;
  /** Keeps a quiet connection from being closed (NOOP). */
  noop(): Promise<void>;
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

// ---- the store ------------------------------------------------------------------------------------

/** An intent that waits for the server. Messages are named by key; where they are on the server is looked up when it runs. */
export type Operation = { id: number; account: AccountId; attempts: number } & (
  | { kind: 'flag'; keys: MessageKey[]; set: Flag[]; clear: Flag[] }
  | { kind: 'move'; keys: MessageKey[]; to: MailboxId }
  | { kind: 'remove'; keys: MessageKey[] }
  /** Begun: the server may have done it already, and its answer was lost. */
  | { kind: 'append'; keys: [MessageKey]; begun?: boolean }
);

export interface ServerPlace {
  key: MessageKey;
  mailbox: MailboxId;
  path: string;
  uid: number;
}

export interface SearchOptions {
  limit: number;
  offset?: number;
  /** `best`: weighed by how rare the words are and where they stand; all that match are looked at. */
  order: 'newest' | 'best';
}

export interface Found {
  keys: MessageKey[];
  /** There are others after these. */
  more: boolean;
  /** False while there are messages that were not read for the search yet. */
  complete: boolean;
}

export interface OutgoingLetter {
  key: MessageKey;
  account: AccountId;
  envelope: { from: string; to: string[] };
  /** How many bytes of the message as kept (its Bcc field) are not sent. */
  skip: number;
  attempts: number;
}

export type OutboxChange =
  | { state: 'sending' }
  | { state: 'queued' }
  | { state: 'waiting'; failure: Failure; nextTry: number }
  | { state: 'refused' | 'maybe-sent'; failure: Failure };

/** Bytes are durable and the transaction committed when a promise of this interface resolves; the delta is what it changed. */
export interface Store {
  snapshot(): Promise<Pick<Snapshot, 'accounts' | 'mailboxes' | 'drafts' | 'outbox' | 'settings'>>;
  changeSettings(change: SettingsChange): Promise<Settings>;

  addAccount(settings: AccountSettings): Promise<{ account: Account; delta: Delta }>;
  updateAccount(account: Account): Promise<Delta>;
  removeAccount(account: AccountId): Promise<Delta>;
  account(account: AccountId): Promise<Account | undefined>;

  putMailboxes(account: AccountId, listed: ListedMailbox[]): Promise<Delta>;
  mailboxes(account: AccountId): Promise<Mailbox[]>;
  /** The account's mailbox with a role; made when there is none. */
  roleMailbox(
    account: AccountId,
    role: MailboxRole,
  ): Promise<{ mailbox: Mailbox; created: boolean; delta: Delta }>;

  order(view: MailboxView): Promise<MessageOrder>;
  rows(ids: MessageKey[]): Promise<MessageRow[]>;
  raw(id: MessageKey): Promise<Uint8Array | undefined>;
  /** The highest key that was ever given to a message; 0 when none was. */
  newestKey(): Promise<number>;

  mark(mailbox: MailboxId): Promise<Omit<KnownMailbox, 'messages'>>;
  known(mailbox: MailboxId): Promise<KnownMessage[]>;
  apply(mailbox: MailboxId, change: MailboxChange): Promise<Delta>;
  /** Messages of which only the header is here, newest first. */
  bodiless(mailbox: MailboxId, limit: number): Promise<{ uid: number; size: number }[]>;
  places(keys: MessageKey[]): Promise<ServerPlace[]>;

  /** Stored messages that were never read for their snippet and the search, newest first. */
  undigested(limit: number): Promise<MessageKey[]>;
  digest(found: ({ id: MessageKey } & Digest)[]): Promise<Delta>;
  /** Makes some messages of which only the header is here findable. @returns how many it were; 0 when none is left */
  indexHeaders(limit: number): Promise<number>;
  search(query: Query, options: SearchOptions): Promise<Found>;

  knownUidls(account: AccountId): Promise<Set<string>>;
  /** Downloaded messages whose deletion on the server is due or was not confirmed. */
  dueUidls(account: AccountId): Promise<string[]>;
  /** How long those are that are due, by UIDL; bytes. What was deleted here since is not among them. */
  dueSizes(account: AccountId): Promise<Map<string, number>>;
  /** The server confirmed that these are gone, or has them no more. */
  forgetUidls(account: AccountId, uidls: string[]): Promise<void>;

  flag(ids: MessageKey[], set: Flag[], clear: Flag[]): Promise<Delta>;
  move(ids: MessageKey[], to: MailboxId): Promise<Delta>;
  /** Hides messages at once; their rows go when the server has confirmed, or now where no server is concerned. */
  remove(ids: MessageKey[]): Promise<Delta>;
  operations(account: AccountId): Promise<Operation[]>;
  /** Told before the server is, where doing it twice would be wrong. */
  beginOperation(id: number): Promise<void>;
  /** The server did it. New UIDs, where the server told them. */
  finishOperation(id: number, moved: { key: MessageKey; mailbox: MailboxId; uid?: number }[]): Promise<Delta>;
  failOperation(id: number, detail: string): Promise<Delta>;

  draft(id: DraftId): Promise<Draft | undefined>;
  createDraft(draft: Omit<Draft, 'id' | 'updated' | 'attachments'>): Promise<{ draft: Draft; delta: Delta }>;
  saveDraft(edit: DraftEdit): Promise<{ draft: Draft; delta: Delta }>;
  attach(
    id: DraftId,
    files: { name: string; type: string; bytes: Uint8Array }[],
  ): Promise<{ draft: Draft; delta: Delta }>;
  detach(id: DraftId, attachment: number): Promise<{ draft: Draft; delta: Delta }>;
  attachments(id: DraftId): Promise<{ name: string; type: string; bytes: Uint8Array }[]>;
  discardDraft(id: DraftId): Promise<Delta>;

  /** In one transaction: the composed letter enters the outbox, its draft goes. One that came whole has no draft. */
  enqueue(letter: {
    draft?: DraftId;
    account: AccountId;
    bytes: Uint8Array;
    skip: number;
    envelope: { from: string; to: string[] };
    digest: Digest;
  }): Promise<{ key: MessageKey; delta: Delta }>;
  /** The oldest letter that may be sent now. */
  nextLetter(account: AccountId, now: number): Promise<OutgoingLetter | undefined>;
  changeOutbox(key: MessageKey, change: OutboxChange): Promise<Delta>;
  /** In one transaction: out of the outbox, into Sent, its copy queued for the server where the account has one. */
  markSent(key: MessageKey): Promise<Delta>;
  /** Out of the outbox, a draft again. Fails with `bad-request` when it is being sent, has left, or never had a draft. */
  takeBack(key: MessageKey): Promise<{ draft: Draft; delta: Delta }>;
  /** Out of the outbox into the account's Trash, here only; its draft goes. Fails like `takeBack`. */
  dropLetter(key: MessageKey): Promise<Delta>;

  /**
   * Takes in mail from files: bytes on disk and rows committed in one batch, told to the server later where there is one.
   * What the mailbox holds already, by SHA-256, is left out.
   */
  importLetters(
    mailbox: MailboxId,
    letters: ArchivedLetter[],
  ): Promise<{ added: number; skipped: number; delta: Delta }>;

  /** Compares some stored messages with their hashes; bounded in bytes. @param after 0, then what `next` said */
  verifyMessages(after: number): Promise<VerifyStep>;
  /** What can be seen of the files without reading them. */
  verifySegments(): Promise<SegmentProblem[]>;
  /** One small piece of the work that gives back the room of deleted letters; nobody waits for it for long. */
  compact(policy?: Partial<CompactPolicy>): Promise<CompactStep>;

  close(): Promise<void>;
}

/** When deleted letters leave the files, and how much is done at once. */
export interface CompactPolicy {
  /** ms for which a deleted letter stays in its file. */
  grace: number;
  /** A file is left as it is while less of it could go: bytes, and a share of it. */
  least: number;
  share: number;
  /** Bytes read and written in one step, one letter apart. */
  step: number;
}

/** What a step of compaction came to. */
export interface CompactStep {
  /**
   * `idle`: nothing to do. `working`: there is more to do at once. `replaced`: a new file counts, the old one is still
   * there. `waiting`: for the checkpoint to say so too. `freed`: the old one is gone. `left-alone`: the file is not what
   * the index says, nothing was changed. `failed`: likewise, for another reason, such as a full disk.
   */
  state: 'idle' | 'working' | 'replaced' | 'waiting' | 'freed' | 'left-alone' | 'failed';
  /** Relative to the profile. */
  segment?: string;
  /** Bytes given back; bytes that no letter had, kept in a file of their own. */
  freed?: number;
  setAside?: number;
  /** Why, and where in the file. */
  reason?: string;
  offset?: number;
}

/** A stored message whose bytes are not what they were. */
export interface DamagedMessage {
  id: MessageKey;
  account: AccountId;
  /** The mailbox's path. */
  mailbox: string;
  subject: string;
  messageId: string;
  /** The file, relative to the profile, and where in it. */
  segment: string;
  offset: number;
  problem: 'file-missing' | 'file-too-short' | 'wrong-length' | 'wrong-hash' | 'unreadable';
  detail: string;
}

export interface VerifyStep {
  checked: number;
  /** Bytes of messages read. */
  bytes: number;
  damaged: DamagedMessage[];
  /** Where to go on; undefined at the end. */
  next?: number;
  /** How many messages there are to check in all; told with the first step. */
  total?: number;
}

/** A file that is not what the index says. Bytes that were not committed yet look like `unknown-tail` for a moment. */
export interface SegmentProblem {
  segment: string;
  problem: 'missing' | 'too-short' | 'unknown-tail' | 'unknown-file';
  /** What the index says, and what is there; bytes. */
  expected: number;
  found: number;
}

// ---- mail in files ----------------------------------------------------------------------------------

export type ArchiveFormat = 'mbox' | 'maildir' | 'eml';

/** A letter on its way from or into a file. */
export interface ArchivedLetter {
  bytes: Uint8Array;
  flags: Flag[];
  /** ms since the epoch: when it arrived, as far as the file tells. */
  date?: number;
}

export interface ArchiveWriter {
  add(letter: ArchivedLetter & { subject: string }): Promise<void>;
  /** Everything is durable and under its name when it resolves. */
  finish(): Promise<void>;
  /** Leaves nothing behind; a Maildir keeps what it was given. */
  abandon(): Promise<void>;
}

export interface OpenedArchive {
  /** What it turned out to be. */
  kind: 'mboxrd' | 'mboxcl' | 'mboxcl2' | 'maildir' | 'eml' | 'eml-folder';
  /** Bytes to read in all. */
  size: number;
  /** In the order of the files; `done` counts the bytes so far. */
  letters(): AsyncIterable<{ done: number } & ({ letter: ArchivedLetter } | { problem: ArchiveProblem })>;
}

/** A letter that could not be read, or could not be written, by name. */
export interface ArchiveProblem {
  name: string;
  detail: string;
}

export interface Archives {
  /** @throws MailError `bad-request` when the target is there already (a Maildir is added to) */
  create(format: ArchiveFormat, target: string): Promise<ArchiveWriter>;
  /** Recognises what is there. @throws MailError `not-found`, or `bad-request` when it is no mail */
  open(path: string): Promise<OpenedArchive>;
}

// ---- the rest -------------------------------------------------------------------------------------

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
  digest(raw: Uint8Array): Promise<Digest>;
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
