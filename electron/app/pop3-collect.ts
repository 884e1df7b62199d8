import type { Account } from '../../shared/model/account.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Intake } from './intake.ts';
import type { Ports } from './ports.ts';
import type { IncomingMessage, Pop3Link, Pop3Listing, Pop3Missed } from './ports-engine.ts';
import type { CollectedUidl } from './ports-store.ts';
import { isOther, removalsOf, uniqueUidls } from './removals.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** Lines of the text that come with the header of a message that is too long to be collected by itself. */
const LINES = 30;
/** Messages asked for at a time, and bytes of them: what a person waits for comes in between. */
const SLICE = 200;
const SLICE_BYTES = 16 * 1024 * 1024;

export interface Progress {
  done: number;
  total: number;
  bytes?: { done: number; total: number };
}

/** A session with the server, and what it listed. */
export interface Collecting {
  link: Pop3Link;
  listed: readonly Pop3Listing[];
  account: Account;
  store: Ports['store'];
  mime: Ports['mime'];
  intake: Intake;
  mailbox: Mailbox;
  signal: AbortSignal;
  progress: (so: Progress) => void;
  /** Could not be had; what comes with the next try is no news. */
  missed: (one: Pop3Missed) => void;
  /** What a person waits for, between two slices. */
  between?: () => Promise<void>;
}

/** What of a list is to come, and as what. */
interface Wanted {
  whole: Pop3Listing[];
  headers: Pop3Listing[];
}

export async function collectedOf(
  store: Ports['store'],
  account: Account['id'],
): Promise<Map<string, CollectedUidl>> {
  return new Map((await store.collectedUidls(account)).map((one) => [one.uidl, one]));
}

/** Collects what is not here yet, as much of it as the account wants, the newest first. @throws MailError */
export async function collect(so: Collecting): Promise<void> {
  const { whole, headers } = await wantedOf(so);
  // A header is here before the letters that take their time.
  const refused = await takeHeaders(so, headers);
  await takeWhole(so, [...whole, ...refused]);
}

/** What is about to be deleted by a name that may be another letter's by now is not to go unread. */
async function wantedOf({ store, account, listed }: Collecting): Promise<Wanted> {
  const known = await collectedOf(store, account.id);
  const fates = removalsOf(account.leaveOnServer, listed, known, Date.now());
  const others = new Set(
    listed.filter((one) => {
      const before = known.get(one.uidl);
      const goes = before?.due === true || (fates.get(one.number)?.due ?? Infinity) <= Date.now();
      return before !== undefined && goes && isOther(one, before);
    }),
  );
  // Of these nothing is here to compare it with.
  const unread = [...others].flatMap(({ uidl }) => (known.get(uidl)?.held === 'nothing' ? [uidl] : []));
  if (unread.length > 0) await store.forgetUidls(account.id, unread);
  const limit = account.wholeLimit ?? Infinity;
  // Without a name of its own a header would come again and again, and never be the same as its letter.
  const certain = uniqueUidls(listed);
  const short = (one: Pop3Listing) =>
    !certain.has(one.uidl) || (account.keep !== 'headers' && one.size <= limit);
  const wanted: Wanted = { whole: [], headers: [] };
  for (const one of listed.toReversed()) {
    // A name that stands for several messages says of none that it is here.
    const held = certain.has(one.uidl) ? known.get(one.uidl) : undefined;
    if (short(one) || others.has(one)) {
      if (!held || others.has(one) || held.held === 'header') wanted.whole.push(one);
    } else if (!held) wanted.headers.push(one);
  }
  return wanted;
}

/** @returns those of which the server gives no header: they come whole */
async function takeHeaders(so: Collecting, wanted: Pop3Listing[]): Promise<Pop3Listing[]> {
  const { link, account, mailbox, intake, mime, signal } = so;
  if (wanted.length === 0 || signal.aborted) return [];
  const listings = new Map(wanted.map((one) => [one.number, one]));
  const refused: Pop3Listing[] = [];
  let done = 0;
  const lines = account.keep === 'headers' ? 0 : LINES;
  await link.tops(
    wanted.map((one) => one.number),
    lines,
    async (batch) => {
      const added: IncomingMessage[] = [];
      for (const { number, bytes } of batch) {
        const listing = listings.get(number);
        if (!listing) continue;
        if (!bytes) {
          refused.push(listing);
          continue;
        }
        const digest = lines > 0 ? await mime.digest(bytes).catch(() => undefined) : undefined;
        const { uidl, size } = listing;
        added.push({
          uidl,
          size,
          bytes,
          flags: [],
          received: Date.now(),
          whole: false,
          // How many files it has the beginning does not tell.
          ...(digest ? { digest: { ...digest, attachments: 0 } } : {}),
        });
      }
      if (added.length > 0) await intake.take(mailbox.id, { added, flags: [], removed: [] });
      done += batch.length;
      so.progress({ done, total: wanted.length });
    },
    { signal },
  );
  return refused;
}

/** Downloads messages, a slice after the other; none of them twice, wherever it is ended. @throws MailError */
export async function takeWhole(so: Collecting, wanted: readonly Pop3Listing[]): Promise<number> {
  const { link, mailbox, intake, signal } = so;
  const total = { messages: wanted.length, bytes: wanted.reduce((sum, one) => sum + one.size, 0) };
  const done = { messages: 0, bytes: 0 };
  const lost = await lostNames(so);
  // A letter that came is done when it is stored.
  const tell = (bytes: number) =>
    so.progress({
      done: done.messages,
      total: total.messages,
      ...(total.bytes > 0
        ? { bytes: { done: Math.min(total.bytes, done.bytes + bytes), total: total.bytes } }
        : {}),
    });
  tell(0);
  for (const slice of slicesOf(wanted)) {
    if (signal.aborted) break;
    const sizes = new Map(slice.map(({ uidl, size }) => [uidl, size]));
    const missed = await link.download(
      slice,
      async (batch) => {
        const added = batch.map((one) => withListed(one, sizes.get(one.uidl ?? '')));
        await intake.take(mailbox.id, { added, flags: [], removed: [], lost });
        crashPoint('pop3.stored');
        done.messages += batch.length;
      },
      { signal, progress: ({ bytes }) => tell(bytes) },
    );
    if (signal.aborted) break;
    for (const one of missed) so.missed(one);
    done.bytes += slice.reduce((sum, one) => sum + one.size, 0);
    tell(0);
    await so.between?.();
  }
  return done.messages;
}

/** Names of what was collected that name nothing for certain on the server now. */
async function lostNames({ store, account, listed }: Collecting): Promise<Set<string>> {
  const certain = uniqueUidls(listed);
  const known = await store.collectedUidls(account.id);
  return new Set(known.flatMap(({ uidl }) => (certain.has(uidl) ? [] : [uidl])));
}

function* slicesOf(wanted: readonly Pop3Listing[]): Generator<Pop3Listing[]> {
  let slice: Pop3Listing[] = [];
  let bytes = 0;
  for (const one of wanted) {
    if (slice.length > 0 && (slice.length >= SLICE || bytes + one.size > SLICE_BYTES)) {
      yield slice;
      slice = [];
      bytes = 0;
    }
    slice.push(one);
    bytes += one.size;
  }
  if (slice.length > 0) yield slice;
}

function withListed(one: IncomingMessage, listed: number | undefined): IncomingMessage {
  return listed === undefined || !one.uidl ? one : { ...one, listed };
}

/** One message, which a person waits for. @throws MailError `not-found` when the server has it no more */
export async function takeOne(so: Collecting, uidl: string): Promise<void> {
  const listing = so.listed.find((one) => one.uidl === uidl);
  if (!listing) throw new MailError('not-found', 'the message is not on the server any more');
  const missed = await so.link.download([listing], async ([one]) => {
    if (!one) return;
    const added = [withListed(one, listing.size)];
    await so.intake.take(so.mailbox.id, { added, flags: [], removed: [] });
  });
  const [first] = missed;
  if (first) throw new MailError(first.failure.code, first.failure.detail);
}
