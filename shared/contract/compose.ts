import { z } from 'zod';
import { AccountId, DraftId, MessageKey } from '../model/ids.ts';
import { Draft, DraftEdit } from '../model/draft.ts';

export const composeRequests = {
  /** Makes a draft and opens its window. `account` is where a new letter is written from. */
  'compose.new': { argument: z.object({ account: AccountId.optional() }), result: DraftId },
  'compose.answer': {
    argument: z.object({ message: MessageKey, kind: z.enum(['reply', 'reply-all', 'forward']) }),
    result: DraftId,
  },
  /** Opens the window of a draft that exists. */
  'compose.open': { argument: z.object({ draft: DraftId }), result: z.void() },
  'draft.get': { argument: z.object({ draft: DraftId }), result: Draft },
  'draft.save': { argument: DraftEdit, result: Draft },
  'draft.discard': { argument: z.object({ draft: DraftId }), result: z.void() },
  /** Asks which files, and attaches them. */
  'draft.attachFiles': { argument: z.object({ draft: DraftId }), result: Draft },
  /** Attaches bytes that were dropped or pasted. */
  'draft.attach': {
    argument: z.object({
      draft: DraftId,
      name: z.string().max(500),
      type: z.string().max(200),
      bytes: z.instanceof(Uint8Array),
    }),
    result: Draft,
  },
  'draft.detach': { argument: z.object({ draft: DraftId, attachment: z.number().int() }), result: Draft },
  /** Puts the letter, as the last save left it, into the outbox and closes its window. Fails without a valid recipient. */
  'draft.send': { argument: z.object({ draft: DraftId }), result: z.void() },
  'outbox.retry': { argument: z.object({ message: MessageKey }), result: z.void() },
  /** Takes a letter out of the outbox and makes it a draft again. */
  'outbox.takeBack': { argument: z.object({ message: MessageKey }), result: DraftId },
};
