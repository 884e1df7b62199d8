import { fieldValue, parseFields } from '../../shared/mail/header.ts';
import type { Flag } from '../../shared/model/message.ts';

/** The letters of a Maildir file's name; in the order of the alphabet, as the format asks. */
const LETTERS: readonly (readonly [string, Flag])[] = [
  ['D', 'draft'],
  ['F', 'flagged'],
  ['P', 'forwarded'],
  ['R', 'answered'],
  ['S', 'seen'],
  ['T', 'deleted'],
];

export function lettersOf(flags: readonly Flag[]): string {
  return LETTERS.flatMap(([letter, flag]) => (flags.includes(flag) ? [letter] : [])).join('');
}

export function flagsOfLetters(letters: string): Flag[] {
  return LETTERS.flatMap(([letter, flag]) => (letters.includes(letter) ? [flag] : []));
}

/** Bits of X-Mozilla-Status (16 bits, hexadecimal). */
const MOZILLA: readonly (readonly [number, Flag])[] = [
  [0x0001, 'seen'],
  [0x0002, 'answered'],
  [0x0004, 'flagged'],
  [0x0008, 'deleted'],
  [0x1000, 'forwarded'],
];
const STATUS: Record<string, Flag> = { R: 'seen', A: 'answered', F: 'flagged', D: 'deleted', T: 'draft' };

/** What other programs wrote about a message into its own header: Status, X-Status, X-Mozilla-Status. */
export function flagsOfHeader(bytes: Uint8Array): Flag[] {
  const fields = parseFields(bytes);
  const found = new Set<Flag>();
  if (fieldValue(fields, 'status')?.includes('R')) found.add('seen');
  for (const letter of fieldValue(fields, 'x-status') ?? '') {
    const flag = STATUS[letter];
    if (flag) found.add(flag);
  }
  const mozilla = Number.parseInt(fieldValue(fields, 'x-mozilla-status') ?? '0', 16);
  for (const [bit, flag] of MOZILLA) if ((mozilla & bit) !== 0) found.add(flag);
  return [...found];
}
