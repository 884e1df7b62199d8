import type { Envelope } from '../../shared/mail/envelope.ts';
import type { Digest } from '../app/ports-engine.ts';
import type { Database } from './database.ts';
import type { Place } from './mbox/segments.ts';
import { indexMessage } from './search/index-message.ts';

/** A message that claims to come from later than this after its arrival sorts by its arrival; ms. */
const FUTURE = 24 * 60 * 60 * 1000;

/** What the list sorts by: the Date field, unless it is absurd. @param received ms since the epoch */
export function listDate(envelope: Envelope, received: number): number {
  // Servers are known to tell arrivals that are no dates.
  const arrival = Number.isFinite(received) ? Math.round(received) : Date.now();
  return envelope.date !== undefined && envelope.date <= arrival + FUTURE ? envelope.date : arrival;
}

export interface NewMessage {
  /** A key that it had before; else it gets a new one. */
  id?: number | undefined;
  mailbox: number;
  /** Where the server has it: in this mailbox, unless another is named, under this UID. */
  uid?: number | undefined;
  uidMailbox?: number | undefined;
  uidl?: string | undefined;
  date: number;
  size: number;
  flags: number;
  /** As the column has them. */
  keywords?: string;
  emailId?: string | undefined;
  hidden?: boolean;
  envelope: Envelope;
  /** With its words it is in the search index at once. */
  digest?: Digest | undefined;
  place?: Place | undefined;
}

/** Runs inside a transaction. @returns the key of the new row */
export function insertMessage(db: Database, message: NewMessage): number {
  const { id, mailbox, uid, uidMailbox = mailbox, uidl, envelope, digest, place } = message;
  const key = db.run(
    `INSERT INTO message (id, mailbox, uid_mailbox, uid, uidl, date, size, flags, keywords, email_id, hidden, message_id, in_reply_to, reference_ids, subject, sender, recipients, cc, snippet, attachments, segment, offset, length, raw_length, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id ?? null,
    mailbox,
    uid === undefined ? null : uidMailbox,
    uid ?? null,
    uidl ?? null,
    message.date,
    message.size,
    message.flags,
    message.keywords ?? '',
    message.emailId ?? null,
    message.hidden ? 1 : 0,
    envelope.messageId,
    envelope.inReplyTo,
    envelope.references,
    envelope.subject,
    JSON.stringify(envelope.from),
    JSON.stringify(envelope.to),
    JSON.stringify(envelope.cc),
    digest?.snippet ?? null,
    digest?.attachments ?? null,
    place?.segment ?? null,
    place?.offset ?? null,
    place?.length ?? null,
    place?.rawLength ?? null,
    place?.sha256 ?? null,
  ).id;
  if (digest?.search) indexMessage(db, key, digest.search);
  return key;
}
