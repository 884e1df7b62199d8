import { z } from 'zod';

/** What a person has to know of the profile itself, for as long as it is so. */
export const Notice = z.discriminatedUnion('kind', [
  /** Nothing can be written to the folder: the mail in it is only read. */
  z.object({ kind: z.literal('read-only'), folder: z.string() }),
  /** A file of letters is not what the index says: nothing deleted was cleared out of it, and nothing else touched. */
  z.object({ kind: z.literal('left-alone'), file: z.string(), reason: z.string() }),
]);
export type Notice = z.infer<typeof Notice>;
