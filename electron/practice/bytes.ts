// Bytes and text. Protocol text is handled as "binary strings": one character per octet (ISO 8859-1),
// so that offsets in the text are offsets in the bytes and nothing is ever lost on the way.

export const CR = 13;
export const LF = 10;
export const DOT = 46;

export function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function fromBinary(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

export function fromUtf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** The Unicode text in a binary string that holds UTF-8; undefined where it does not. */
export function utf8InBinary(text: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fromBinary(text));
  } catch {
    return undefined;
  }
}

export function concat(...chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(chunks);
}

export function endsWithCrlf(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[bytes.length - 2] === CR && bytes[bytes.length - 1] === LF;
}
