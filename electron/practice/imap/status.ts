import type { Mailbox } from '../mailbox.ts';
import type { Args } from './args.ts';
import { Complaint } from './complaint.ts';
import { writeMailboxName } from './name.ts';

/** The items of STATUS (RFC 9051, section 6.3.11; HIGHESTMODSEQ is RFC 7162, SIZE RFC 8438). */
const ITEMS: Readonly<Record<string, (mailbox: Mailbox) => number>> = {
  MESSAGES: (mailbox) => mailbox.messages.length,
  RECENT: (mailbox) => mailbox.recentCount,
  UIDNEXT: (mailbox) => mailbox.uidNext,
  UIDVALIDITY: (mailbox) => mailbox.uidValidity,
  UNSEEN: (mailbox) => mailbox.messages.filter((message) => !message.flags.has('\\Seen')).length,
  HIGHESTMODSEQ: (mailbox) => mailbox.highestModseq,
};

export function parseStatusItems(args: Args): readonly string[] {
  const items = args.list('status items', () => args.atom('a status item').toUpperCase());
  const unknown = items.find((item) => !(item in ITEMS));
  if (unknown !== undefined)
    throw new Complaint(`${unknown} is no status item; there are ${Object.keys(ITEMS).join(', ')}`);
  if (items.length === 0)
    throw new Complaint(`name what you want to know: (${Object.keys(ITEMS).join(' ')})`);
  return items;
}

/** The untagged STATUS response (RFC 9051, section 7.3.4). */
export function writeStatus(
  name: string,
  mailbox: Mailbox,
  items: readonly string[],
  recent = mailbox.recentCount,
): string {
  const value = (item: string): number => (item === 'RECENT' ? recent : (ITEMS[item]?.(mailbox) ?? 0));
  const values = items.map((item) => `${item} ${value(item)}`);
  return `STATUS ${writeMailboxName(name)} (${values.join(' ')})`;
}
