import { z } from 'zod';

const id = z.number().int().positive();
const Setting = z.object({ k: z.literal('setting'), id: z.string(), value: z.string() });
const AccountFact = z.object({
  k: z.literal('account'),
  id: z.string().regex(/^[\w-]{1,64}$/u),
  position: z.number().int(),
  settings: z.record(z.string(), z.unknown()),
});
const MailboxFact = z.object({
  k: z.literal('mailbox'),
  id,
  account: z.string(),
  path: z.string(),
  name: z.string(),
  depth: z.number().int(),
  role: z.string(),
  selectable: z.number(),
  validity: z.number().nullable(),
  excluded: z.number().optional(),
  keep: z.string().nullable().optional(),
  local: z.number().optional(),
});
const MessageFact = z.object({
  k: z.literal('message'),
  id,
  mailbox: id,
  /** The segment, relative to the profile, with `/`; where the message begins in it, and how long it is there. */
  file: z.string(),
  at: z.number().int().min(0),
  length: z.number().int().min(0),
  /** The first 16 hex digits of its SHA-256. */
  sha: z.string().length(16),
  uidMailbox: id.nullable(),
  uid: z.number().int().nullable(),
  uidl: z.string().nullable(),
  date: z.number().int(),
  flags: z.number().int(),
  keywords: z.string().optional(),
  hidden: z.number().int(),
});
const Uidl = z.object({
  k: z.literal('uidl'),
  id: z.tuple([z.string(), z.string()]),
  due: z.number(),
  collected: z.number().optional(),
  stays: z.number().optional(),
  listed: z.number().nullable().optional(),
  deleted: z.number().nullable().optional(),
});
const OperationFact = z.object({
  k: z.literal('operation'),
  id,
  account: z.string(),
  kind: z.string(),
  detail: z.record(z.string(), z.unknown()),
  attempts: z.number().int(),
  messages: z.array(id),
});
const OutboxFact = z.object({
  k: z.literal('outbox'),
  id,
  account: z.string(),
  envelope: z.object({ from: z.string(), to: z.array(z.string()) }),
  skip: z.number().int().min(0),
  queued: z.number().int(),
  attempts: z.number().int(),
});
const DraftFact = z.object({
  k: z.literal('draft'),
  id: z.string(),
  account: z.string(),
  content: z.record(z.string(), z.unknown()),
  updated: z.number().int(),
  message: id.nullable(),
});
const AttachmentFact = z.object({
  k: z.literal('draft_attachment'),
  id,
  draft: z.string(),
  name: z.string(),
  type: z.string(),
  /** Hexadecimal. */
  bytes: z.string().regex(/^(?:[0-9A-F]{2})*$/u),
});
const SegmentFact = z.object({
  k: z.literal('segment'),
  id,
  mailbox: id,
  file: z.string(),
  /** Up to here every message was known: one that is not listed was deleted. */
  size: z.number().int().min(0),
});
const Gone = z.object({ k: z.string(), id: z.unknown(), gone: z.literal(1) });

const Fact = z.discriminatedUnion('k', [
  Setting,
  AccountFact,
  MailboxFact,
  MessageFact,
  Uidl,
  OperationFact,
  OutboxFact,
  DraftFact,
  AttachmentFact,
  SegmentFact,
]);
type Fact = z.infer<typeof Fact>;
export type FactOf<K extends Fact['k']> = Extract<Fact, { k: K }>;

/** Where a letter lies: copies share a place. */
export function placeOf({ at, file }: FactOf<'message'>): string {
  return `${at} ${file}`;
}

/** What the index knew and the segments don't tell: a line of the checkpoint for each thing, the newest alone. */
export class Facts {
  readonly #kinds = new Map<string, Map<string, Fact>>();

  of<K extends Fact['k']>(kind: K): FactOf<K>[] {
    return [...(this.#kinds.get(kind)?.values() ?? [])] as FactOf<K>[];
  }

  get<K extends Fact['k']>(kind: K, key: unknown): FactOf<K> | undefined {
    return this.#kinds.get(kind)?.get(JSON.stringify(key)) as FactOf<K> | undefined;
  }

  /** Reads one line. @returns false when it is none, which may hide anything */
  read(line: string): boolean {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      return false;
    }
    const gone = Gone.safeParse(json);
    if (gone.success) {
      this.#kinds.get(gone.data.k)?.delete(JSON.stringify(gone.data.id));
      return true;
    }
    const fact = Fact.safeParse(json);
    if (!fact.success) return false;
    this.#put(fact.data);
    return true;
  }

  /**
   * Adds what only the other knows. A letter that is known here by its place, too, is the same under a number of another
   * time; copies that share a place are known to one of the two together.
   */
  complete(other: Facts): void {
    const taken = new Set(this.of('message').map(placeOf));
    for (const kind of other.#kinds.values())
      for (const fact of kind.values()) {
        const known = fact.k === 'message' && taken.has(placeOf(fact));
        if (!known && !this.get(fact.k, fact.id)) this.#put(fact);
      }
  }

  drop(kind: Fact['k'], key: unknown): void {
    this.#kinds.get(kind)?.delete(JSON.stringify(key));
  }

  #put(fact: Fact): void {
    const kind = this.#kinds.get(fact.k) ?? new Map<string, Fact>();
    this.#kinds.set(fact.k, kind);
    kind.set(JSON.stringify(fact.id), fact);
  }
}
