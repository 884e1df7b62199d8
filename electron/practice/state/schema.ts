import { z } from 'zod';

const count = z.number().int().nonnegative();

/** `account.json`: the mailboxes by name, each in the folder of its id. */
export const accountState = z.object({
  mailboxes: z.array(z.object({ name: z.string().min(1), id: count, use: z.string().optional() })),
  subscriptions: z.array(z.string()),
});

/** `mailbox.json`: everything but the letters themselves. */
export const mailboxState = z.object({
  /** Written when the server stopped in order: nothing has happened since. */
  clean: z.boolean(),
  uidValidity: count,
  uidNext: count,
  modseq: count,
  recentFrom: count,
  keywords: z.array(z.string()),
  messages: z.array(z.object({ uid: count, date: z.number(), flags: z.array(z.string()), modseq: count })),
});

export type AccountState = z.infer<typeof accountState>;
export type MailboxState = z.infer<typeof mailboxState>;
