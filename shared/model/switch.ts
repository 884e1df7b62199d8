import { z } from 'zod';
import { Mode } from './account.ts';
import { AccountId } from './ids.ts';

/** So many messages, and how long they are together; bytes. */
const Amount = z.object({ messages: z.number().int().min(0), bytes: z.number().min(0) });
export type Amount = z.infer<typeof Amount>;

/** What the person decides about a change of mode. */
export const SwitchChoices = z.object({
  /**
   * To IMAP: what the server does not have stays in folders on this computer, or is put into a mailbox of the server, by its
   * path.
   */
  onlyHere: z.union([z.literal('keep'), z.object({ append: z.string().min(1).max(1000) })]).default('keep'),
  /** To POP3: bodies that are not here are fetched first, or left where they are: their headers stay. */
  bodies: z.enum(['fetch', 'leave']).default('fetch'),
});
export type SwitchChoices = z.infer<typeof SwitchChoices>;

/** What a change of mode will do; nothing of it is done yet. */
export const SwitchPlan = z.object({
  account: AccountId,
  to: Mode,
  /** Here and on the server: the stored bytes stay, and get the server's number. */
  matched: Amount,
  /** Of these: told by where they are on the server, by what its UIDLs are made of, or by Message-ID and size. */
  by: z.object({ known: z.number(), format: z.number(), content: z.number(), hash: z.number() }),
  /** Of these: lying in another folder here than on the server. They stay there, and the server's mailbox shows them as well. */
  filed: Amount,
  onlyHere: Amount,
  onlyServer: Amount,
  /** Several could be meant, or the lengths differ: these are fetched, to be told apart by their hash, when it is done. */
  ambiguous: Amount,
  /** To POP3: only the header is here. */
  bodiless: Amount,
  /** Folders that only this computer has when it is done, by their paths. */
  local: z.array(z.string()),
  /** Messages whose flags or tags the server will be told of. */
  flagged: z.number(),
  /** Changes that the server has to be told of first. */
  waiting: z.number(),
});
export type SwitchPlan = z.infer<typeof SwitchPlan>;

/** The last change of mode of an account, as long as it can be undone. */
export const LastSwitch = z.object({ from: Mode, to: Mode, /** ms since the epoch. */ made: z.number() });
export type LastSwitch = z.infer<typeof LastSwitch>;
