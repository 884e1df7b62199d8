import { fromBinary } from '../bytes.ts';
import { parseMessage } from '../mail/part.ts';
import type { StoredMessage } from '../mailbox.ts';
import { writeBodyStructure } from './bodystructure.ts';
import { writeEnvelope } from './envelope.ts';
import type { FetchItem } from './fetch-items.ts';
import { sectionText } from './section.ts';
import type { Entry, View } from './view.ts';
import { writeDateTime } from './write.ts';

/** One FETCH response of one message (RFC 9051, section 7.5.2), "* " and line end included. */
export function writeFetch(view: View, entry: Entry, items: readonly FetchItem[]): Uint8Array {
  const values = items.map((item) => writeItem(view, entry.message, item));
  return fromBinary(`* ${entry.seq} FETCH (${values.join(' ')})\r\n`);
}

/** Whether fetching these sets \Seen. */
export function marksSeen(items: readonly FetchItem[]): boolean {
  return items.some((item) => item.kind === 'section' && !item.peek);
}

/** The items with one more, unless it was asked for already. */
export function withItem(
  items: readonly FetchItem[],
  kind: 'UID' | 'FLAGS' | 'MODSEQ',
): readonly FetchItem[] {
  return items.some((item) => item.kind === kind) ? items : [{ kind }, ...items];
}

function writeItem(view: View, message: StoredMessage, item: FetchItem): string {
  switch (item.kind) {
    case 'FLAGS':
      return `FLAGS ${view.flagsOf(message)}`;
    case 'UID':
      return `UID ${message.uid}`;
    case 'INTERNALDATE':
      return `INTERNALDATE ${writeDateTime(message.internalDate)}`;
    case 'RFC822.SIZE':
      return `RFC822.SIZE ${message.raw.length}`;
    case 'MODSEQ':
      return `MODSEQ (${message.modseq})`;
    case 'ENVELOPE':
      return `ENVELOPE ${writeEnvelope(parseMessage(message.raw).root.fields)}`;
    case 'BODYSTRUCTURE':
    case 'BODY':
      return `${item.kind} ${writeBodyStructure(parseMessage(message.raw).root, item.kind === 'BODYSTRUCTURE')}`;
    case 'section': {
      const whole = sectionText(parseMessage(message.raw), item.section);
      if (whole === undefined) return `${item.label} NIL`;
      const { partial } = item;
      const octets = partial ? whole.slice(partial.offset, partial.offset + partial.length) : whole;
      return `${item.label} {${octets.length}}\r\n${octets}`;
    }
  }
}
