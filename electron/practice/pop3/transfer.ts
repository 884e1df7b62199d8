import { CR, DOT, LF, endsWithCrlf, fromBinary } from '../bytes.ts';

/** A message as the body of a multi-line response: dots stuffed, the final dot added (RFC 1939, section 3). */
export function dotStuff(raw: Uint8Array): Uint8Array {
  const out = Buffer.alloc(raw.length + countStuffed(raw) + 5);
  let to = 0;
  for (let at = 0; at < raw.length; at++) {
    if (startsLineWithDot(raw, at)) out[to++] = DOT;
    out[to++] = raw[at] ?? 0;
  }
  // A response is made of lines: the last one gets an end even where the message has none.
  const end = fromBinary(raw.length === 0 || endsWithCrlf(raw) ? '.\r\n' : '\r\n.\r\n');
  out.set(end, to);
  return out.subarray(0, to + end.length);
}

function startsLineWithDot(raw: Uint8Array, at: number): boolean {
  return raw[at] === DOT && (at === 0 || (raw[at - 1] === LF && raw[at - 2] === CR));
}

function countStuffed(raw: Uint8Array): number {
  let count = 0;
  for (let at = raw.indexOf(DOT); at >= 0; at = raw.indexOf(DOT, at + 1))
    if (startsLineWithDot(raw, at)) count += 1;
  return count;
}

/** The header, the empty line, and so many lines of the body (RFC 1939, section 7, TOP). */
export function topOf(raw: Uint8Array, lines: number): Uint8Array {
  let at = 0;
  let left: number | undefined;
  while (at < raw.length && left !== 0) {
    const lineEnd = raw.indexOf(LF, at);
    const next = lineEnd < 0 ? raw.length : lineEnd + 1;
    const empty = next - at === 1 || (next - at === 2 && raw[at] === CR);
    if (left !== undefined) left -= 1;
    else if (empty) left = lines;
    at = next;
  }
  return raw.subarray(0, at);
}
