import { z } from 'zod';
import { AccountId, MailboxId } from './ids.ts';

/** RFC 6154 special use, plus INBOX, plus our own `outbox`; `none` for every other mailbox. */
export const MailboxRole = z.enum(['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash', 'outbox', 'none']);
export type MailboxRole = z.infer<typeof MailboxRole>;

/**
 * How much of a mailbox is kept on this computer: whole messages, whole messages of the last so many days, or headers only.
 * What is here already stays.
 */
export const Keep = z.union([z.enum(['all', 'headers']), z.number().int().min(1).max(36_500)]);
export type Keep = z.infer<typeof Keep>;

/** What a server says about a mailbox without it being opened (RFC 9051 section 6.3.11). */
const ServerCounts = z.object({ total: z.number().int().min(0), unread: z.number().int().min(0) });

/** An IMAP mailbox or a local folder of a POP3 account. */
export const Mailbox = z.object({
  id: MailboxId,
  account: AccountId,
  /** The full name as the server knows it, decoded. */
  path: z.string(),
  /** The last component of the path, for people. */
  name: z.string(),
  /** Depth below the account, from 0. */
  depth: z.number().int().min(0),
  role: MailboxRole,
  /** False for a mailbox that only holds others (\Noselect). */
  selectable: z.boolean(),
  total: z.number().int().min(0),
  unread: z.number().int().min(0),
  /** What stands between the components of a path; absent where the server has no levels or has not said it yet. */
  delimiter: z.string().optional(),
  /** Absent: as it is after it was made, subscribed. */
  subscribed: z.boolean().optional(),
  /** Whose it is, when it is not the person's own (RFC 2342). */
  owner: z.enum(['other', 'shared']).optional(),
  /** What the person may do in it, one letter a right (RFC 4314); absent where the server does not tell. */
  rights: z.string().optional(),
  /** A folder of this computer in an account whose other mailboxes are a server's. */
  local: z.boolean().optional(),
  /** Left out of the sync by the person: only the server's counts are known. */
  excluded: z.boolean().optional(),
  /** Its own answer to how much is kept; absent: the account's. */
  keep: Keep.optional(),
  /** As the server counted last. */
  onServer: ServerCounts.optional(),
});
export type Mailbox = z.infer<typeof Mailbox>;

/** What the message list shows: one mailbox, or a set across accounts. */
export const MailboxView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mailbox'), mailbox: MailboxId }),
  z.object({ kind: z.literal('inboxes') }),
  z.object({ kind: z.literal('flagged') }),
]);
export type MailboxView = z.infer<typeof MailboxView>;
