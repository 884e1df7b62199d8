import { FromLines, type FromLine } from '../../mbox/from-lines.ts';
import { fromLineDate, readPostmark, type Postmark } from '../../mbox/postmark.ts';
import { unquote } from '../../mbox/quote.ts';
import { takeForeign, takeOurs } from '../../mbox/region.ts';
import { readAt } from '../mbox/segments.ts';

const CHUNK = 1024 * 1024;
/** What is longer is no message: bytes. */
const LARGEST = 1024 * 1024 * 1024;

export interface ScannedMessage {
  /** Where it begins and how long it is in the file. */
  at: number;
  length: number;
  /** The message itself. */
  bytes: Buffer;
  /** What the line before it says; nothing in front of what another program wrote. */
  mark?: Postmark;
  /** ms since the epoch, as the line before it tells. */
  date?: number;
  intact: boolean;
  /** Where the next line may begin. */
  end: number;
}

/** Bytes that belong to no message. */
export interface Stray {
  at: number;
  length: number;
}

interface Open {
  line: FromLine;
  mark: Postmark | undefined;
}

/**
 * Every message in a segment, in order, and the bytes between them that belong to none. A message of ours ends where its
 * hash says; after damage the next line that can begin a message is looked for.
 */
export function* scanSegment(fd: number, size: number): Generator<ScannedMessage | Stray> {
  let open: Open | undefined;
  for (const line of fromLines(fd, size)) {
    const mark = readPostmark(line.text);
    if (!mark && !(line.afterBlank && fromLineDate(line.text) !== undefined)) continue;
    // In what is damaged a line may look like the start of another message: within the length of ours it is none.
    if (open?.mark && !mark && line.at < open.line.end + open.mark.length) continue;
    if (open) yield* taken(fd, open, line.at);
    else if (line.at > 0) yield { at: 0, length: line.at };
    open = { line, mark };
  }
  if (open) yield* taken(fd, open, size);
  else if (size > 0) yield { at: 0, length: size };
}

function* taken(fd: number, { line, mark }: Open, end: number): Generator<ScannedMessage | Stray> {
  const at = line.end;
  if (end - at > LARGEST) {
    yield { at: line.at, length: end - line.at };
    return;
  }
  const region = readAt(fd, at, end - at);
  const date = fromLineDate(line.text);
  const dated = date === undefined ? {} : { date };
  if (!mark) {
    const foreign = takeForeign(region);
    yield { at, length: foreign.length, bytes: unquote(foreign), ...dated, intact: true, end };
    return;
  }
  const { bytes, quoted, intact, rest } = takeOurs(region, mark);
  yield { at, length: quoted, bytes, mark, ...dated, intact, end };
  if (rest > 0) yield { at: end - rest, length: rest };
}

function* fromLines(fd: number, size: number): Generator<FromLine> {
  const finder = new FromLines();
  for (let at = 0; at < size;) {
    const chunk = readAt(fd, at, Math.min(CHUNK, size - at));
    if (chunk.length === 0) break;
    at += chunk.length;
    yield* finder.push(chunk);
  }
  yield* finder.end();
}
