import type { Address } from '../model/message.ts';
import { parseAddresses } from './address.ts';
import { parseDate } from './date.ts';
import { fieldValue, parseFields, parseParameters, readable, type RawField } from './header.ts';

/** What a list row and a thread need of a message, read from its header block alone. */
export interface Envelope {
  subject: string;
  from: Address[];
  to: Address[];
  cc: Address[];
  messageId: string;
  inReplyTo: string;
  references: string;
  /** ms since the epoch; undefined when the Date field is missing or absurd. */
  date: number | undefined;
  /** A multipart/mixed message most likely has attachments: shown until the structure is known. */
  mixed: boolean;
}

/** Reads the header block at the start of these bytes (RFC 5322). Never throws; what is missing is empty. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const fields = parseFields(bytes);
  const type = fieldValue(fields, 'content-type');
  return {
    subject: readable(fieldValue(fields, 'subject') ?? ''),
    from: addressesOf(fields, 'from'),
    to: addressesOf(fields, 'to'),
    cc: addressesOf(fields, 'cc'),
    messageId: firstId(fieldValue(fields, 'message-id')),
    inReplyTo: firstId(fieldValue(fields, 'in-reply-to')),
    references: (fieldValue(fields, 'references') ?? '').slice(0, 16_000),
    date: parseDate(fieldValue(fields, 'date') ?? ''),
    mixed: type !== undefined && parseParameters(type).value === 'multipart/mixed',
  };
}

/** All addresses of every field of that name, in order. */
export function addressesOf(fields: RawField[], name: string): Address[] {
  return fields
    .filter((field) => field.name.toLowerCase() === name)
    .flatMap((field) => parseAddresses(field.raw));
}

function firstId(value: string | undefined): string {
  return /<[^<>\s]+>/u.exec(value ?? '')?.[0] ?? '';
}
