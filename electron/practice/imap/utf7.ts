/** A Unicode mailbox name in modified UTF-7, as it travels in IMAP4rev1 (RFC 3501, section 5.1.3). */
export function encodeMailboxName(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (run) => {
    if (run === '&') return '&-';
    const utf16 = Buffer.from(run, 'utf16le').swap16();
    return `&${utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}

/** The Unicode name; undefined where the text is not modified UTF-7 (8-bit text, a broken shift, a needless one). */
export function decodeMailboxName(wire: string): string | undefined {
  if (!/^[\x20-\x7e]*$/.test(wire)) return undefined;
  const name = wire.replace(/&([A-Za-z0-9+,]*)-/g, (_, shifted: string) => {
    if (shifted === '') return '&';
    const octets = Buffer.from(shifted.replaceAll(',', '/'), 'base64');
    return octets.length % 2 === 0 ? octets.swap16().toString('utf16le') : '\ufffd';
  });
  // One name, one spelling (RFC 3501): what does not encode back to itself was not modified UTF-7.
  return encodeMailboxName(name) === wire ? name : undefined;
}
