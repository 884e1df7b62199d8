/** A name from a letter as a name for a file: no path, no control or bidi characters, no device name, not endless. */
export function safeFileName(name: string): string {
  const plain = (name.split(/[\\/]/u).at(-1) ?? '')
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/gu, '');
  const short = plain.length > 120 ? `${plain.slice(0, 100)}${plain.slice(-20)}` : plain;
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu.test(short) || short === ''
    ? `_${short || 'file'}`
    : short;
}
