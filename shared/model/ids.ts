import { z } from 'zod';

/** Branded identifiers: a mailbox id can't be passed where a message id is asked for. */
export const AccountId = z.string().min(1).max(64).brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;

/** Row of the store's `mailbox` table. */
export const MailboxId = z.number().int().positive().brand<'MailboxId'>();
export type MailboxId = z.infer<typeof MailboxId>;

/** Row of the store's `message` table; not the RFC 5322 Message-ID, which two copies share. */
export const MessageKey = z.number().int().positive().brand<'MessageKey'>();
export type MessageKey = z.infer<typeof MessageKey>;

export const DraftId = z.string().min(1).max(64).brand<'DraftId'>();
export type DraftId = z.infer<typeof DraftId>;

/** One TCP connection, numbered from 1 since the program started. */
export const ConnectionId = z.number().int().positive().brand<'ConnectionId'>();
export type ConnectionId = z.infer<typeof ConnectionId>;
