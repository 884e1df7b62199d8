// The encodings of MIME, for the letters that the server itself writes.

/** Text to octets in some charset. */
export type CharsetEncoder = { readonly name: string; encode(text: string): Uint8Array };

export const UTF_8: CharsetEncoder = { name: 'UTF-8', encode: (text) => Buffer.from(text, 'utf8') };

/** Text for a header field: as it is where it is ASCII, else as encoded words of whole characters (RFC 2047). */
export function encodeWords(text: string, charset: CharsetEncoder = UTF_8): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  let piece = '';
  for (const char of text) {
    // 42 octets are 56 characters of base64: within the 75 that an encoded word may have.
    if (charset.encode(piece + char).length > 42) {
      words.push(piece);
      piece = '';
    }
    piece += char;
  }
  const encoded = (word: string): string => Buffer.from(charset.encode(word)).toString('base64');
  return [...words, piece].map((word) => `=?${charset.name}?B?${encoded(word)}?=`).join('\r\n ');
}

/** Base64 in lines of 76 characters (RFC 2045, section 6.8). */
export function base64Lines(octets: Uint8Array): string {
  return (
    (
      Buffer.from(octets)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\r\n') + '\r\n'
  );
}

/** Quoted-printable (RFC 2045, section 6.7) of octets in which CR LF ends lines. */
export function quotedPrintable(octets: Uint8Array): string {
  const lines = Buffer.from(octets).toString('latin1').split('\r\n');
  return lines.map(quotedLine).join('\r\n');
}

function quotedLine(line: string): string {
  const units = Array.from(line, (char, index) => {
    const last = index === line.length - 1;
    const plain = /[\x21-\x3c\x3e-\x7e]/.test(char) || (/[ \t]/.test(char) && !last);
    return plain ? char : `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
  let result = '';
  let column = 0;
  for (const unit of units) {
    if (column + unit.length > 75) {
      result += '=\r\n';
      column = 0;
    }
    result += unit;
    column += unit.length;
  }
  return result;
}

/** A parameter of a MIME field: plain where it is ASCII, else by RFC 2231 in UTF-8. */
export function encodeParameter(name: string, value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return `${name}="${value}"`;
  const escaped = [...Buffer.from(value)].map((octet) => {
    const char = String.fromCharCode(octet);
    return /[A-Za-z0-9.-]/.test(char) ? char : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `${name}*=UTF-8''${escaped.join('')}`;
}
