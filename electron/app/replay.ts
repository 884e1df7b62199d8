import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import { failureOf } from '../../shared/contract/mail-error.ts';
import type { Ports } from './ports.ts';
import type { ImapLink } from './ports-engine.ts';
import type { Operation, ServerPlace } from './ports-store.ts';
import { crashPoint } from '../fault/crash-point.ts';

type Moved = { key: MessageKey; mailbox: MailboxId; uid?: number }[];
type OfMessages = Extract<Operation, { kind: 'flag' | 'move' | 'remove' }>;

/** Codes of a refusal that asking again won't change (RFC 5530, 4314, 9051 section 7.1). */
const FINAL = new Set([
  'ALREADYEXISTS',
  'CANNOT',
  'NONEXISTENT',
  'NOPERM',
  'READ-ONLY',
  'HASCHILDREN',
  'UIDNOTSTICKY',
]);

/** And of one that may pass by itself. */
const PASSING = new Set(['INUSE', 'LIMIT', 'OVERQUOTA', 'SERVERBUG', 'UNAVAILABLE']);

/** Some or all of its messages were left out, for the server has renumbered their mailbox. */
const RENUMBERED = 'UIDVALIDITY';

/** What the server would not do, told to the person. */
export interface GivenUp {
  operation: Operation;
  detail: string;
}

/**
 * Tells the server what the person did, in their order. An operation leaves the queue only when the server has confirmed
 * it; one that the server refuses is kept for another try and holds up only what else is to become of its messages.
 * @param running gets the operation that is being carried out, and undefined when none is
 * @returns what the server will not do: it is undone here
 * @throws MailError when the connection is lost
 */
export async function replayOperations(
  ports: Pick<Ports, 'store' | 'events'>,
  account: AccountId,
  operations: Operation[],
  link: ImapLink,
  running: (id: number | undefined) => void = () => undefined,
): Promise<GivenUp[]> {
  const { store, events } = ports;
  const paths = new Map((await store.mailboxes(account)).map((one) => [one.id, one.path]));
  const refused: GivenUp[] = [];
  const held = new Set<MessageKey>();
  for (const operation of operations) {
    if (comesAfter(operation, held)) continue;
    // Taken back meanwhile.
    if (!(await store.waits(operation.id))) continue;
    running(operation.id);
    try {
      const moved = await run(ports, operation, link, paths);
      if (operation.refusal === RENUMBERED) refused.push({ operation, detail: RENUMBERED });
      events.publish('delta', await store.finishOperation(operation.id, moved));
      crashPoint('replay.finished');
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.code !== 'server-refused') throw thrown;
      const code = failure.responseCode ?? '';
      // A list of mailboxes is not believed while a change of it waits: that must not be for long.
      const final = FINAL.has(code) || (operation.keys.length === 0 && !PASSING.has(code));
      const { givenUp, delta } = await store.failOperation(operation.id, failure.detail, final);
      events.publish('delta', delta);
      if (givenUp) refused.push({ operation, detail: failure.detail });
      else hold(operation, held);
    } finally {
      running(undefined);
    }
  }
  return refused;
}

/** What is tried again: where its messages are to be said only after that. */
function hold({ kind, keys }: Operation, held: Set<MessageKey>): void {
  if (kind !== 'flag') for (const key of keys) held.add(key);
}

/**
 * Whether it has to wait for one that is tried again: a message would end where it was to be before, and what was to be taken
 * out of a mailbox would go with it.
 */
function comesAfter(operation: Operation, held: Set<MessageKey>): boolean {
  if (operation.kind === 'delete') return held.size > 0;
  if (operation.kind !== 'move' && operation.kind !== 'remove' && operation.kind !== 'flag') return false;
  if (!operation.keys.some((key) => held.has(key))) return false;
  hold(operation, held);
  return true;
}

async function run(
  { store }: Pick<Ports, 'store'>,
  operation: Operation,
  link: ImapLink,
  paths: ReadonlyMap<MailboxId, string>,
): Promise<Moved> {
  switch (operation.kind) {
    case 'append':
      return append(store, operation, link, paths);
    case 'copy':
      return copy(store, operation, link, paths);
    case 'create':
      await link.create(operation.path);
      return [];
    case 'rename':
      await link.rename(operation.path, operation.to);
      return [];
    case 'delete':
      await link.drop(operation.path);
      return [];
    case 'subscribe':
      await link.subscribe(operation.path, operation.subscribed);
      return [];
    case 'flag':
    case 'move':
    case 'remove':
      return change(store, operation, link, paths);
  }
}

async function change(
  store: Ports['store'],
  operation: OfMessages,
  link: ImapLink,
  paths: ReadonlyMap<MailboxId, string>,
): Promise<Moved> {
  const moved: Moved = [];
  for (const [path, places] of byMailbox(await store.places(operation.keys))) {
    const uids = places.map((place) => place.uid);
    if (operation.kind === 'flag') {
      const { set, clear, tag = [], untag = [] } = operation;
      await link.setFlags(path, uids, { flags: set, keywords: tag }, { flags: clear, keywords: untag });
      crashPoint('replay.flagged');
    } else if (operation.kind === 'remove') {
      await link.remove(path, uids);
      crashPoint('replay.removed');
    } else {
      const to = paths.get(operation.to);
      if (to === undefined || to === path) continue;
      const map = await creating(link, to, () => link.move(path, uids, to));
      crashPoint('replay.moved');
      for (const place of places) {
        const uid = map.get(place.uid);
        moved.push({ key: place.key, mailbox: operation.to, ...(uid === undefined ? {} : { uid }) });
      }
    }
  }
  return moved;
}

/** Where the original has no place on the server, or has it no more, the copy's own bytes are put there. */
async function copy(
  store: Ports['store'],
  operation: Extract<Operation, { kind: 'copy' }>,
  link: ImapLink,
  paths: ReadonlyMap<MailboxId, string>,
): Promise<Moved> {
  const { id, account, attempts, keys, from, to: mailbox, begun } = operation;
  const to = paths.get(mailbox);
  if (to === undefined) return [];
  const copies = new Map(from.map((original, at) => [original, keys[at]]));
  const moved: Moved = [];
  // A sync may have met the copy that was made before the answer was lost: it has its place.
  const here = new Set((await store.places(keys)).map((place) => place.key));
  for (const original of from) if (here.has(copies.get(original) as MessageKey)) copies.delete(original);
  if (begun) {
    // Perhaps done already, and the answer lost.
    const known = new Set((await store.known(mailbox)).map((one) => one.uid));
    for (const original of from) {
      const key = copies.get(original);
      const bytes = key === undefined ? undefined : await store.raw(key);
      const uid = bytes && (await creating(link, to, () => link.find(to, bytes, known)));
      if (key === undefined || uid === undefined) continue;
      known.add(uid);
      moved.push({ key, mailbox, uid });
      copies.delete(original);
    }
  } else {
    await store.beginOperation(id);
    crashPoint('replay.copying');
  }
  const placed = new Set<MessageKey>();
  const tellsUids = link.abilities().advertised.includes('UIDPLUS');
  for (const [path, group] of byMailbox(await store.places([...copies.keys()]))) {
    const map = await creating(link, to, () =>
      link.copy(
        path,
        group.map((place) => place.uid),
        to,
      ),
    );
    crashPoint('replay.copied');
    for (const place of group) {
      const key = copies.get(place.key);
      const uid = map.get(place.uid);
      // Somebody else took the original away in this moment (RFC 4315: what is not named was not copied).
      if (uid === undefined && tellsUids) continue;
      placed.add(place.key);
      if (key !== undefined) moved.push({ key, mailbox, ...(uid === undefined ? {} : { uid }) });
    }
  }
  for (const [original, key] of copies) {
    if (placed.has(original) || key === undefined) continue;
    const own = { id, account, attempts, kind: 'append', keys: [key], begun: true } as const;
    moved.push(...(await append(store, { ...own, keys: [key] }, link, paths)));
  }
  return moved;
}

async function append(
  store: Ports['store'],
  { id, keys: [key], begun }: Extract<Operation, { kind: 'append' }>,
  link: ImapLink,
  paths: ReadonlyMap<MailboxId, string>,
): Promise<Moved> {
  const [row] = await store.rows([key]);
  const bytes = await store.raw(key);
  const path = row && paths.get(row.mailbox);
  // Deleted again before the server heard of it: then there is nothing to tell.
  if (!row || !bytes || path === undefined) return [];
  if (begun) {
    const known = new Set((await store.known(row.mailbox)).map((one) => one.uid));
    const there = await creating(link, path, () => link.find(path, bytes, known));
    if (there !== undefined) return [{ key, mailbox: row.mailbox, uid: there }];
  } else {
    await store.beginOperation(id);
    crashPoint('replay.begun');
  }
  const { uid } = await creating(link, path, () => link.append(path, bytes, row.flags, row.date));
  crashPoint('replay.appended');
  return [{ key, mailbox: row.mailbox, ...(uid === undefined ? {} : { uid }) }];
}

/** A target that is not on the server yet is made there, once (RFC 9051 TRYCREATE). */
async function creating<T>(link: ImapLink, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const known = (await link.list()).some((one) => one.path === path);
    if (failureOf(thrown).code !== 'server-refused' || known) throw thrown;
    await link.create(path);
    return work();
  }
}

function byMailbox(places: ServerPlace[]): Map<string, ServerPlace[]> {
  const groups = new Map<string, ServerPlace[]>();
  for (const place of places) groups.set(place.path, [...(groups.get(place.path) ?? []), place]);
  return groups;
}
