import { z } from 'zod';
import { Failure } from './failure.ts';
import { AccountId, MessageKey } from './ids.ts';

/** What a person has to know of the profile itself, for as long as it is so. */
export const Notice = z.discriminatedUnion('kind', [
  /** Nothing can be written to the folder: the mail in it is only read. */
  z.object({ kind: z.literal('read-only'), folder: z.string() }),
  /** A file of letters is not what the index says: nothing deleted was cleared out of it, and nothing else touched. */
  z.object({ kind: z.literal('left-alone'), file: z.string(), reason: z.string() }),
  /** A letter here is not what was collected: the POP3 server keeps its own, and it is collected again. */
  z.object({
    kind: z.literal('not-removed'),
    id: MessageKey,
    account: AccountId,
    subject: z.string(),
    file: z.string(),
    reason: z.string(),
  }),
  /** A letter that a POP3 server has and that could not be had. */
  z.object({
    kind: z.literal('not-collected'),
    account: AccountId,
    email: z.string(),
    uidl: z.string(),
    /** As listed, bytes. */
    size: z.number(),
    failure: Failure,
  }),
]);
export type Notice = z.infer<typeof Notice>;

/** The same for two that tell of the same. */
export function noticeKey(notice: Notice): string {
  if (notice.kind === 'left-alone') return `left-alone ${notice.file}`;
  if (notice.kind === 'not-collected') return `not-collected ${notice.account} ${notice.uidl} ${notice.size}`;
  return notice.kind === 'not-removed' ? `not-removed ${notice.id}` : notice.kind;
}
