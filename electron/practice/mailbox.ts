// One mailbox as IMAP sees it (RFC 9051, section 2.3): numbered messages that never change but for their flags.

export type StoredMessage = {
  readonly uid: number;
  readonly raw: Uint8Array;
  readonly internalDate: Date;
  readonly flags: ReadonlySet<string>;
  readonly modseq: number;
};

export type MailboxEvent = {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly message: StoredMessage;
  /** Who did it, so that a session is not told what it has just done itself. */
  readonly by: object | undefined;
};

/** A mailbox as it was when it was last seen. */
export type SavedMailbox = {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly modseq: number;
  readonly recentFrom: number;
  readonly keywords: readonly string[];
  readonly messages: readonly StoredMessage[];
};

export const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'] as const;

let lastUidValidity = 0;

/**
 * A UIDVALIDITY larger than any given before (RFC 9051, section 2.3.1.1). It follows the clock, so that
 * mailboxes of the next run never pass for those of this one.
 */
function nextUidValidity(now: Date): number {
  lastUidValidity = Math.max(lastUidValidity + 1, Math.floor(now.getTime() / 1000));
  return lastUidValidity;
}

export class Mailbox {
  readonly uidValidity: number;
  #messages: StoredMessage[] = [];
  #byUid = new Map<number, StoredMessage>();
  #keywords = new Map<string, string>();
  #watchers = new Set<(event: MailboxEvent) => void>();
  #uidNext = 1;
  #modseq = 1;
  #recentFrom = 1;

  constructor(now: Date, saved?: SavedMailbox) {
    if (!saved) {
      this.uidValidity = nextUidValidity(now);
      return;
    }
    this.uidValidity = saved.uidValidity;
    lastUidValidity = Math.max(lastUidValidity, saved.uidValidity);
    this.#uidNext = saved.uidNext;
    this.#modseq = saved.modseq;
    this.#recentFrom = saved.recentFrom;
    for (const keyword of saved.keywords) this.#keywords.set(keyword.toLowerCase(), keyword);
    this.#messages = [...saved.messages];
    for (const message of saved.messages) this.#byUid.set(message.uid, message);
  }

  /** All there is to remember. */
  get saved(): SavedMailbox {
    return {
      uidValidity: this.uidValidity,
      uidNext: this.#uidNext,
      modseq: this.#modseq,
      recentFrom: this.#recentFrom,
      keywords: this.keywords,
      messages: this.#messages,
    };
  }

  get messages(): readonly StoredMessage[] {
    return this.#messages;
  }

  get uidNext(): number {
    return this.#uidNext;
  }

  /** RFC 7162, section 3.1.2.1. */
  get highestModseq(): number {
    return this.#modseq;
  }

  get keywords(): readonly string[] {
    return [...this.#keywords.values()];
  }

  get(uid: number): StoredMessage | undefined {
    return this.#byUid.get(uid);
  }

  append(raw: Uint8Array, flags: Iterable<string>, internalDate: Date, by?: object): StoredMessage {
    const message: StoredMessage = {
      uid: this.#uidNext++,
      raw,
      internalDate,
      flags: this.#canonical(flags),
      modseq: ++this.#modseq,
    };
    this.#messages.push(message);
    this.#byUid.set(message.uid, message);
    this.#tell({ kind: 'added', message, by });
    return message;
  }

  /** Replace the flags of a message. Setting what is already set changes nothing, MODSEQ included. */
  setFlags(uid: number, flags: Iterable<string>, by?: object): StoredMessage | undefined {
    const old = this.#byUid.get(uid);
    if (!old) return undefined;
    const wanted = this.#canonical(flags);
    if (wanted.size === old.flags.size && [...wanted].every((flag) => old.flags.has(flag))) return old;
    const message: StoredMessage = { ...old, flags: wanted, modseq: ++this.#modseq };
    this.#byUid.set(uid, message);
    this.#messages[this.#indexOf(uid)] = message;
    this.#tell({ kind: 'changed', message, by });
    return message;
  }

  remove(uids: Iterable<number>, by?: object): readonly StoredMessage[] {
    const gone: StoredMessage[] = [];
    for (const uid of uids) {
      const message = this.#byUid.get(uid);
      if (!message) continue;
      this.#byUid.delete(uid);
      gone.push(message);
    }
    if (gone.length === 0) return gone;
    this.#modseq += 1;
    this.#messages = this.#messages.filter((message) => this.#byUid.has(message.uid));
    for (const message of gone) this.#tell({ kind: 'removed', message, by });
    return gone;
  }

  /** \Recent goes to the first session that is told (RFC 3501, section 2.3.2): the first UID it gets it for. */
  claimRecent(): number {
    const from = this.#recentFrom;
    this.#recentFrom = this.#uidNext;
    return from;
  }

  /** Messages no session was told of yet. */
  get recentCount(): number {
    return this.#messages.filter((message) => message.uid >= this.#recentFrom).length;
  }

  watch(watcher: (event: MailboxEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Messages stand in the order of their UIDs. */
  #indexOf(uid: number): number {
    let low = 0;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#messages[middle]?.uid ?? 0) < uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #tell(event: MailboxEvent): void {
    for (const watcher of this.#watchers) watcher(event);
  }

  /** Flags are case-insensitive (RFC 9051, section 2.3.2); a keyword keeps the spelling it came with first. */
  #canonical(flags: Iterable<string>): Set<string> {
    const result = new Set<string>();
    for (const flag of flags) {
      const lower = flag.toLowerCase();
      const system = SYSTEM_FLAGS.find((known) => known.toLowerCase() === lower);
      if (system) result.add(system);
      else if (!flag.startsWith('\\')) {
        const known = this.#keywords.get(lower);
        if (known === undefined) this.#keywords.set(lower, flag);
        result.add(known ?? flag);
      }
    }
    return result;
  }
}
