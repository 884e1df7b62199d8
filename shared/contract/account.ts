import { z } from 'zod';
import { Account, AccountSettings } from '../model/account.ts';
import { Failure } from '../model/failure.ts';
import { AccountId } from '../model/ids.ts';

/** What one side of a connection test found. */
export const ServerVerdict = z.object({
  ok: z.boolean(),
  failure: Failure.optional(),
  /** ms from the first byte to the verdict. */
  took: z.number(),
});
export type ServerVerdict = z.infer<typeof ServerVerdict>;

/** How much of an account is brought in step: all of it, unless something is said. */
export const SyncScope = z.object({
  /** One mailbox, by its path. */
  mailbox: z.string().max(1000).optional(),
  headersOnly: z.boolean().optional(),
});
export type SyncScope = z.infer<typeof SyncScope>;

export const accountRequests = {
  /** Logs in to both servers and out again. Its connections carry `test` as their purpose, so the dialog can show their lines. */
  'account.test': {
    argument: z.object({
      test: z.string().min(1).max(64),
      settings: AccountSettings,
      password: z.string().max(4096),
    }),
    result: z.object({ incoming: ServerVerdict, submission: ServerVerdict.optional() }),
  },
  'account.add': {
    argument: z.object({ settings: AccountSettings, password: z.string().max(4096) }),
    result: Account,
  },
  /** Forgets the account, its password and its index; the mbox files stay on disk. */
  'account.remove': { argument: z.object({ account: AccountId }), result: z.void() },
  /** A password for this session, or, where the system has a keyring, for good. */
  'account.password': {
    argument: z.object({ account: AccountId, password: z.string().max(4096) }),
    result: z.void(),
  },
  /**
   * Asks the server for news now, and sends what waits in the outbox; done when both are. Without an account: all of them.
   */
  'account.sync': {
    argument: SyncScope.extend({ account: AccountId.optional() }),
    result: z.void(),
  },
};
