import type { Account, AccountSettings, Mode } from '../../shared/model/account.ts';
import type { Delta } from '../../shared/model/delta.ts';
import type { Draft, DraftEdit } from '../../shared/model/draft.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { AccountId, DraftId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { Keep, Mailbox, MailboxRole, MailboxView } from '../../shared/model/mailbox.ts';
import type { Flag, MessageOrder, MessageRow } from '../../shared/model/message.ts';
import type { Deed } from '../../shared/model/operation.ts';
import type { LastSwitch, SwitchChoices, SwitchPlan } from '../../shared/model/switch.ts';
import type { Settings, SettingsChange, Snapshot } from '../../shared/contract/app.ts';
import type { Query } from '../../shared/search/query.ts';
import type {
  CatalogueEntry,
  Digest,
  MailboxChange,
  KnownMessage,
  KnownMailbox,
  ListedMailbox,
} from './ports-engine.ts';

/** An intent that waits for the server. Messages are named by key; where they are on the server is looked up when it runs. */
export type Operation = {
  id: number;
  account: AccountId;
  attempts: number;
  begun?: boolean;
  refusal?: string;
} & (
  | { kind: 'flag'; keys: MessageKey[]; set: Flag[]; clear: Flag[]; tag?: string[]; untag?: string[] }
  | { kind: 'move'; keys: MessageKey[]; to: MailboxId }
  /** Each copy of ours with what it was copied from. */
  | { kind: 'copy'; keys: MessageKey[]; from: MessageKey[]; to: MailboxId }
  | { kind: 'remove'; keys: MessageKey[] }
  /** Begun: the server may have done it already, and its answer was lost. */
  | { kind: 'append'; keys: [MessageKey] }
  | { kind: 'create'; keys: []; path: string }
  | { kind: 'rename'; keys: []; path: string; to: string }
  | { kind: 'delete'; keys: []; path: string }
  | { kind: 'subscribe'; keys: []; path: string; subscribed: boolean }
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
  /** `best`: weighed by how rare the words are and where they stand; ten thousand at most are weighed. */
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
  snapshot(): Promise<
    Pick<Snapshot, 'accounts' | 'mailboxes' | 'drafts' | 'outbox' | 'waiting' | 'settings'>
  >;
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
  bodiless(
    mailbox: MailboxId,
    limit: number,
    bounds?: { size?: number; since?: number },
  ): Promise<{ uid: number; size: number }[]>;
  places(keys: MessageKey[]): Promise<ServerPlace[]>;
  /** Which messages these UIDs of a mailbox are; one that is not known is left out. */
  keysOf(mailbox: MailboxId, uids: number[]): Promise<MessageKey[]>;

  /** Stored messages that were never read for their snippet and the search, newest first. */
  undigested(limit: number): Promise<MessageKey[]>;
  digest(found: ({ id: MessageKey } & Digest)[]): Promise<Delta>;
  /** Makes some messages of which only the header is here findable. @returns how many it were; 0 when none is left */
  indexHeaders(limit: number): Promise<number>;
  search(query: Query, options: SearchOptions): Promise<Found>;

  collectedUidls(account: AccountId): Promise<CollectedUidl[]>;
  /** Reads back what is here of these and compares it with its SHA-256; bounded in bytes: ask again for what is left out. */
  verifyUidls(account: AccountId, uidls: string[]): Promise<VerifiedUidl[]>;
  /** Puts down that the server is about to be told to delete these. */
  beginRemoval(account: AccountId, uidls: string[]): Promise<void>;
  /** The server confirmed that these are gone or has them no more; or they are to be collected once more. */
  forgetUidls(account: AccountId, uidls: string[]): Promise<void>;

  flag(ids: MessageKey[], set: Flag[], clear: Flag[]): Promise<Delta>;
  tag(ids: MessageKey[], add: string[], remove: string[]): Promise<Delta>;
  /** Within the account; a copy shares the bytes of what it was made from. */
  copy(ids: MessageKey[], to: MailboxId): Promise<Delta>;
  move(ids: MessageKey[], to: MailboxId): Promise<Delta>;
  /** Hides messages at once; their rows go when the server has confirmed, or now where no server is concerned. */
  remove(ids: MessageKey[]): Promise<Delta>;
  operations(account: AccountId): Promise<Operation[]>;
  /** What waits for servers, oldest first, with what they said. */
  waitingOperations(
    limit: number,
    account?: AccountId,
  ): Promise<{ operation: Operation; made: number; subject: string }[]>;
  /** Takes back what waits. Fails with `bad-request` when the server may have done it. */
  cancelOperation(id: number): Promise<Delta>;
  /** What the person did, newest first. */
  deeds(limit: number): Promise<Deed[]>;
  /** Undoes a deed, or the newest. @param busy operations that are being carried out now. Fails with `bad-request` */
  undo(busy: number[], id?: number): Promise<{ deed: number; delta: Delta }>;

  createMailbox(
    account: AccountId,
    name: string,
    parent?: MailboxId,
  ): Promise<{ mailbox: MailboxId; delta: Delta }>;
  /** @param parent null: to the top; absent: where it is */
  renameMailbox(mailbox: MailboxId, name: string, parent?: MailboxId | null): Promise<Delta>;
  /** Into Trash; what lies there goes for good. */
  deleteMailbox(mailbox: MailboxId): Promise<{ gone: boolean; delta: Delta }>;
  subscribeMailbox(mailbox: MailboxId, subscribed: boolean): Promise<Delta>;
  setMailbox(
    mailbox: MailboxId,
    set: { excluded?: boolean | undefined; keep?: Keep | null | undefined },
  ): Promise<Delta>;
  setRights(mailbox: MailboxId, rights: string): Promise<Delta>;
  /** False when it was taken back or done. */
  waits(id: number): Promise<boolean>;
  /** Told before the server is, where doing it twice would be wrong. */
  beginOperation(id: number): Promise<void>;
  /** The server did it. New UIDs, where the server told them. */
  finishOperation(id: number, moved: { key: MessageKey; mailbox: MailboxId; uid?: number }[]): Promise<Delta>;
  /** @param final it is not tried again. @returns whether it was given up, and undone here */
  failOperation(id: number, detail: string, final?: boolean): Promise<{ givenUp: boolean; delta: Delta }>;

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

  /** What a server holds is going to be compared with what is here: forgets what another one held. */
  beginCatalogue(account: AccountId): Promise<void>;
  addToCatalogue(account: AccountId, entries: CatalogueEntry[]): Promise<void>;
  /** More of what is in the catalogue: headers, or whole messages, of which the hash alone is kept. */
  describeCatalogue(
    account: AccountId,
    known: { path: string; number: number; bytes: Uint8Array; whole: boolean }[],
  ): Promise<void>;
  /** @returns what has to be asked for before all is told that can be */
  compareCatalogue(account: AccountId, to: Mode): Promise<Comparison>;
  /**
   * Changes the account's mode, in one transaction. The catalogue says what the server holds.
   * @param listed the server's mailboxes, where it is an IMAP server. Fails with `bad-request` while operations wait
   */
  switchMode(account: AccountId, to: Mode, choices: SwitchChoices, listed: ListedMailbox[]): Promise<Delta>;
  lastSwitch(account: AccountId): Promise<LastSwitch | undefined>;
  /** The mode, folders, places and flags that were before the last change of mode. What came since stays. */
  undoSwitch(account: AccountId): Promise<Delta>;

  /** Compares some stored messages with their hashes; bounded in bytes. @param after 0, then what `next` said */
  verifyMessages(after: number): Promise<VerifyStep>;
  /** What can be seen of the files without reading them. */
  verifySegments(): Promise<SegmentProblem[]>;
  /** One small piece of the work that gives back the room of deleted letters; nobody waits for it for long. */
  compact(policy?: Partial<CompactPolicy>): Promise<CompactStep>;

  close(): Promise<void>;
}

/** What a catalogue comes to, as far as it is known. */
export interface Comparison {
  plan: SwitchPlan;
  /** Their headers have to be known: of POP3, which tells none by itself. */
  headers: { path: string; number: number }[];
  /** Their hash has to be known. */
  whole: { path: string; number: number }[];
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

/** What a POP3 server was seen to hold under one name, and what of it is here. */
export interface CollectedUidl {
  uidl: string;
  held: 'whole' | 'header' | 'nothing';
  key?: MessageKey;
  /** ms since the epoch; absent of a header. */
  collected?: number;
  /** Bytes, as the server said when it was collected, where that was noted. */
  size?: number;
  /** No policy removes it from the server. */
  stays: boolean;
  /** The server was told to delete it, and has not confirmed it. */
  due: boolean;
  /** When the person deleted it here for good, ms; only where nothing of it is here. */
  deleted?: number;
}

export interface VerifiedUidl {
  uidl: string;
  /** `sound`: all of it is here, as it came. `deleted`: by the person. `unsafe`: anything else. */
  state: 'sound' | 'deleted' | 'unsafe';
  damaged: DamagedMessage[];
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

export type ArchiveFormat = 'mbox' | 'maildir' | 'eml';

/** A letter on its way from or into a file. */
export interface ArchivedLetter {
  bytes: Uint8Array;
  flags: Flag[];
  /** Tags. */
  keywords?: string[];
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

/** How an mbox file tells a line `From ` of a letter from one that begins a letter. */
export type MboxKind = 'mboxo' | 'mboxrd' | 'mboxcl' | 'mboxcl2';

export interface OpenedArchive {
  /** What it turned out to be, or was said to be. */
  kind: MboxKind | 'maildir' | 'eml' | 'eml-folder';
  /** Bytes to read in all. */
  size: number;
  /** In the order of the files; `done` counts the bytes so far. Read as another kind of mbox an undecided letter differs. */
  letters(): AsyncIterable<
    { done: number } & ({ letter: ArchivedLetter; undecided?: boolean } | { problem: ArchiveProblem })
  >;
}

/** A letter that could not be read, or could not be written, by name. */
export interface ArchiveProblem {
  name: string;
  detail: string;
}

export interface Archives {
  /** @throws MailError `bad-request` when the target is there already (a Maildir is added to) */
  create(format: ArchiveFormat, target: string): Promise<ArchiveWriter>;
  /**
   * Recognises what is there.
   * @param kind what the person knows of an mbox file @throws MailError `not-found`, or `bad-request` when it is no mail
   */
  open(path: string, kind?: MboxKind): Promise<OpenedArchive>;
}
