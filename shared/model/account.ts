import { z } from 'zod';
import { Failure } from './failure.ts';
import { AccountId } from './ids.ts';
import { LeavePolicy } from './leave.ts';
import { Keep } from './mailbox.ts';

/** How a connection is protected: TLS from the first byte, STARTTLS/STLS before any command, or clear text (loopback only). */
export const Security = z.enum(['tls', 'starttls', 'none']);
export type Security = z.infer<typeof Security>;

/** Where the mail lives: on the server and mirrored here, or collected into this computer. */
export const Mode = z.enum(['imap', 'pop3']);
export type Mode = z.infer<typeof Mode>;

/** A certificate that the person chose to trust although no authority vouches for it. */
export const TrustedCertificate = z.object({
  /** SHA-256 of the certificate, upper-case hex with colons, as Node and OpenSSL print it. */
  fingerprint: z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/u),
  pem: z.string().max(65536),
});
export type TrustedCertificate = z.infer<typeof TrustedCertificate>;

/** When mail is collected: every so many minutes, once when the program starts, or only when the person asks for it. */
export const Collect = z.union([z.number().int().min(1).max(10_080), z.enum(['start', 'hand'])]);
export type Collect = z.infer<typeof Collect>;

export const ServerSettings = z.object({
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  security: Security,
  /** The authentication identity; often the address itself. */
  user: z.string().min(1).max(320),
  trusted: TrustedCertificate.optional(),
  /** Somebody said in so many words that clear text may leave this computer. */
  allowClearText: z.boolean().optional(),
  /** POP3: logs in by APOP and nothing else, weak as it is (RFC 6151 section 2.2): never chosen unless asked for. */
  apop: z.boolean().optional(),
});
export type ServerSettings = z.infer<typeof ServerSettings>;

/** Everything about an account but its id and its password. */
export const AccountSettings = z.object({
  /** The person's name as it goes into From. */
  name: z.string().max(200),
  email: z.string().min(3).max(320),
  mode: Mode,
  imap: ServerSettings.optional(),
  pop3: ServerSettings.optional(),
  /** Absent where the account only receives. */
  smtp: ServerSettings.optional(),
  /** POP3 only: how long a message stays on the server. */
  leaveOnServer: LeavePolicy,
  /** POP3 only: when mail is collected. Absent: every five minutes. */
  collect: Collect.optional(),
  /** How much is kept here of mailboxes that say nothing of their own; POP3 knows `headers` and all else. Absent: all. */
  keep: Keep.optional(),
  /**
   * Longer messages are shown part by part and fetched whole when the person asks for it; bytes. Absent: 20 MB. By POP3 they
   * come as header and first lines, and whole when they are opened. Absent: all come whole.
   */
  wholeLimit: z.number().int().min(0).optional(),
});
export type AccountSettings = z.infer<typeof AccountSettings>;

export const Account = AccountSettings.extend({ id: AccountId });
export type Account = z.infer<typeof Account>;

/** Where a password comes from that is kept nowhere: asked for each time the program starts. */
export const PasswordSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('env'), name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u) }),
  /** Run by the system's shell; the first line that it prints is the password. */
  z.object({ kind: z.literal('command'), command: z.string().min(1).max(4096) }),
]);
export type PasswordSource = z.infer<typeof PasswordSource>;

/** The settings of the server that mail comes from in the account's present mode. */
export function incomingServer(account: AccountSettings): ServerSettings | undefined {
  return account.mode === 'imap' ? account.imap : account.pop3;
}

/** What an account is doing now, for the status line and the mailbox tree. */
export const AccountStatus = z.object({
  account: AccountId,
  state: z.enum(['idle', 'connecting', 'syncing', 'online', 'offline', 'needs-password', 'failed']),
  /** What is being done and what is left, when `state` is `syncing`. */
  progress: z
    .object({
      mailbox: z.string(),
      done: z.number(),
      total: z.number(),
      /** Where they are known. */
      bytes: z.object({ done: z.number(), total: z.number() }).optional(),
    })
    .optional(),
  /** Why, when `state` is `failed` or `offline`. */
  failure: Failure.optional(),
  /** When it is tried again by itself, ms since the epoch, after a failure. */
  nextTry: z.number().optional(),
  /** When the account was last in step with its server, ms since the epoch. */
  lastSync: z.number().optional(),
  /** The person wants no bodies fetched ahead, until they say otherwise or the program ends. */
  paused: z.literal(true).optional(),
});
export type AccountStatus = z.infer<typeof AccountStatus>;
