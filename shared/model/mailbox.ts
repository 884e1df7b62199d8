import { z } from 'zod';
import { AccountId, MailboxId } from './ids.ts';

/** RFC 6154 special use, plus INBOX, plus our own `outbox`; `none` for every other mailbox. */
export const MailboxRole = z.enum(['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash', 'outbox', 'none']);
export type MailboxRole = z.infer<typeof MailboxRole>;

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
});
export type Mailbox = z.infer<typeof Mailbox>;

/** What the message list shows: one mailbox, or a set across accounts. */
export const MailboxView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('mailbox'), mailbox: MailboxId }),
  z.object({ kind: z.literal('inboxes') }),
  z.object({ kind: z.literal('flagged') }),
]);
export type MailboxView = z.infer<typeof MailboxView>;
