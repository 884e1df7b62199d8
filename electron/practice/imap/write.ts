import { MONTHS } from '../mail/date.ts';

// IMAP values as binary text (one character per octet).

/** A string as a quoted string where that is allowed, as a literal otherwise (RFC 9051, section 4.3). */
export function writeString(value: string): string {
  if (value.length > 1000 || /[^\x20-\x7e\t]/.test(value)) return `{${value.length}}\r\n${value}`;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

export function writeNString(value: string | undefined): string {
  return value === undefined ? 'NIL' : writeString(value);
}

/** A mailbox name or header name: bare where it may be an atom. */
export function writeAstring(value: string): string {
  return /^[^\x00-\x20\x7f-\xff(){%*"\\]+$/.test(value) && value.toUpperCase() !== 'NIL'
    ? value
    : writeString(value); // oxlint-disable-line no-control-regex -- atoms are defined by them
}

export function writeFlags(flags: Iterable<string>): string {
  return `(${[...flags].join(' ')})`;
}

/** A date-time with a two-character day (RFC 9051, section 9, date-time), always in UTC here. */
export function writeDateTime(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `"${day}-${MONTHS[date.getUTCMonth()]}-${year} ${time} +0000"`;
}
