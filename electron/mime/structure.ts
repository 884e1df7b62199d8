import { fieldValue, headerEnd, parseFields, parseParameters } from '../../shared/mail/header.ts';
import type { StructurePart } from '../../shared/model/message.ts';

/** Deeper than this no honest letter is nested. */
const DEPTH = 50;
/** A letter with more parts than this is an attack; the rest is in the raw source. */
const PARTS = 10_000;

/**
 * The MIME tree of a message as offsets into its bytes (RFC 2045, 2046). Works on anything: what is no MIME is one part.
 * Parts are numbered as IMAP numbers them (RFC 9051 section 6.4.5.1).
 */
export function readStructure(raw: Uint8Array): StructurePart {
  const budget = { left: PARTS };
  return readPart(
    Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
    0,
    raw.length,
    '',
    'text/plain',
    0,
    budget,
  );
}

/** Every part that is no container, in order; a letter within the letter is one part, whole. */
export function leaves(part: StructurePart): StructurePart[] {
  return part.type.startsWith('multipart/') && part.children.length > 0
    ? part.children.flatMap(leaves)
    : [part];
}

function readPart(
  raw: Buffer,
  start: number,
  end: number,
  number: string,
  fallback: string,
  depth: number,
  budget: { left: number },
): StructurePart {
  budget.left -= 1;
  const fields = parseFields(raw, start, end);
  const typeField = fieldValue(fields, 'content-type');
  const { value, parameters } = parseParameters(typeField ?? fallback);
  const type = /^[^\s/;]+\/[^\s/;]+$/u.test(value) ? value : fallback;
  const disposition = parseParameters(fieldValue(fields, 'content-disposition') ?? '');
  const bodyStart = headerEnd(raw, start, end).body;
  const part: StructurePart = {
    part: number === '' ? '1' : number,
    type,
    name: disposition.parameters['filename'] ?? parameters['name'],
    encoding: (fieldValue(fields, 'content-transfer-encoding') ?? '7bit').toLowerCase().trim(),
    charset: parameters['charset'],
    disposition: disposition.value === '' ? undefined : disposition.value,
    start,
    bodyStart,
    end,
    children: [],
  };
  if (depth >= DEPTH || budget.left <= 0) return part;
  const prefix = number === '' ? '' : `${number}.`;
  if (type.startsWith('multipart/') && parameters['boundary']) {
    part.part = number;
    const below = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const [from, to] of cutAtBoundary(raw, bodyStart, end, parameters['boundary'])) {
      if (budget.left <= 0) break;
      part.children.push(
        readPart(raw, from, to, `${prefix}${part.children.length + 1}`, below, depth + 1, budget),
      );
    }
    // Not one boundary line: then it is a part like any other, and has a number to be fetched by.
    if (part.children.length === 0) part.part = number === '' ? '1' : number;
  } else if (type === 'message/rfc822' && number !== '' && /^(7bit|8bit|binary)$/u.test(part.encoding)) {
    const inner = readPart(raw, bodyStart, end, '', 'text/plain', depth + 1, budget);
    part.children.push(renumber(inner, number));
  }
  return part;
}

/** A message inside a message: its parts are counted below the number of the part that holds it. */
function renumber(part: StructurePart, prefix: string): StructurePart {
  const number = part.part === '' ? prefix : `${prefix}.${part.part}`;
  return { ...part, part: number, children: part.children.map((child) => renumber(child, prefix)) };
}

/** The spans between boundary lines (RFC 2046 section 5.1.1); the line end before a boundary belongs to it. */
function cutAtBoundary(raw: Buffer, from: number, to: number, boundary: string): [number, number][] {
  const spans: [number, number][] = [];
  const marker = Buffer.from(`--${boundary}`, 'latin1');
  let open: number | undefined;
  for (let at = raw.indexOf(marker, from); at >= 0 && at < to; at = raw.indexOf(marker, at + 1)) {
    if (at > from && raw[at - 1] !== 0x0a) continue;
    const lineEnd = raw.indexOf(0x0a, at);
    const next = lineEnd < 0 || lineEnd >= to ? to : lineEnd + 1;
    const rest = raw.toString('latin1', at + marker.length, next);
    // A longer boundary that begins with this one is another boundary.
    if (!/^(--)?[ \t]*\r?\n?$/u.test(rest)) continue;
    if (open !== undefined) spans.push([open, beforeLineEnd(raw, open, at)]);
    open = next;
    if (rest.startsWith('--')) return spans;
  }
  if (open !== undefined && open < to) spans.push([open, to]);
  return spans;
}

function beforeLineEnd(raw: Buffer, from: number, at: number): number {
  let end = at;
  if (end > from && raw[end - 1] === 0x0a) end -= 1;
  if (end > from && raw[end - 1] === 0x0d) end -= 1;
  return end;
}

/** A part's bytes with its transfer encoding undone (RFC 2045 section 6); broken encodings give what can be had. */
export function decodePart(raw: Uint8Array, part: StructurePart): Buffer {
  const body = Buffer.from(
    raw.buffer,
    raw.byteOffset + part.bodyStart,
    Math.max(0, part.end - part.bodyStart),
  );
  if (part.encoding === 'base64')
    return Buffer.from(body.toString('latin1').replace(/[^A-Za-z0-9+/]/gu, ''), 'base64');
  if (part.encoding === 'quoted-printable') return decodeQuotedPrintable(body);
  return body;
}

/** How long `decodePart` is, for base64 without decoding it: files can be larger than the memory of a thread. */
export function decodedLength(raw: Uint8Array, part: StructurePart): number {
  if (part.encoding !== 'base64') return decodePart(raw, part).length;
  let digits = 0;
  for (let at = part.bodyStart; at < part.end; at += 1) digits += DIGIT[raw[at] ?? 0] ?? 0;
  return Math.floor((digits * 3) / 4);
}

/** 1 for each byte that is a digit of base64. */
const DIGIT = Uint8Array.from({ length: 256 }, (_one, byte) =>
  /[A-Za-z0-9+/]/u.test(String.fromCharCode(byte)) ? 1 : 0,
);

function decodeQuotedPrintable(body: Buffer): Buffer {
  const text = body
    .toString('latin1')
    // Begun at the start of its run only: a long run within a line would be tried from each of its blanks.
    .replace(/(?<![ \t])[ \t]+(?=\r?\n|$)/gu, '')
    .replace(/=\r?\n/gu, '');
  const plain = text.replace(/=([0-9a-f]{2})/giu, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1');
}
