import type { AccountId, MailboxId, MessageKey } from '../../shared/model/ids.ts';
import { failureOf } from '../../shared/contract/mail-error.ts';
import type { Ports } from './ports.ts';
import type { ImapLink } from './ports-engine.ts';
import type { Operation, ServerPlace } from './ports-store.ts';
import { crashPoint } from '../fault/crash-point.ts';

type Moved = { key: MessageKey; mailbox: MailboxId; uid?: number }[];

/**
 * Tells the server what the person did, in their order. An operation leaves the queue only when the server has confirmed
 * it; one that the server refuses is kept for another try and does not hold up the others.
 * @throws MailError when the connection is lost
 */
export async function replayOperations(
  ports: Pick<Ports, 'store' | 'events'>,
  account: AccountId,
  operations: Operation[],
  link: ImapLink,
): Promise<void> {
  const { store, events } = ports;
  const paths = new Map((await store.mailboxes(account)).map((one) => [one.id, one.path]));
  for (const operation of operations) {
    try {
      const moved = await run(ports, operation, link, paths);
      events.publish('delta', await store.finishOperation(operation.id, moved));
      crashPoint('replay.finished');
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.code !== 'server-refused') throw thrown;
      events.publish('delta', await store.failOperation(operation.id, failure.detail));
    }
  }
}

async function run(
  { store }: Pick<Ports, 'store'>,
  operation: Operation,
  link: ImapLink,
  paths: ReadonlyMap<MailboxId, string>,
): Promise<Moved> {
  if (operation.kind === 'append') return append(store, operation, link, paths);
  const moved: Moved = [];
  for (const [path, places] of byMailbox(await store.places(operation.keys))) {
    const uids = places.map((place) => place.uid);
    if (operation.kind === 'flag') {
      await link.setFlags(path, uids, operation.set, operation.clear);
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
