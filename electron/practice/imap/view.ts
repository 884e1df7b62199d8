import { SYSTEM_FLAGS } from '../mailbox.ts';
import type { Mailbox, MailboxEvent, StoredMessage } from '../mailbox.ts';
import { Complaint } from './complaint.ts';
import { membership } from './sequence-set.ts';
import type { SequenceSet } from './sequence-set.ts';
import { writeFlags } from './write.ts';

export type Entry = { readonly seq: number; readonly message: StoredMessage };

/**
 * A mailbox as one client knows it. Sequence numbers are a promise to that client: they only move when it
 * is told (RFC 9051, section 7.5.1), so a message that someone else expunged keeps its number, and can
 * still be read, until the EXPUNGE has been announced.
 */
export class View {
  readonly mailbox: Mailbox;
  readonly readOnly: boolean;
  #uids: number[];
  #recent = new Set<number>();
  #added: number[] = [];
  #changed = new Set<number>();
  #ghosts = new Map<number, StoredMessage>();
  #toldKeywords = 0;
  #unwatch: () => void;

  constructor(mailbox: Mailbox, readOnly: boolean, onNews: () => void) {
    this.mailbox = mailbox;
    this.readOnly = readOnly;
    this.#uids = mailbox.messages.map((message) => message.uid);
    this.#claimRecent(this.#uids);
    this.#unwatch = mailbox.watch((event) => {
      if (this.#note(event)) onNews();
    });
  }

  get count(): number {
    return this.#uids.length;
  }

  get recentCount(): number {
    return this.#recent.size;
  }

  close(): void {
    this.#unwatch();
  }

  isGhost(uid: number): boolean {
    return this.#ghosts.has(uid);
  }

  entries(): Entry[] {
    return this.#uids.flatMap((uid, index) => {
      const message = this.#message(uid);
      return message ? [{ seq: index + 1, message }] : [];
    });
  }

  /** The messages a set names. A UID that is not there is passed over; a sequence number that is not is a mistake. */
  resolve(set: SequenceSet, by: 'uid' | 'seq'): Entry[] {
    const largest = by === 'seq' ? this.count : (this.#uids.at(-1) ?? 0);
    if (by === 'seq') {
      const beyond = set.flat().find((number) => number !== Infinity && number > this.count);
      if (beyond !== undefined) {
        throw new Complaint(`there is no message ${beyond}: this mailbox holds ${this.count}`);
      }
    }
    const wanted = membership(set, largest);
    return this.entries().filter(({ seq, message }) => wanted(by === 'seq' ? seq : message.uid));
  }

  /** The flags there are, and which can be changed for good (RFC 9051, sections 7.3.5 and 7.1), without "* ". */
  flagLines(): string[] {
    const { keywords } = this.mailbox;
    this.#toldKeywords = keywords.length;
    const flags = [...SYSTEM_FLAGS, ...keywords];
    const lasting = this.readOnly
      ? 'OK [PERMANENTFLAGS ()] opened for reading only'
      : `OK [PERMANENTFLAGS ${writeFlags([...flags, '\\*'])}] these flags stay, and new ones may be made`;
    return [`FLAGS ${writeFlags(flags)}`, lasting];
  }

  /** The same again when a keyword has come that the client has not heard of. */
  newKeywords(): string[] {
    return this.mailbox.keywords.length > this.#toldKeywords ? this.flagLines() : [];
  }

  flagsOf(message: StoredMessage): string {
    return writeFlags(this.#recent.has(message.uid) ? [...message.flags, '\\Recent'] : message.flags);
  }

  isRecent(uid: number): boolean {
    return this.#recent.has(uid);
  }

  /** Let the FETCH answer that is being written speak for this change: no second announcement. */
  settle(uid: number): void {
    this.#changed.delete(uid);
  }

  /** Everything the client has not been told yet, as untagged responses without "* ". */
  news(expunges: boolean, withModseq: boolean): string[] {
    const lines: string[] = [];
    lines.push(...this.newKeywords());
    if (expunges) {
      for (const uid of this.#ghosts.keys()) {
        const index = this.#indexOf(uid);
        if (index < 0) continue;
        this.#uids.splice(index, 1);
        this.#recent.delete(uid);
        lines.push(`${index + 1} EXPUNGE`);
      }
      this.#ghosts.clear();
    }
    if (this.#added.length > 0) {
      const present = this.#added.filter((uid) => this.mailbox.get(uid));
      this.#claimRecent(present);
      this.#uids.push(...present);
      this.#added = [];
      if (present.length > 0) lines.push(`${this.count} EXISTS`, `${this.recentCount} RECENT`);
    }
    for (const uid of this.#changed) {
      const message = this.mailbox.get(uid);
      const seq = this.#indexOf(uid) + 1;
      if (!message || seq === 0) continue;
      const modseq = withModseq ? ` MODSEQ (${message.modseq})` : '';
      lines.push(`${seq} FETCH (UID ${uid} FLAGS ${this.flagsOf(message)}${modseq})`);
    }
    this.#changed.clear();
    return lines;
  }

  #note(event: MailboxEvent): boolean {
    const { uid } = event.message;
    if (event.kind === 'added') this.#added.push(uid);
    else if (event.kind === 'removed') {
      this.#changed.delete(uid);
      // A message that came and went before the client heard of it never was.
      if (this.#added.includes(uid)) this.#added = this.#added.filter((other) => other !== uid);
      else this.#ghosts.set(uid, event.message);
    } else if (event.by !== this) this.#changed.add(uid);
    return event.by !== this;
  }

  /** UIDs ascend with the sequence numbers; -1 where the client does not know of this one. */
  #indexOf(uid: number): number {
    let low = 0;
    let high = this.#uids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#uids[middle] ?? 0) < uid) low = middle + 1;
      else high = middle;
    }
    return this.#uids[low] === uid ? low : -1;
  }

  #message(uid: number): StoredMessage | undefined {
    return this.mailbox.get(uid) ?? this.#ghosts.get(uid);
  }

  #claimRecent(uids: readonly number[]): void {
    // EXAMINE must not take \Recent away from anyone (RFC 3501, section 6.3.2).
    if (this.readOnly) return;
    const from = this.mailbox.claimRecent();
    for (const uid of uids) if (uid >= from) this.#recent.add(uid);
  }
}
