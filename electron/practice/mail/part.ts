import { binary } from '../bytes.ts';
import { fieldValue, parseFields, parseParameterized } from './header.ts';
import type { Field, Parameter } from './header.ts';

/** A MIME entity (RFC 2045) as offsets into the octets of its message. */
export type Part = {
  readonly fields: readonly Field[];
  /** The header, the empty line after it included: [headerStart, bodyStart). */
  readonly headerStart: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Lines of the body, for text and message/rfc822. */
  readonly lines: number;
  readonly type: string;
  readonly subtype: string;
  readonly parameters: readonly Parameter[];
  /** Of a multipart. */
  readonly children: readonly Part[];
  /** Of message/rfc822. */
  readonly message: Part | undefined;
};

/** A message as binary text with its tree of parts. */
export type Parsed = { readonly text: string; readonly root: Part };

const MAX_DEPTH = 40;
const cache = new WeakMap<Uint8Array, Parsed>();

/** The tree of parts of a message; kept as long as its bytes are. */
export function parseMessage(raw: Uint8Array): Parsed {
  const known = cache.get(raw);
  if (known) return known;
  const text = binary(raw);
  const parsed = { text, root: parsePart(text, 0, text.length, 'text/plain', 0) };
  cache.set(raw, parsed);
  return parsed;
}

function parsePart(text: string, start: number, end: number, defaultType: string, depth: number): Part {
  const bodyStart = headerEnd(text, start, end);
  const fields = parseFields(text.slice(start, bodyStart));
  const given = fieldValue(fields, 'Content-Type');
  const parsed = parseParameterized(given ?? '');
  const typed = /^([^/\s]+)\/([^/\s]+)$/.exec(parsed.value);
  const [type = 'text', subtype = 'plain'] = typed ? [typed[1], typed[2]] : defaultType.split('/');
  const base = {
    fields,
    headerStart: start,
    bodyStart,
    bodyEnd: end,
    lines: countLines(text, bodyStart, end),
    type,
    subtype,
    parameters: typed ? parsed.parameters : [],
    children: [],
    message: undefined,
  };
  if (depth >= MAX_DEPTH) return base;
  const lowerType = type.toLowerCase();
  if (lowerType === 'multipart') {
    const boundary = parsed.parameters.find(([name]) => name === 'boundary')?.[1];
    if (boundary === undefined || boundary === '') return base;
    const childDefault = subtype.toLowerCase() === 'digest' ? 'message/rfc822' : 'text/plain';
    const children = splitMultipart(text, bodyStart, end, boundary).map(([from, to]) =>
      parsePart(text, from, to, childDefault, depth + 1),
    );
    return { ...base, children };
  }
  if (lowerType === 'message' && subtype.toLowerCase() === 'rfc822') {
    return { ...base, message: parsePart(text, bodyStart, end, 'text/plain', depth + 1) };
  }
  return base;
}

/** The index after the empty line that ends the header; the end where there is no such line. */
function headerEnd(text: string, start: number, end: number): number {
  let line = start;
  while (line < end) {
    const next = text.indexOf('\n', line);
    if (next < 0 || next >= end) return end;
    if (next === line || (next === line + 1 && text[line] === '\r')) return next + 1;
    line = next + 1;
  }
  return end;
}

/** The body parts between the delimiter lines; the line end before a delimiter belongs to it (RFC 2046, 5.1.1). */
function splitMultipart(text: string, start: number, end: number, boundary: string): [number, number][] {
  const parts: [number, number][] = [];
  const delimiter = `--${boundary}`;
  let open: number | undefined;
  let at = text.indexOf(delimiter, start);
  while (at >= 0 && at < end) {
    const after = at + delimiter.length;
    const lineEnd = text.indexOf('\n', after);
    const stop = lineEnd < 0 || lineEnd >= end ? end : lineEnd;
    const tail = text.slice(after, stop);
    const closing = tail.startsWith('--');
    if ((at === start || text[at - 1] === '\n') && /^(?:--.*)?[ \t]*\r?$/s.test(tail)) {
      if (open !== undefined) parts.push([open, Math.max(open, beforeLineEnd(text, at))]);
      open = closing ? undefined : Math.min(stop + 1, end);
      if (closing) break;
    }
    at = text.indexOf(delimiter, after);
  }
  if (open !== undefined) parts.push([open, end]);
  return parts;
}

function beforeLineEnd(text: string, at: number): number {
  if (text[at - 1] !== '\n') return at;
  return text[at - 2] === '\r' ? at - 2 : at - 1;
}

function countLines(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
