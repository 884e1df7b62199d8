import { z } from 'zod';
import { AccountId } from './ids.ts';
import { Flag } from './message.ts';

export const OperationKind = z.enum([
  'flag',
  'move',
  'copy',
  'remove',
  'append',
  'create',
  'rename',
  'delete',
  'subscribe',
]);

/** Something the person did that the server has not confirmed yet. */
export const WaitingOperation = z.object({
  id: z.number(),
  account: AccountId,
  kind: OperationKind,
  /** How many messages it is about, and the subject of the first. */
  messages: z.number(),
  subject: z.string(),
  /** Paths of mailboxes: where it is done, and where it leads. */
  from: z.string().optional(),
  to: z.string().optional(),
  set: z.array(z.union([Flag, z.string()])).optional(),
  clear: z.array(z.union([Flag, z.string()])).optional(),
  /** When the person did it; ms since the epoch. */
  made: z.number(),
  attempts: z.number(),
  /** What the server said when it was tried last. */
  refusal: z.string().optional(),
  /** Its command may have reached the server: it can't be taken back any more. */
  begun: z.boolean(),
  /** What will be sent, as it is known now. */
  commands: z.array(z.string()),
});
export type WaitingOperation = z.infer<typeof WaitingOperation>;

/** How much waits for an account's server. */
export const Waiting = z.object({ account: AccountId, count: z.number(), refused: z.number() });
export type Waiting = z.infer<typeof Waiting>;

/** What the person did, for a short history; the newest can be undone. Times are ms since the epoch. */
export const Deed = z.object({
  id: z.number(),
  kind: OperationKind.exclude(['append']),
  made: z.number(),
  messages: z.number(),
  subject: z.string(),
  /** Names of mailboxes. */
  from: z.string().optional(),
  to: z.string().optional(),
  set: z.array(z.string()).optional(),
  clear: z.array(z.string()).optional(),
  undone: z.boolean(),
});
export type Deed = z.infer<typeof Deed>;
