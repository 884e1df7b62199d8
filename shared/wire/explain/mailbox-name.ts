import { base64Bytes } from './base64.ts';

/** A mailbox's name as people read it, out of modified UTF-7 (RFC 3501 section 5.1.3); what is none stays as it is. */
export function mailboxName(wire: string): string {
  return wire.replace(/&([A-Za-z0-9+,]*)-/gu, (all, encoded: string) => {
    if (encoded === '') return '&';
    const bytes = base64Bytes(encoded.replaceAll(',', '/'));
    if (!bytes || bytes.length % 2 !== 0) return all;
    let text = '';
    for (let at = 0; at < bytes.length; at += 2) {
      text += String.fromCharCode(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    }
    return text;
  });
}
