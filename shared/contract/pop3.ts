import { z } from 'zod';
import { AccountId, MessageKey } from '../model/ids.ts';
import { LeavePolicy } from '../model/leave.ts';
import { Address } from '../model/message.ts';

/**
 * Why a message goes from the server: it is collected and nothing is to stay (`collected`), it was collected long enough
 * ago (`age`), it was deleted here (`deleted-here`), or the mailbox there is too large (`over-size`).
 */
export const RemovalReason = z.enum(['collected', 'age', 'deleted-here', 'over-size']);
export type RemovalReason = z.infer<typeof RemovalReason>;

/** What a header says, for a line of a list. */
const Summary = z.object({ subject: z.string(), from: z.array(Address), date: z.number().optional() });

/** A message as the server holds it now, before anything is downloaded. Times in ms since the epoch, sizes in bytes. */
export const ServerMessage = z.object({
  number: z.number(),
  size: z.number(),
  /** Empty where the server has no names. */
  uidl: z.string(),
  /** The name stands for this message alone: without that nothing can be done to it from here. */
  certain: z.boolean(),
  /** How much of it is on this computer. */
  held: z.enum(['whole', 'header', 'nothing']),
  key: MessageKey.optional(),
  /** When it was collected; when the person deleted it here for good. */
  collected: z.number().optional(),
  deleted: z.number().optional(),
  /** No policy removes it. */
  stays: z.boolean(),
  /** What the account's policy does with it, and when; a time that is past: at the next collection. */
  fate: z.object({ reason: RemovalReason, due: z.number() }).optional(),
  /** Known of what is here; of the rest by `pop3.look`. */
  summary: Summary.optional(),
});
export type ServerMessage = z.infer<typeof ServerMessage>;

export const ServerHolding = z.object({
  messages: z.array(ServerMessage),
  bytes: z.number(),
  policy: LeavePolicy,
});
export type ServerHolding = z.infer<typeof ServerHolding>;

/** What the header of a message on the server says, with the beginning of its text where lines were asked for. */
export const ServerLook = Summary.extend({ uidl: z.string(), preview: z.string().optional() });
export type ServerLook = z.infer<typeof ServerLook>;

const Uidl = z.string().min(1).max(1000);

export const pop3Requests = {
  /** Asks the server what it holds. Nothing is downloaded, nothing deleted. */
  'pop3.list': { argument: z.object({ account: AccountId }), result: ServerHolding },
  /** Headers, and the first `lines` lines of the text, of messages that may not be here (TOP). */
  'pop3.look': {
    argument: z.object({
      account: AccountId,
      uidls: z.array(Uidl).max(500),
      lines: z.number().int().min(0).max(200),
    }),
    result: z.array(ServerLook),
  },
  /**
   * Collects some messages now and deletes some on the server, in one session. What the person was not told to be nowhere
   * else (`unheld`) is deleted only when all of it is here.
   */
  'pop3.apply': {
    argument: z.object({
      account: AccountId,
      get: z.array(Uidl).max(100_000),
      remove: z.array(z.object({ uidl: Uidl, unheld: z.boolean() })).max(100_000),
    }),
    result: z.object({ collected: z.number(), removed: z.array(z.string()), kept: z.array(z.string()) }),
  },
  /** Ends what is being collected; what is whole stays here, and the rest comes the next time. */
  'pop3.stop': { argument: z.object({ account: AccountId }), result: z.void() },
  /** Nobody looks any more: lets go of the mailbox, which only one program may have open. */
  'pop3.leave': { argument: z.object({ account: AccountId }), result: z.void() },
};
