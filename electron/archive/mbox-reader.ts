import { open, type FileHandle } from 'node:fs/promises';
import { fieldValue, headerEnd, parseFields } from '../../shared/mail/header.ts';
import type { ArchivedLetter, ArchiveProblem, MboxKind, OpenedArchive } from '../app/ports-store.ts';
import { FromLines, type FromLine } from '../mbox/from-lines.ts';
import { fromLineDate, readPostmark } from '../mbox/postmark.ts';
import { unquote, unquoteOnce } from '../mbox/quote.ts';
import { takeForeign, takeOurs } from '../mbox/region.ts';
import { flagsOfHeader, flagsOfLetters } from './flags.ts';
import { LARGEST } from './letter-files.ts';

const CHUNK = 1024 * 1024;
/** Bytes looked at to learn of which kind a file is. */
const SAMPLE = 64 * 1024 * 1024;
/** No header is longer; bytes. */
const HEADER = 256 * 1024;

/** A message's place in the file: the line before it, and where it ends. */
interface Region {
  line: FromLine;
  end: number;
  /** Its end is told by its Content-Length field. */
  counted: boolean;
  /** A line `From ` stands in it unquoted, which only a counted message can have. */
  bare: boolean;
}

/**
 * An mbox file of any kind, read in pieces. A line `From ` begins a message when an empty line stands before it and it
 * ends in a date; a Content-Length field that points at the end of its message counts before that.
 *
 * mboxo and mboxrd put the same `>` before `From `; before `>From `, `>>From `… mboxrd puts one more and mboxo none. Any file
 * without a bare `From ` in a letter can have been written by either, so that nothing in it decides. Where no line begins
 * with `>>From ` both readings are the same; the letters of the others are marked, and read as mboxrd, of which alone every
 * byte comes back: of an mboxo file nobody knows which `>From ` were `From `.
 * @param told the person knows; Content-Length fields count for nothing then but in mboxcl and mboxcl2
 */
export async function openMbox(path: string, size: number, told?: MboxKind): Promise<OpenedArchive> {
  const kind = told ?? (await kindOf(path, size));
  return { kind, size, letters: () => letters(path, size, kind, told) };
}

async function* letters(
  path: string,
  size: number,
  kind: MboxKind,
  told: MboxKind | undefined,
): ReturnType<typeof readAll> {
  const file = await open(path, 'r');
  try {
    yield* readAll(file, size, kind, told);
  } finally {
    await file.close();
  }
}

async function* readAll(
  file: FileHandle,
  size: number,
  kind: MboxKind,
  told: MboxKind | undefined,
): AsyncGenerator<
  { done: number } & ({ letter: ArchivedLetter; undecided?: boolean } | { problem: ArchiveProblem })
> {
  let count = 0;
  const counts = told !== 'mboxo' && told !== 'mboxrd';
  for await (const region of regions(file, size, size, counts)) {
    count += 1;
    const length = region.end - region.line.end;
    if (length > LARGEST) {
      const name = `message ${count} at byte ${region.line.at}`;
      yield { done: region.end, problem: { name, detail: `larger than ${LARGEST} bytes` } };
    } else {
      const { letter, undecided } = letterOf(region, await readAt(file, region.line.end, length), kind);
      yield { done: region.end, letter, ...(undecided && told === undefined ? { undecided } : {}) };
    }
  }
}

function letterOf(
  { line, counted }: Region,
  bytes: Buffer,
  kind: MboxKind,
): { letter: ArchivedLetter; undecided: boolean } {
  const mark = readPostmark(line.text);
  const taken = mark && takeOurs(bytes, mark);
  const date = fromLineDate(line.text);
  const dated = date === undefined ? {} : { date };
  if (mark && taken?.intact && mark.flags !== undefined)
    return {
      letter: { bytes: taken.bytes, flags: flagsOfLetters(mark.flags), ...dated },
      undecided: false,
    };
  const quoted = counted ? bytes : takeForeign(bytes);
  const bare = counted && kind === 'mboxcl2';
  const once = unquoteOnce(quoted);
  const all = unquote(quoted);
  const raw = taken?.bytes ?? (bare ? quoted : kind === 'mboxo' ? once : all);
  return {
    letter: { bytes: raw, flags: flagsOfHeader(raw), ...dated },
    undecided: taken === undefined && !bare && once.length !== all.length,
  };
}

/** Of which kind the beginning of a file is. mboxo can't be told from mboxrd and is read as that. */
async function kindOf(path: string, size: number): Promise<MboxKind> {
  const file = await open(path, 'r');
  try {
    let counted = false;
    for await (const region of regions(file, size, Math.min(size, SAMPLE), true)) {
      if (region.bare) return 'mboxcl2';
      counted ||= region.counted;
    }
    return counted ? 'mboxcl' : 'mboxrd';
  } finally {
    await file.close();
  }
}

/** @param limit where to stop looking @param counts whether Content-Length fields do */
async function* regions(
  file: FileHandle,
  size: number,
  limit: number,
  counts: boolean,
): AsyncGenerator<Region> {
  let open: Region | undefined;
  let strict: boolean | undefined;
  for await (const line of fromLines(file, limit)) {
    if (open?.counted && line.at < open.end) {
      open.bare = true;
      continue;
    }
    const dated = fromLineDate(line.text) !== undefined;
    // A file whose first line has no date has none in the others either.
    strict ??= dated;
    const begins = line.afterBlank || (open?.counted === true && line.at - open.end <= 2);
    if (open && (!begins || (strict && !dated))) continue;
    if (open) yield open.counted ? open : { ...open, end: line.at };
    const end = counts ? await countedEnd(file, line, size) : undefined;
    open = { line, end: end ?? size, counted: end !== undefined, bare: false };
  }
  if (open) yield open;
}

async function* fromLines(file: FileHandle, limit: number): AsyncGenerator<FromLine> {
  const finder = new FromLines();
  for (let at = 0; at < limit;) {
    const chunk = await readAt(file, at, Math.min(CHUNK, limit - at));
    if (chunk.length === 0) break;
    at += chunk.length;
    yield* finder.push(chunk);
  }
  yield* finder.end();
}

/** Where a Content-Length field says that its message ends, if a message or the file does end there. */
async function countedEnd(file: FileHandle, line: FromLine, size: number): Promise<number | undefined> {
  if (readPostmark(line.text)) return undefined;
  const header = await readAt(file, line.end, Math.min(HEADER, size - line.end));
  const { body } = headerEnd(header);
  if (body >= HEADER) return undefined;
  const field = fieldValue(parseFields(header), 'content-length') ?? '';
  if (!/^\d{1,12}$/u.test(field)) return undefined;
  const end = line.end + body + Number(field);
  if (end > size) return undefined;
  const after = (await readAt(file, end, Math.min(7, size - end))).toString('latin1');
  return /^(?:\r?\n)?(?:$|From )/u.test(after) ? end : undefined;
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  // Not from the pool: the bytes are handed to another thread, with all that lies in the same buffer.
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
