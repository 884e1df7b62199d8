/** Encoded words (RFC 2047) in unfolded header text. A word that can't be decoded stays as it stands. */
export const WORD = /=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/giu;
/** White space between two encoded words is no part of the text (section 6.2). */
const BETWEEN = /(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[bq]\?[^?\s]*\?=)/giu;
/** A header is not a book: beyond this many words nobody reads on. */
const LIMIT = 2000;

export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  const joined = text.replace(BETWEEN, '$1');
  const out: string[] = [];
  // Neighbouring words of one charset are decoded together: some programs split a character between two words.
  let run: { charset: string; bytes: number[] } | undefined;
  const flush = () => {
    if (run) out.push(decode(run.bytes, run.charset));
    run = undefined;
  };
  let at = 0;
  let count = 0;
  for (const match of joined.matchAll(WORD)) {
    count += 1;
    if (count > LIMIT) break;
    if (match.index > at) {
      flush();
      out.push(joined.slice(at, match.index));
    }
    at = match.index + match[0].length;
    const charset = (match[1] ?? '').replace(/\*.*$/u, '').toLowerCase();
    const payload = match[3] ?? '';
    const bytes = match[2]?.toLowerCase() === 'b' ? fromBase64(payload) : fromQ(payload);
    if (run && run.charset !== charset) flush();
    run ??= { charset, bytes: [] };
    for (const byte of bytes) run.bytes.push(byte);
  }
  flush();
  out.push(joined.slice(at));
  return out.join('');
}

function decode(bytes: number[], charset: string): string {
  try {
    return new TextDecoder(charset).decode(Uint8Array.from(bytes));
  } catch {
    return new TextDecoder('latin1').decode(Uint8Array.from(bytes));
  }
}

function fromQ(text: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const hex = char === '=' ? /^[0-9a-f]{2}/iu.exec(text.slice(at + 1, at + 3)) : null;
    if (hex) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    } else if (char === '_') bytes.push(0x20);
    else {
      bytes.push(...new TextEncoder().encode(char));
      at += char.length - 1;
    }
  }
  return bytes;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 without a platform: junk is skipped, missing padding forgiven (RFC 2045 section 6.8). */
export function fromBase64(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return bytes;
}
