import { nonexistent } from '../account.ts';
import { fromBinary, utf8InBinary } from '../bytes.ts';
import type { StoredMessage } from '../mailbox.ts';
import type { Args } from './args.ts';
import { Complaint } from './complaint.ts';
import type { Command, Commands, Context, Reply } from './context.ts';
import { accountOf, no, ok, viewOf } from './context.ts';
import { marksSeen, withItem, writeFetch } from './fetch.ts';
import { parseFetchItems } from './fetch-items.ts';
import { readMailboxName } from './name.ts';
import { asksForModseq, parseSearchKeys } from './search-keys.ts';
import { search } from './search.ts';
import { formatSequenceSet } from './sequence-set.ts';
import type { Entry } from './view.ts';

type By = 'uid' | 'seq';

/** What a search may be written in (RFC 3501, section 6.4.4); the old ones for the letters that still come in them. */
const CHARSETS = ['UTF-8', 'US-ASCII', 'ISO-8859-1', 'KOI8-R', 'WINDOWS-1251'];

const READ_ONLY = no('this mailbox was opened with EXAMINE, for reading only');

function entriesOf(context: Context, args: Args, by: By): Entry[] {
  args.space('message numbers');
  return viewOf(context).resolve(args.sequenceSet(), by);
}

/** Messages another session has expunged can be read, not changed (RFC 2180, section 4). */
function present(context: Context, entries: readonly Entry[]): Entry[] {
  return entries.filter(({ message }) => !viewOf(context).isGhost(message.uid));
}

function modseqModifier(context: Context, args: Args, name: string): number | undefined {
  if (!args.skip(` (${name}`)) return undefined;
  args.space('a modification sequence');
  const modseq = args.number('a modification sequence');
  args.expect(')', `) after ${name}`);
  context.condstore = true;
  return modseq;
}

/** RFC 9051, section 6.4.5; CHANGEDSINCE is RFC 7162, section 3.1.4.1. */
function fetch(context: Context, args: Args, by: By): Reply {
  const view = viewOf(context);
  let entries = entriesOf(context, args, by);
  args.space('what to fetch');
  let items = parseFetchItems(args);
  const since = modseqModifier(context, args, 'CHANGEDSINCE');
  args.end();
  if (by === 'uid') items = withItem(items, 'UID');
  if (items.some((item) => item.kind === 'MODSEQ')) context.condstore = true;
  if (since !== undefined) {
    items = withItem(items, 'MODSEQ');
    entries = entries.filter(({ message }) => message.modseq > since);
  }
  const seeing = marksSeen(items) && !view.readOnly;
  for (const entry of entries) {
    let shown = entry;
    let shownItems = items;
    if (seeing && !entry.message.flags.has('\\Seen') && !view.isGhost(entry.message.uid)) {
      const seen = view.mailbox.setFlags(entry.message.uid, [...entry.message.flags, '\\Seen'], view);
      if (seen) shown = { seq: entry.seq, message: seen };
      shownItems = withItem(items, 'FLAGS');
    }
    if (shownItems.some((item) => item.kind === 'FLAGS')) {
      if (context.condstore && shown !== entry) shownItems = withItem(shownItems, 'MODSEQ');
      view.settle(shown.message.uid);
    }
    context.raw(writeFetch(view, shown, shownItems));
  }
  return ok(`${by === 'uid' ? 'UID ' : ''}FETCH completed`);
}

/** RFC 9051, section 6.4.6; UNCHANGEDSINCE is RFC 7162, section 3.1.3. */
function store(context: Context, args: Args, by: By): Reply {
  const view = viewOf(context);
  const entries = present(context, entriesOf(context, args, by));
  const unchangedSince = modseqModifier(context, args, 'UNCHANGEDSINCE');
  args.space('FLAGS, +FLAGS or -FLAGS');
  const mode = args.match(/[+-]?(?=FLAGS)/);
  if (mode === undefined)
    throw new Complaint('expected FLAGS, +FLAGS or -FLAGS, with .SILENT if you want no answer');
  args.skip('FLAGS');
  const silent = args.skip('.SILENT');
  args.space('the flags');
  const flags = readFlags(args);
  args.end();
  if (view.readOnly) return READ_ONLY;
  const refusedNumbers: number[] = [];
  for (const { seq, message } of entries) {
    if (unchangedSince !== undefined && message.modseq > unchangedSince) {
      refusedNumbers.push(by === 'uid' ? message.uid : seq);
      continue;
    }
    const changed = view.mailbox.setFlags(message.uid, newFlags(message, mode, flags), view);
    if (!changed) continue;
    for (const line of view.newKeywords()) context.untagged(line);
    const modseq = context.condstore ? ` MODSEQ (${changed.modseq})` : '';
    const uid = by === 'uid' || context.condstore ? `UID ${changed.uid} ` : '';
    if (!silent) context.untagged(`${seq} FETCH (${uid}FLAGS ${view.flagsOf(changed)}${modseq})`);
    // With CONDSTORE the client needs the new MODSEQ even where it wants no flags (RFC 7162, section 3.1.3).
    else if (context.condstore) context.untagged(`${seq} FETCH (UID ${changed.uid}${modseq})`);
    if (!silent) view.settle(changed.uid);
  }
  if (refusedNumbers.length === 0) return ok('STORE completed');
  return ok('someone has changed these since', `MODIFIED ${formatSequenceSet(refusedNumbers)}`);
}

function readFlags(args: Args): string[] {
  if (args.peek('(')) return args.list('flags', () => args.flag());
  const flags = [args.flag()];
  while (!args.atEnd) {
    args.space('the next flag');
    flags.push(args.flag());
  }
  return flags;
}

function newFlags(message: StoredMessage, mode: string, flags: readonly string[]): string[] {
  if (mode === '+') return [...message.flags, ...flags];
  if (mode === '') return [...flags];
  const unwanted = new Set(flags.map((flag) => flag.toLowerCase()));
  return [...message.flags].filter((flag) => !unwanted.has(flag.toLowerCase()));
}

/** COPY (RFC 9051, section 6.4.7) and MOVE (6.4.8), both with COPYUID. */
function transfer(context: Context, args: Args, by: By, move: boolean): Reply {
  const view = viewOf(context);
  const wanted = entriesOf(context, args, by);
  args.space('the name of the mailbox to go to');
  const target = accountOf(context).find(readMailboxName(args));
  args.end();
  if (!target) return no(nonexistent().text, 'TRYCREATE');
  if (move && view.readOnly) return READ_ONLY;
  const entries = present(context, wanted);
  if (entries.length < wanted.length)
    return no('some of these messages are gone; NOOP tells which', 'EXPUNGEISSUED');
  if (entries.length === 0) return ok('there was nothing to do');
  const uids = entries.map(({ message }) => message.uid);
  const copies = entries.map(({ message }) =>
    target.append(message.raw, message.flags, message.internalDate),
  );
  const copied = copies.map((message) => message.uid);
  const code = `COPYUID ${target.uidValidity} ${formatSequenceSet(uids)} ${formatSequenceSet(copied)}`;
  if (!move) return ok('COPY completed', code);
  // MOVE says where the messages went before it says that they are gone (RFC 6851, section 4.3).
  context.untagged(`OK [${code}] moved`);
  view.mailbox.remove(uids, view);
  return ok('MOVE completed');
}

/** EXPUNGE (RFC 9051, section 6.4.3), or UID EXPUNGE of a set (section 6.4.9). */
function expunge(context: Context, args: Args, by: By): Reply {
  const view = viewOf(context);
  const candidates =
    by === 'uid' ? entriesOf(context, args, 'uid').map(({ message }) => message) : view.mailbox.messages;
  args.end();
  if (view.readOnly) return READ_ONLY;
  const gone = candidates.filter((message) => message.flags.has('\\Deleted')).map((message) => message.uid);
  view.mailbox.remove(gone, view);
  return ok(
    'EXPUNGE completed',
    context.condstore && gone.length > 0 ? `HIGHESTMODSEQ ${view.mailbox.highestModseq}` : undefined,
  );
}

/** RFC 9051, section 6.4.4, answered with the SEARCH response of RFC 3501. */
function runSearch(context: Context, args: Args, by: By): Reply {
  const view = viewOf(context);
  args.space('a search key such as ALL or UNSEEN');
  let charset = 'UTF-8';
  if (args.skip('CHARSET ')) {
    charset = args.astring('a charset name').toUpperCase();
    if (!CHARSETS.includes(charset))
      return no(`I read ${CHARSETS.join(', ')}`, `BADCHARSET (${CHARSETS.join(' ')})`);
    args.space('a search key');
  }
  const decoder = new TextDecoder(charset);
  // Letters typed without CHARSET are most probably UTF-8 as well; what is not is taken as it is.
  const key = parseSearchKeys(args, (octets) =>
    charset === 'UTF-8' ? (utf8InBinary(octets) ?? octets) : decoder.decode(fromBinary(octets)),
  );
  args.end();
  const found = search(view, key);
  const numbers = found.map(({ seq, message }) => (by === 'uid' ? message.uid : seq));
  let modseq = '';
  if (asksForModseq(key)) {
    context.condstore = true;
    if (found.length > 0) modseq = ` (MODSEQ ${Math.max(...found.map(({ message }) => message.modseq))})`;
  }
  context.untagged(['SEARCH', ...numbers].join(' ') + modseq);
  return ok(`${numbers.length} found`);
}

/** The same command by sequence number and, as "UID ...", by UID. */
function both(
  name: string,
  usage: string,
  keepsNumbers: boolean,
  run: (context: Context, args: Args, by: By) => Reply,
): Commands {
  const bySeq: Command = {
    when: 'selected',
    usage: `${name} ${usage}`,
    keepsNumbers,
    run: (context, args) => run(context, args, 'seq'),
  };
  const byUid: Command = {
    when: 'selected',
    usage: `UID ${name} ${usage}`,
    run: (context, args) => run(context, args, 'uid'),
  };
  return { [name]: bySeq, [`UID ${name}`]: byUid };
}

export const messageCommands: Commands = {
  ...both('FETCH', '1:* (FLAGS UID)', true, fetch),
  ...both('STORE', '1 +FLAGS (\\Seen)', true, store),
  ...both('SEARCH', 'UNSEEN', true, runSearch),
  ...both('COPY', '1 Archive', false, (context, args, by) => transfer(context, args, by, false)),
  ...both('MOVE', '1 Archive', false, (context, args, by) => transfer(context, args, by, true)),
  ...both('EXPUNGE', '', false, expunge),
};
