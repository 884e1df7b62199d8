import { createHash } from 'node:crypto';
import type { Postmark } from './postmark.ts';
import { unquote } from './quote.ts';

const LF = 0x0a;
const CR = 0x0d;

/** What lies behind a postmark of ours. */
export interface Taken {
  bytes: Buffer;
  /** How many bytes of the region are the message as quoted. */
  quoted: number;
  /** False when the hash is not what the postmark says: then these are the bytes as far as they can be told. */
  intact: boolean;
}

/** Takes a message of ours out of the bytes up to the next one: a line end may have been added, an empty line was. */
export function takeOurs(region: Buffer, mark: Postmark): Taken {
  for (const quoted of [withoutLineEnds(region, 1), withoutLineEnds(region, 2), region]) {
    const bytes = unquote(quoted);
    if (bytes.length !== mark.length) continue;
    if (createHash('sha256').update(bytes).digest('hex') === mark.sha256)
      return { bytes, quoted: quoted.length, intact: true };
  }
  const guess = withoutLineEnds(region, 1);
  const shorter = withoutLineEnds(region, 2);
  const quoted = unquote(shorter).length === mark.length ? shorter : guess;
  return { bytes: unquote(quoted), quoted: quoted.length, intact: false };
}

/** What another program wrote: all but the empty line that ends it, as quoted as it is. */
export function takeForeign(region: Buffer): Buffer {
  const { length } = region;
  if (region[length - 1] !== LF) return region;
  const end = region[length - 2] === CR ? length - 2 : length - 1;
  return end === 0 || region[end - 1] === LF ? region.subarray(0, end) : region;
}

function withoutLineEnds(region: Buffer, count: number): Buffer {
  let end = region.length;
  for (let left = count; left > 0 && region[end - 1] === LF; left -= 1) end -= 1;
  return region.subarray(0, end);
}
