/** A message that is here. */
export interface Held {
  id: number;
  /** Bytes: as stored, else as a server counted. */
  size: number;
  messageId: string;
  /** SHA-256 of the header block, of a message without Message-ID whose bytes are here. */
  header?: string;
  /** SHA-256 of the whole; absent where only the header is here. */
  sha?: string;
}

/** A message that the server holds. */
export interface Entry {
  id: number;
  size: number;
  /** Undefined: not asked yet. */
  messageId: string | undefined;
  header?: string;
  /** Of what was fetched to be told from others. */
  sha?: string;
}

/** How it is known that two are the same. */
export type By = 'known' | 'format' | 'content' | 'hash';

/** Where the server says that a message is one of ours; still to be verified. */
export interface Hint {
  held: number;
  by: 'known' | 'format';
}

export interface Matching {
  pairs: { entry: number; held: number; by: By }[];
  /** The server has it once more than we do: the same bytes. */
  copies: { entry: number; held: number }[];
  /** Only their whole bytes can tell. */
  unsure: number[];
  /** Entries whose header has to be known first. */
  ask: number[];
}

/** So many messages, spread over all, are asked for their headers before UIDLs are believed to be made of UIDs. */
const SAMPLES = 20;

/**
 * Finds out which messages of a server are ours: by what is known of their places, verified by length and Message-ID, then by
 * Message-ID (or, where there is none, the header's hash) with the length, and where that is not unique by the hash of all.
 * @param hints by entry; a hint that can't be verified is worth nothing
 */
export function match(
  helds: readonly Held[],
  entries: readonly Entry[],
  hints: ReadonlyMap<number, Hint>,
): Matching {
  const found: Matching = { pairs: [], copies: [], unsure: [], ask: [] };
  const byId = new Map(helds.map((one) => [one.id, one]));
  const free = new Set(byId.keys());
  const left = new Set(entries);
  const hinted = entries.flatMap((entry) => {
    const hint = hints.get(entry.id);
    const held = hint && byId.get(hint.held);
    return hint && held ? [{ entry, held, by: hint.by }] : [];
  });
  const believed = believes(hinted, found.ask);
  for (const { entry, held, by } of hinted) {
    // POP3 ends every letter with CRLF, and not every server counts that.
    if (entry.messageId === undefined && entry.size !== held.size) found.ask.push(entry.id);
    if ((by === 'format' && !believed) || !free.has(held.id) || !verified(entry, held)) continue;
    found.pairs.push({ entry: entry.id, held: held.id, by });
    free.delete(held.id);
    left.delete(entry);
  }
  const rest = helds.filter((one) => free.has(one.id));
  askForHeaders(rest, [...left], helds.length > 0 && rest.length === helds.length, found.ask);
  byContent(rest, [...left], helds, found);
  found.ask = [...new Set(found.ask)];
  return found;
}

/** Some are looked at whole before all are taken for what their UIDLs say. @param ask gets those to be asked for */
function believes(hinted: { entry: Entry; held: Held; by: By }[], ask: number[]): boolean {
  const guessed = hinted.filter(({ by }) => by === 'format');
  const step = Math.max(1, Math.floor(guessed.length / SAMPLES));
  const samples = guessed.filter((_one, at) => at % step === 0).slice(0, SAMPLES);
  for (const { entry } of samples) if (entry.messageId === undefined) ask.push(entry.id);
  return samples.every(
    ({ entry, held }) => entry.messageId === undefined || entry.messageId === held.messageId,
  );
}

/** Servers are known to miscount lengths: then the Message-ID says it. */
function verified(entry: Entry, held: Held): boolean {
  if (entry.messageId === undefined) return entry.size === held.size;
  if (entry.messageId !== held.messageId) return false;
  return entry.size === held.size || entry.messageId !== '';
}

/** Headers are asked for where they can tell something: of what is as long as one of ours, or of all where no length agrees. */
function askForHeaders(rest: Held[], left: Entry[], none: boolean, ask: number[]): void {
  const unknown = left.filter((one) => one.messageId === undefined);
  if (rest.length === 0 || unknown.length === 0) return;
  const sizes = new Set(rest.map((one) => one.size));
  const alike = unknown.filter((one) => sizes.has(one.size));
  for (const one of alike.length === 0 && none ? unknown : alike) ask.push(one.id);
}

function byContent(rest: Held[], left: Entry[], all: readonly Held[], found: Matching): void {
  const groups = new Map<string, { helds: Held[]; entries: Entry[] }>();
  const group = (key: string | undefined) => {
    if (key === undefined) return undefined;
    const known = groups.get(key) ?? { helds: [], entries: [] };
    groups.set(key, known);
    return known;
  };
  for (const one of rest) group(keyOf(one))?.helds.push(one);
  for (const one of left) group(keyOf(one))?.entries.push(one);
  const paired = new Map<string, Held>();
  for (const { helds, entries } of groups.values()) if (entries.length > 0) pairGroup(helds, entries, found);
  // What the server has twice and we have once is not fetched again.
  for (const one of all) if (one.sha !== undefined) paired.set(`${keyOf(one) ?? ''} ${one.size}`, one);
  const taken = new Set([...found.pairs.map(({ entry }) => entry), ...found.unsure]);
  for (const one of left) {
    const key = keyOf(one);
    const twin = key === undefined ? undefined : paired.get(`${key} ${one.size}`);
    if (twin && !taken.has(one.id)) found.copies.push({ entry: one.id, held: twin.id });
  }
}

function pairGroup(helds: Held[], entries: Entry[], found: Matching): void {
  const sizes = new Set(entries.map((one) => one.size));
  const openHelds = new Set(helds);
  const openEntries = new Set(entries);
  const pair = (entry: Entry, held: Held, by: By) => {
    found.pairs.push({ entry: entry.id, held: held.id, by });
    openHelds.delete(held);
    openEntries.delete(entry);
  };
  for (const entry of entries) {
    const same = entry.sha && [...openHelds].find((one) => one.sha === entry.sha);
    if (same) pair(entry, same, 'hash');
  }
  for (const size of sizes) {
    const ours = [...openHelds].filter((one) => one.size === size);
    const theirs = [...openEntries].filter((one) => one.size === size && one.sha === undefined);
    const alike = new Set(ours.map((one) => one.sha ?? '')).size === 1;
    const one = ours.length === 1 && theirs.length === 1;
    if (ours.length === 0 || (!one && (!alike || ours[0]?.sha === undefined))) continue;
    for (const [at, entry] of theirs.entries()) {
      const held = ours[at];
      if (held) pair(entry, held, 'content');
    }
  }
  const comparable = [...openHelds].some((one) => one.sha !== undefined);
  if (!comparable) return;
  for (const one of openEntries) if (one.sha === undefined) found.unsure.push(one.id);
}

function keyOf({ messageId, header }: Held | Entry): string | undefined {
  if (messageId) return messageId;
  return header;
}
