import { decodeWords } from './encoded-word.ts';

/** One header field as it stands in the message: RFC 5322 section 2.2. */
export interface RawField {
  name: string;
  /** What follows the colon, still folded; UTF-8 where it is, Latin-1 where not. */
  raw: string;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Where the header block ends and the body begins.
 * @returns byte offsets: the end of the last field's line, and the first byte of the body
 */
export function headerEnd(bytes: Uint8Array, from = 0, to = bytes.length): { end: number; body: number } {
  for (let at = from; at < to;) {
    // An empty line, with CRLF, LF or (from broken software) CR alone.
    if (bytes[at] === LF) return { end: at, body: at + 1 };
    if (bytes[at] === CR && bytes[at + 1] === LF) return { end: at, body: at + 2 };
    const next = bytes.indexOf(LF, at);
    if (next < 0 || next >= to) break;
    at = next + 1;
  }
  return { end: to, body: to };
}

/** Splits a header block into its fields, in order. A line that is no field is left out; nothing throws. */
export function parseFields(bytes: Uint8Array, from = 0, to = bytes.length): RawField[] {
  const { end } = headerEnd(bytes, from, to);
  const fields: RawField[] = [];
  for (const line of linesOf(bytes.subarray(from, end))) {
    const last = fields.at(-1);
    if (/^[ \t]/u.test(line)) {
      if (last) last.raw += `\n${line}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    fields.push({ name: line.slice(0, colon).trimEnd(), raw: line.slice(colon + 1).replace(/^ /u, '') });
  }
  return fields;
}

/** Where the block as a whole is no UTF-8 each line is judged for itself: one stray byte must not spoil every field. */
function linesOf(block: Uint8Array): string[] {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(block).split(/\r?\n/u);
  } catch {
    const lines = new TextDecoder('latin1').decode(block).split('\n');
    let at = 0;
    return lines.map((line) => {
      const start = at;
      at += line.length + 1;
      return decodeBytes(block.subarray(start, start + line.length)).replace(/\r$/u, '');
    });
  }
}

/** The first field of a name, unfolded, or undefined. */
export function fieldValue(fields: RawField[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  const found = fields.find((field) => field.name.toLowerCase() === wanted);
  return found && unfold(found.raw);
}

/** RFC 5322 section 2.2.3: a fold is a line end before white space. */
export function unfold(raw: string): string {
  return raw.replace(/\r?\n(?=[ \t])/gu, '').trim();
}

/** Human text of an unstructured field: unfolded, encoded words decoded, no control characters. */
export function readable(raw: string): string {
  return decodeWords(unfold(raw))
    .replace(/[\u0000-\u001f\u007f]+/gu, ' ')
    .trim();
}

export interface Parameters {
  value: string;
  parameters: Record<string, string>;
}

/** A field with parameters, like Content-Type (RFC 2045 section 5.1), with RFC 2231 charsets and continuations. */
export function parseParameters(field: string): Parameters {
  const parts = splitOutsideQuotes(unfold(field), ';');
  const found = new Map<string, Section[]>();
  for (const part of parts.slice(1)) {
    const match = /^\s*([^=\s*]+)(?:\*(\d{1,4}))?(\*)?\s*=\s*(.*)$/su.exec(part);
    if (!match) continue;
    const name = (match[1] ?? '').toLowerCase();
    const value = (match[4] ?? '')
      .trim()
      .replace(/^"((?:[^"\\]|\\.)*)"?$/su, (_all, text: string) => text.replace(/\\(.)/gsu, '$1'));
    const list = found.get(name) ?? [];
    list.push({
      section: match[2] === undefined ? undefined : Number(match[2]),
      extended: match[3] === '*',
      value,
    });
    found.set(name, list);
  }
  const parameters: Record<string, string> = {};
  for (const [name, sections] of found) {
    const meant = meantOf(sections);
    parameters[name] = meant.some((one) => one.extended)
      ? decodeExtended(meant)
      : decodeWords(meant.map((one) => one.value).join(''));
  }
  return { value: (parts[0] ?? '').replace(/\(.*$/su, '').trim().toLowerCase(), parameters };
}

interface Section {
  section: number | undefined;
  extended: boolean;
  value: string;
}

/**
 * A parameter is often written twice, plainly for old readers and extended for the others: then the extended one is
 * meant (RFC 6266 section 4.3), whole or in sections. Of two equal ones the first counts.
 */
function meantOf(sections: Section[]): Section[] {
  const whole = sections.find((one) => one.section === undefined && one.extended);
  if (whole) return [whole];
  const numbered = sections.filter((one) => one.section !== undefined);
  if (numbered.length === 0) return sections.slice(0, 1);
  return numbered.sort((a, b) => (a.section ?? 0) - (b.section ?? 0));
}

/** RFC 2231 section 4: `charset'language'percent-encoded`. */
function decodeExtended(sections: Section[]): string {
  let out = '';
  let bytes: number[] = [];
  let charset = 'utf-8';
  const flush = () => {
    out += decodeCharset(Uint8Array.from(bytes), charset);
    bytes = [];
  };
  sections.forEach((section, index) => {
    let text = section.value;
    if (section.extended && index === 0) {
      const head = /^([^']*)'[^']*'/u.exec(text);
      if (head) {
        charset = head[1] || charset;
        text = text.slice(head[0].length);
      }
    }
    for (let at = 0; at < text.length; at += 1) {
      const code = text.codePointAt(at) ?? 0;
      const hex = section.extended && text[at] === '%' ? /^[0-9a-f]{2}/iu.exec(text.slice(at + 1)) : null;
      if (hex) {
        bytes.push(Number.parseInt(hex[0], 16));
        at += 2;
      } else if (code < 0x80) {
        bytes.push(code);
      } else {
        // A raw character is what it is, whatever the charset of the escaped ones.
        flush();
        const char = String.fromCodePoint(code);
        out += char;
        at += char.length - 1;
      }
    }
  });
  flush();
  return out;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\\' && quoted) {
      part += char + (text[at + 1] ?? '');
      at += 1;
      continue;
    }
    if (char === '"') quoted = !quoted;
    if (char === separator && !quoted) {
      parts.push(part);
      part = '';
    } else {
      part += char;
    }
  }
  return [...parts, part];
}

/** Bytes as text in a charset named by a message; an unknown or lying name falls back to UTF-8, then Latin-1. */
export function decodeCharset(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset.trim().toLowerCase()).decode(bytes);
  } catch {
    return decodeBytes(bytes);
  }
}

/** UTF-8 where it is valid, Latin-1 where it is not: every byte stays visible. */
function decodeBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}
