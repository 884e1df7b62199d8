import { createHash } from 'node:crypto';
import type { Postmark } from './postmark.ts';
import { quotedLength, unquote } from './quote.ts';

const LF = 0x0a;
const CR = 0x0d;

/** What lies behind a postmark of ours. */
export interface Taken {
  bytes: Buffer;
  /** How many bytes of the region are the message as quoted. */
  quoted: number;
  /** False when the hash is not what the postmark says: then these are the bytes as far as they can be told. */
  intact: boolean;
  /** Bytes at the end of the region that are no part of it. */
  rest: number;
}

/** Takes a message of ours out of the bytes up to the next one: a line end may have been added, an empty line was. */
export function takeOurs(region: Buffer, mark: Postmark): Taken {
  const length = quotedLength(region, mark.length);
  const bytes = unquote(region.subarray(0, length));
  const intact =
    bytes.length === mark.length && createHash('sha256').update(bytes).digest('hex') === mark.sha256;
  const ends = length > 0 && region[length - 1] === LF ? 1 : 2;
  const rest = withoutLineEnds(region.subarray(length), ends);
  if (intact) return { bytes, quoted: length, intact, rest };
  // Bytes were put in or taken out: everything up to the next message is shown, so that nothing is missing.
  const quoted = rest === 0 ? length : region.length - (region.at(-1) === LF ? 1 : 0);
  return { bytes: unquote(region.subarray(0, quoted)), quoted, intact, rest: 0 };
}

/** What another program wrote: all but the empty line that ends it, as quoted as it is. */
export function takeForeign(region: Buffer): Buffer {
  const { length } = region;
  if (region[length - 1] !== LF) return region;
  const end = region[length - 2] === CR ? length - 2 : length - 1;
  return end === 0 || region[end - 1] === LF ? region.subarray(0, end) : region;
}

/** @returns how many bytes there are but the line ends they begin with */
function withoutLineEnds(bytes: Buffer, most: number): number {
  let count = 0;
  while (count < most && bytes[count] === LF) count += 1;
  return bytes.length - count;
}
