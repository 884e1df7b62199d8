import { z } from 'zod';
import { MailboxId, MessageKey } from '../model/ids.ts';
import { MailboxView } from '../model/mailbox.ts';
import { Flag, MessageContent, MessageOrder, MessageRow } from '../model/message.ts';

const Keys = z.array(MessageKey).min(1).max(10_000);

export const messageRequests = {
  /** The order of a view, newest first. */
  'message.order': { argument: z.object({ view: MailboxView }), result: MessageOrder },
  /** Rows for the visible part of a list, in the order asked for; an id that is gone is left out. */
  'message.rows': { argument: z.object({ ids: z.array(MessageKey).max(1000) }), result: z.array(MessageRow) },
  /** Opens a message, fetching its body from the server first when only its header is here. */
  'message.open': { argument: z.object({ id: MessageKey }), result: MessageContent },
  /** The exact bytes, at most `limit` of them from the start. */
  'message.raw': {
    argument: z.object({ id: MessageKey, limit: z.number().int().positive() }),
    result: z.object({ bytes: z.instanceof(Uint8Array), total: z.number() }),
  },
  'message.flag': {
    argument: z.object({ ids: Keys, set: z.array(Flag), clear: z.array(Flag) }),
    result: z.void(),
  },
  'message.move': { argument: z.object({ ids: Keys, mailbox: MailboxId }), result: z.void() },
  /** Moves to Trash. What is in Trash already is only then deleted for good. */
  'message.delete': { argument: z.object({ ids: Keys }), result: z.void() },
  /** Asks where to, writes the decoded attachment; the result is the path, or null when the person cancelled. */
  'message.saveAttachment': {
    argument: z.object({ id: MessageKey, part: z.string().max(200) }),
    result: z.string().nullable(),
  },
  /** Asks where to, writes the exact bytes as .eml. */
  'message.saveRaw': { argument: z.object({ id: MessageKey }), result: z.string().nullable() },
};
