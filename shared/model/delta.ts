import { z } from 'zod';
import { Account } from './account.ts';
import { Draft, OutboxItem } from './draft.ts';
import { AccountId, DraftId, MailboxId, MessageKey } from './ids.ts';
import { Mailbox } from './mailbox.ts';
import { MessageRow } from './message.ts';
import { Waiting } from './operation.ts';

/**
 * What one committed transaction changed, whole: rows included, so that a view patches itself
 * without asking again. A field that is absent did not change.
 */
export const Delta = z.object({
  accounts: z.array(Account).optional(),
  accountsRemoved: z.array(AccountId).optional(),
  mailboxes: z.array(Mailbox).optional(),
  mailboxesRemoved: z.array(MailboxId).optional(),
  /** New rows and changed rows alike, in their state after the commit. */
  messages: z.array(MessageRow).optional(),
  messagesRemoved: z.array(MessageKey).optional(),
  /** The whole outbox and the whole list of drafts: both are short. */
  outbox: z.array(OutboxItem).optional(),
  drafts: z.array(Draft).optional(),
  draftsRemoved: z.array(DraftId).optional(),
  /** How much waits for each account's server: all accounts. */
  waiting: z.array(Waiting).optional(),
});
export type Delta = z.infer<typeof Delta>;
