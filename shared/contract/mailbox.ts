import { z } from 'zod';
import { AccountId, MailboxId } from '../model/ids.ts';
import { Keep } from '../model/mailbox.ts';

const Name = z.string().trim().min(1).max(250);

export const mailboxRequests = {
  /** Made here at once; the server is told. */
  'mailbox.create': {
    argument: z.object({ account: AccountId, name: Name, parent: MailboxId.optional() }),
    result: MailboxId,
  },
  /** Another name, or another place: `parent: null` is the top, none leaves it where it is. */
  'mailbox.rename': {
    argument: z.object({ mailbox: MailboxId, name: Name, parent: MailboxId.nullable().optional() }),
    result: z.void(),
  },
  /** Into Trash, with all below it. What lies there goes for good, with its messages: then `gone` is true. */
  'mailbox.delete': {
    argument: z.object({ mailbox: MailboxId }),
    result: z.object({ gone: z.boolean() }),
  },
  'mailbox.subscribe': {
    argument: z.object({ mailbox: MailboxId, subscribed: z.boolean() }),
    result: z.void(),
  },
  /** Whether it is brought in step, and how much of it is kept here; `keep: null` is what the account says. */
  'mailbox.set': {
    argument: z.object({
      mailbox: MailboxId,
      excluded: z.boolean().optional(),
      keep: Keep.nullable().optional(),
    }),
    result: z.void(),
  },
};
