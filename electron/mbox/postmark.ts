import { parseDate } from '../../shared/mail/date.ts';

/**
 * The line before a message that we write into an mbox file. Where others put the sender's address, ours names the
 * message's size, hash and (in an export) flags, so that exactly this message can be taken out of the file again.
 */
export interface Postmark {
  /** Bytes of the message itself, before quoting. */
  length: number;
  /** SHA-256, 64 hex digits. */
  sha256: string;
  /** Letters as in the name of a Maildir file; undefined where flags are kept elsewhere. */
  flags?: string;
  /** ms since the epoch. */
  date: number;
}

const OURS = /^From (\d{1,12})\.([0-9a-f]{64})(?:\.([A-Z]*))?@glasspost\.invalid /u;
/** Ends like asctime (RFC 4155), with or without seconds and zone, which stands before the year or after it. */
const DATE =
  /\s([a-z]{3}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?)(?: +([+-]\d{4}|[a-z]{1,5}))?(?: +[a-z]{1,5})? +(\d{4})(?: +([+-]\d{4}))?\s*$/iu;
/** No line is longer than that; bytes. */
export const LONGEST_LINE = 1000;

export function postmark({ length, sha256, flags, date }: Postmark): string {
  const time = new Date(date);
  const [day, dayOfMonth, month, year, clock] = (
    Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999 || time.getUTCFullYear() < 0
      ? new Date(0)
      : time
  )
    .toUTCString()
    .replace(',', '')
    .split(' ');
  const name = `${length}.${sha256}${flags === undefined ? '' : `.${flags}`}`;
  return `From ${name}@glasspost.invalid ${day} ${month} ${dayOfMonth} ${clock} ${year}\n`;
}

/** @returns undefined when the line is not one of ours */
export function readPostmark(line: string): Postmark | undefined {
  const match = OURS.exec(line);
  if (!match) return undefined;
  const [, length, sha256 = '', flags] = match;
  return {
    length: Number(length),
    sha256,
    ...(flags === undefined ? {} : { flags }),
    date: fromLineDate(line) ?? 0,
  };
}

/** The date at the end of any `From ` line; UTC where no zone is told. @returns ms since the epoch, or undefined */
export function fromLineDate(line: string): number | undefined {
  const match = DATE.exec(line);
  if (!match) return undefined;
  const [, month, day, time, before, year, after] = match;
  return parseDate(`${day} ${month} ${year} ${time} ${after ?? before ?? '+0000'}`);
}
