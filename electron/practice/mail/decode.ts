import { fromBinary } from '../bytes.ts';
import { fieldValue } from './header.ts';
import type { Part } from './part.ts';

/** Octets to Unicode by a MIME charset name; an unknown charset is read as ISO 8859-1, so that nothing fails. */
function decodeCharset(octets: string, charset: string): string {
  try {
    return new TextDecoder(charset === 'us-ascii' ? 'utf-8' : charset).decode(fromBinary(octets));
  } catch {
    return octets;
  }
}

function decodeQuotedPrintable(text: string): string {
  return text
    .replace(/[ \t]+(?=\r?\n|$)/g, '')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

/** The Unicode text of a header field with encoded words (RFC 2047); raw 8-bit text is read as UTF-8. */
export function decodeWords(value: string): string {
  const joined = value.replace(/(\?=)\s+(?==\?)/g, '$1');
  let result = '';
  let plainFrom = 0;
  for (const match of joined.matchAll(/=\?([^?\s]+)\?([bqBQ])\?([^?\s]*)\?=/g)) {
    result += decodeCharset(joined.slice(plainFrom, match.index), 'utf-8');
    const [whole, charset = 'utf-8', encoding = 'q', data = ''] = match;
    const octets =
      encoding.toLowerCase() === 'b' ? decodeBase64(data) : decodeQuotedPrintable(data.replaceAll('_', ' '));
    result += decodeCharset(octets, charset.replace(/\*.*$/, ''));
    plainFrom = match.index + whole.length;
  }
  return result + decodeCharset(joined.slice(plainFrom), 'utf-8');
}

/** The Unicode text of a text part: transfer encoding and charset undone. */
export function decodeTextPart(text: string, part: Part): string {
  const body = text.slice(part.bodyStart, part.bodyEnd);
  const encoding = fieldValue(part.fields, 'Content-Transfer-Encoding')?.toLowerCase();
  let octets = body;
  if (encoding === 'quoted-printable') octets = decodeQuotedPrintable(body);
  else if (encoding === 'base64') octets = decodeBase64(body);
  return decodeCharset(octets, part.parameters.find(([name]) => name === 'charset')?.[1] ?? 'utf-8');
}
