import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import type { ServerSettings } from '../../../shared/model/account.ts';
import type { IncomingMessage, KnownMailbox, MailboxCursor, TellChange } from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { must } from './errors.ts';
import { fromWire } from './flags.ts';
import { changedSince, windows } from './changed-since.ts';
import { hasLabels } from './labels.ts';

/** Messages in one FETCH of a first sync: a screen's worth comes first, then big steps. */
const FIRST_STEP = 60;
const STEP = 500;
/** So few new messages come whole in the same FETCH: new mail is then one round trip. */
const WHOLE_COUNT = 20;
/** Bytes of a message fetched along with its arrival; a larger one is known by its header until it is wanted. */
const WHOLE_LIMIT = 1024 * 1024;

/** What a list row is made of; anything more would be fetched for nothing. */
const ROW_HEADERS = [
  'From',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'Content-Type',
];

/**
 * Brings what is known of the selected mailbox in step with the server: by QRESYNC or CONDSTORE (RFC 7162) where they are
 * offered, by comparison where not; the caller can't tell. Newest first, so that the first screen is there at once.
 */
export async function syncMailbox(
  client: ImapFlow,
  server: ServerSettings,
  known: KnownMailbox,
  tell: TellChange,
): Promise<void> {
  const mailbox = client.mailbox;
  if (!mailbox) throw new MailError('server-refused', 'no mailbox is selected', server);
  const cursor: MailboxCursor = {
    uidValidity: Number(mailbox.uidValidity),
    ...(mailbox.highestModseq === undefined ? {} : { highestModseq: String(mailbox.highestModseq) }),
  };
  const reset = known.cursor !== undefined && known.cursor.uidValidity !== cursor.uidValidity;
  const before: KnownMailbox = reset
    ? { ...known, cursor: undefined, count: 0, maxUid: 0, messages: async () => [] }
    : known;
  if (reset)
    await tell({ added: [], flags: [], removed: [], reset: true }, { done: 0, total: mailbox.exists });

  // Of a mailbox of which nothing is known the screen comes before anything else is asked.
  const unknown = before.cursor === undefined && before.maxUid === 0;
  const screen = unknown ? await fetchScreen(client, tell) : [];
  const arrived = unknown ? 0 : await fetchArrivals(client, before, tell);
  const vanished = await fetchChanges(client, before, tell);
  // When the counts agree nothing was deleted and nothing is missing: the list of all UIDs need not be asked for.
  // Without a cursor the last look was cut off, and counts that agree say nothing.
  const counted = before.count + arrived - vanished === mailbox.exists;
  const agree = before.cursor === undefined ? unknown && screen.length === mailbox.exists : counted;
  if (!agree) await reconcile(client, server, before, { arrived, screen }, tell);
  await tell({ added: [], flags: [], removed: [], cursor }, { done: mailbox.exists, total: mailbox.exists });
}

/** The newest rows, by number: no list of UIDs is needed for them. @returns their UIDs */
async function fetchScreen(client: ImapFlow, tell: TellChange): Promise<number[]> {
  const total = client.mailbox ? client.mailbox.exists : 0;
  if (total === 0) return [];
  const found = await client.fetchAll(`${Math.max(1, total - FIRST_STEP + 1)}:*`, rowFetch(client));
  // Asked for by number: of one number there is one message.
  const added = rowsOf([...new Map(found.map((one) => [one.seq, one])).values()], false);
  await tell({ added, flags: [], removed: [] }, { done: added.length, total });
  return added.flatMap((one) => one.uid ?? []);
}

/** New mail since the last time: rows, and of a few messages that are not long the bodies with them. @returns how many came */
async function fetchArrivals(client: ImapFlow, before: KnownMailbox, tell: TellChange): Promise<number> {
  const total = client.mailbox ? client.mailbox.exists : 0;
  if (total === 0) return 0;
  const { maxUid } = before;
  const light = await client.fetchAll(`${maxUid + 1}:*`, { uid: true, size: true }, { uid: true });
  // `n:*` always names the last message, known or not.
  const fresh = light.filter((one) => one.uid > maxUid).sort((a, b) => b.uid - a.uid);
  const few = fresh.length <= WHOLE_COUNT && before.headersOnly !== true;
  const small = new Set(fresh.flatMap((one) => (few && (one.size ?? 0) < WHOLE_LIMIT ? [one.uid] : [])));
  const uids = fresh.map((one) => one.uid);
  const whole: FetchQueryObject = { ...rowQuery(client), source: { start: 0, maxLength: WHOLE_LIMIT } };
  await inSteps(uids, async (step, done) => {
    const fetch = async (wanted: number[], query: FetchQueryObject, bodies: boolean) => {
      if (wanted.length === 0) return [];
      return rowsOf(await client.fetchAll(wanted.join(','), query, { uid: true }), bodies, wanted);
    };
    const [long, short] = [step.filter((uid) => !small.has(uid)), step.filter((uid) => small.has(uid))];
    const added = [...(await fetch(short, whole, true)), ...(await fetch(long, rowFetch(client), false))];
    await tell({ added, flags: [], removed: [] }, { done, total });
  });
  return uids.length;
}

/**
 * What happened to messages that are known: flags, tags, and with QRESYNC what is gone.
 * @returns how many are known to be gone
 */
async function fetchChanges(client: ImapFlow, before: KnownMailbox, tell: TellChange): Promise<number> {
  const mailbox = client.mailbox;
  if (!mailbox || before.count === 0) return 0;
  const since = before.cursor?.highestModseq;
  const byModseq = since !== undefined && mailbox.highestModseq !== undefined;
  // Of labels that changed nothing is told unasked: the number is the one of when the mailbox was opened.
  if (byModseq && BigInt(since) === mailbox.highestModseq && !hasLabels(client)) return 0;
  const progress = { done: 0, total: mailbox.exists };
  if (byModseq && client.enabled.has('QRESYNC') && !hasLabels(client)) {
    const { flags, vanished } = await changedSince(client, before, BigInt(since));
    if (flags.length > 0 || vanished.length > 0)
      await tell({ added: [], flags, removed: vanished }, progress);
    return vanished.length;
  }
  const options = byModseq ? { uid: true, changedSince: BigInt(since) } : { uid: true };
  const labels = hasLabels(client);
  const query = { uid: true, flags: true, ...(labels ? { labels } : {}) };
  for (const range of windows(before.maxUid)) {
    const found = await client.fetchAll(range, query, options);
    const flags = found.map((one) => ({ uid: one.uid, ...fromWire(one.flags, one.labels) }));
    if (flags.length > 0) await tell({ added: [], flags, removed: [] }, progress);
  }
  return 0;
}

/** Compares all UIDs: what is gone is told at once, what is missing is fetched newest first. */
async function reconcile(
  client: ImapFlow,
  server: ServerSettings,
  before: KnownMailbox,
  { arrived, screen }: { arrived: number; screen: number[] },
  tell: TellChange,
): Promise<void> {
  const present = must<number[]>(await client.search({ all: true }, { uid: true }), 'SEARCH', server);
  const known = new Set((await before.messages()).map((one) => one.uid));
  const onServer = new Set(present);
  const removed = [...known].filter((uid) => !onServer.has(uid));
  if (removed.length > 0) await tell({ added: [], flags: [], removed }, { done: 0, total: present.length });
  const newest = arrived > 0 ? before.maxUid : Number.MAX_SAFE_INTEGER;
  for (const uid of screen) known.add(uid);
  const missing = present.filter((uid) => !known.has(uid) && uid <= newest).sort((a, b) => b - a);
  const have = present.length - missing.length;
  await inSteps(missing, async (step, done) => {
    const found = await client.fetchAll(step.join(','), rowFetch(client), { uid: true });
    await tell(
      { added: rowsOf(found, false, step), flags: [], removed: [] },
      { done: have + done, total: present.length },
    );
  });
}

/** Gmail's labels are tags to a person; elsewhere they would be asked for in vain. */
function rowQuery(client: ImapFlow): FetchQueryObject {
  const labels = hasLabels(client);
  return { uid: true, flags: true, size: true, internalDate: true, ...(labels ? { labels } : {}) };
}

function rowFetch(client: ImapFlow): FetchQueryObject {
  return { ...rowQuery(client), headers: ROW_HEADERS };
}

async function inSteps(uids: number[], work: (step: number[], done: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < uids.length;) {
    const step = uids.slice(at, at + (at === 0 ? FIRST_STEP : STEP));
    at += step.length;
    await work(step, at);
  }
}

/**
 * What was asked for, once each, newest first: a server may say more than that, the same twice, and half of it.
 * @param whole whether bodies were asked for, and not only what a row is made of
 * @param asked the UIDs, where they were
 */
function rowsOf(found: FetchMessageObject[], whole: boolean, asked?: number[]): IncomingMessage[] {
  const wanted = asked && new Set(asked);
  const rows = new Map<number, IncomingMessage>();
  for (const one of found) {
    const bytes = whole ? one.source : one.headers;
    if (bytes && one.uid > 0 && (wanted?.has(one.uid) ?? true))
      rows.set(one.uid, incoming(one, bytes, whole));
  }
  return [...rows.values()].sort((a, b) => (b.uid ?? 0) - (a.uid ?? 0));
}

function incoming(found: FetchMessageObject, bytes: Buffer, whole: boolean): IncomingMessage {
  const size = found.size ?? bytes.length;
  return {
    uid: found.uid,
    ...fromWire(found.flags, found.labels),
    ...(found.emailId === undefined ? {} : { emailId: found.emailId }),
    received: new Date(found.internalDate ?? Date.now()).getTime(),
    size,
    bytes,
    // Other bytes than were counted: it is looked at once more before it is taken for the message.
    whole: whole && bytes.length < WHOLE_LIMIT && bytes.length === size,
  };
}
