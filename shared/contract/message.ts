import { z } from 'zod';
import { AccountId, MailboxId, MessageKey } from '../model/ids.ts';
import { MailboxView } from '../model/mailbox.ts';
import { Flag, Keyword, MessageContent, MessageOrder, MessageRow } from '../model/message.ts';

const Keys = z.array(MessageKey).min(1).max(10_000);

/** What a person typed to find messages. */
const Typed = z.string().max(2000);

/** From and to, in UTF-16 units of a text. */
const Marks = z.array(z.tuple([z.number(), z.number()]));

export const messageRequests = {
  /** The order of a view, newest first. */
  'message.order': { argument: z.object({ view: MailboxView }), result: MessageOrder },
  /** Rows for the visible part of a list, in the order asked for; an id that is gone is left out. */
  'message.rows': { argument: z.object({ ids: z.array(MessageKey).max(1000) }), result: z.array(MessageRow) },
  /** Messages that match, the newest or the best first; with `complete: false` while some were not read for the search yet. */
  'message.search': {
    argument: z.object({
      query: Typed,
      limit: z.number().int().min(1).max(1000),
      offset: z.number().int().min(0).max(100_000).optional(),
      order: z.enum(['newest', 'best']),
    }),
    result: z.object({
      rows: z.array(MessageRow),
      more: z.boolean(),
      complete: z.boolean(),
      /** What looked like an operator and was looked for as words. */
      notes: z.array(z.object({ operator: z.string(), value: z.string() })),
    }),
  },
  /** Where in the texts of messages a query's words stand first; one without such a place, or without its body, is left out. */
  'message.passages': {
    argument: z.object({ query: Typed, ids: z.array(MessageKey).max(100) }),
    result: z.array(z.object({ id: MessageKey, text: z.string(), marks: Marks })),
  },
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
  /** Tags: put on and taken off. */
  'message.tag': {
    argument: z.object({ ids: Keys, add: z.array(Keyword).max(50), remove: z.array(Keyword).max(50) }),
    result: z.void(),
  },
  /** Copies; into another account the letters themselves are put. */
  'message.copy': { argument: z.object({ ids: Keys, mailbox: MailboxId }), result: z.void() },
  /** Asks the servers, which may look into what is not kept here. Gives only what a search here does not find. */
  'message.searchServer': {
    argument: z.object({ query: Typed, account: AccountId.optional(), mailbox: MailboxId.optional() }),
    result: z.object({
      rows: z.array(MessageRow),
      /** What could not be asked, and why: path or email, and words. */
      problems: z.array(z.object({ where: z.string(), detail: z.string() })),
      /** Parts of the question that a server can't answer, left out. */
      left: z.array(z.string()),
    }),
  },
  /** Gets all of a message of which only parts are here. Told in bytes by `progress` under the message's key. */
  'message.fetchWhole': {
    argument: z.object({ id: MessageKey }),
    result: z.object({ interrupted: z.boolean() }),
  },
  /** Ends that. */
  'message.stopFetching': { argument: z.object({ id: MessageKey }), result: z.void() },
  /** Within the account, or into another: then what was there goes to that account's Trash. */
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
