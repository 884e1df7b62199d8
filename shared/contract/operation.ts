import { z } from 'zod';
import { AccountId } from '../model/ids.ts';
import { Deed, WaitingOperation } from '../model/operation.ts';

export const operationRequests = {
  /** What servers have to be told yet, oldest first, with the commands that will be sent. */
  'operation.list': {
    argument: z.object({ account: AccountId.optional() }),
    result: z.array(WaitingOperation),
  },
  /** Takes it back: here all is as it was before, and the server is not told. */
  'operation.cancel': { argument: z.object({ id: z.number().int().positive() }), result: z.void() },
  /** Tells the servers now what waits to be told. */
  'operation.retry': { argument: z.object({ account: AccountId }), result: z.void() },
  /** What the person did, newest first. */
  'deed.list': {
    argument: z.object({ limit: z.number().int().min(1).max(100) }),
    result: z.array(Deed),
  },
  /** Undoes a deed, or the newest that can be undone. @returns its number */
  'deed.undo': { argument: z.object({ id: z.number().int().positive().optional() }), result: z.number() },
};
