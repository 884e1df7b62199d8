const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of base64 (RFC 4648 section 4), padded or not; undefined for what is none. */
export function base64Bytes(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(text)) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text.replace(/=+$/u, '')) {
    held = (held << 6) | ALPHABET.indexOf(character);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return new Uint8Array(bytes);
}

/** The text of base64, or undefined for what is none, or is no readable text. */
export function decodeBase64(text: string): string | undefined {
  const bytes = text.length > 0 && text.length % 4 === 0 ? base64Bytes(text) : undefined;
  if (!bytes) return undefined;
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\0$/u, '');
    return /[\p{Cc}\p{Cs}]/u.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}
