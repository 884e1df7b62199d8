import { z } from 'zod';
import { Account, AccountSettings, Collect } from '../model/account.ts';
import { Failure } from '../model/failure.ts';
import { AccountId, MailboxId } from '../model/ids.ts';
import { LeavePolicy } from '../model/leave.ts';
import { Keep } from '../model/mailbox.ts';

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

/** What a server offers by one name, and what we make of it. */
export const Capability = z.object({
  name: z.string(),
  /** `used`: it works for the person now. `idle`: we know it, and had no need of it. `unused`: we don't use it, and say why. */
  state: z.enum(['used', 'idle', 'unused', 'unknown', 'missing']),
});
export type Capability = z.infer<typeof Capability>;

/** What a connected server can do. */
export const ServerAbilities = z.object({
  capabilities: z.array(Capability),
  /** How the person was let in: `SCRAM-SHA-256`. */
  mechanism: z.string(),
  /** What the server says of itself (RFC 2971). */
  server: z.record(z.string(), z.string()).optional(),
  namespaces: z.array(
    z.object({
      kind: z.enum(['personal', 'other', 'shared']),
      prefix: z.string(),
      delimiter: z.string().optional(),
    }),
  ),
});
export type ServerAbilities = z.infer<typeof ServerAbilities>;

/** How much room there is on a server; bytes, and messages. */
const Quota = z.object({
  root: z.string(),
  storage: z.object({ used: z.number(), limit: z.number() }).optional(),
  messages: z.object({ used: z.number(), limit: z.number() }).optional(),
});
export const accountRequests = {
  /** Null while it is not connected, and of an account that is none of IMAP. */
  'account.abilities': {
    argument: z.object({ account: AccountId }),
    result: ServerAbilities.nullable(),
  },
  /** Null where the server has no quotas. Of a mailbox, or of INBOX. */
  'account.quota': {
    argument: z.object({ account: AccountId, mailbox: MailboxId.optional() }),
    result: z.array(Quota).nullable(),
  },
  /**
   * How much is kept here of mailboxes that say nothing of their own, and from what size on messages come by parts. Of POP3:
   * when it is collected, and how long it stays on the server; a `wholeLimit` of null: all come whole.
   */
  'account.keep': {
    argument: z.object({
      account: AccountId,
      keep: Keep.optional(),
      wholeLimit: z.number().int().min(0).nullable().optional(),
      leaveOnServer: LeavePolicy.optional(),
      collect: Collect.optional(),
    }),
    result: z.void(),
  },
  /** Bodies are not fetched ahead until it is said again with `false`. */
  'account.pause': { argument: z.object({ account: AccountId, paused: z.boolean() }), result: z.void() },
  /** After sleep, or when the network came back: looks whether the connections are still there. */
  'account.wake': { argument: z.void(), result: z.void() },
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
