import { z } from 'zod';
import { AccountId, ConnectionId } from '../model/ids.ts';

export const Protocol = z.enum(['imap', 'pop3', 'smtp']);
export type Protocol = z.infer<typeof Protocol>;

/** One connection, as the wire dock's lanes show it. Times are ms since the epoch. */
export const WireConnection = z.object({
  id: ConnectionId,
  protocol: Protocol,
  /** Undefined while an account is being set up. */
  account: AccountId.optional(),
  /** The address of the person, for people; of the account or of the set-up under way. */
  email: z.string(),
  host: z.string(),
  port: z.number(),
  security: z.enum(['tls', 'starttls', 'none']),
  /** Why it was opened: `mail`, `send`, or the id of a connection test. */
  purpose: z.string(),
  opened: z.number(),
  closed: z.number().optional(),
  /** Bytes of the application layer, above TLS. */
  bytesIn: z.number(),
  bytesOut: z.number(),
  /** Its transcript's name on disk, where one is kept: the same after a restart, unlike `id`. */
  session: z.string().optional(),
});
export type WireConnection = z.infer<typeof WireConnection>;

/**
 * One row of the transcript.
 * - `line`: one protocol line, without its CRLF;
 * - `block`: bytes that are not lines of the protocol (an IMAP literal, the data of DATA or RETR); `text` is its beginning;
 * - `note`: our own words about the connection (opened, TLS agreed, closed, broken), never on the wire;
 * - `gap`: lines that were dropped because they came too fast; `bytes` counts them.
 */
export const WireLine = z.object({
  connection: ConnectionId,
  /** Position within the connection, from 1, without holes. */
  seq: z.number().int().positive(),
  at: z.number(),
  direction: z.enum(['client', 'server', 'none']),
  kind: z.enum(['line', 'block', 'note', 'gap']),
  /** Latin-1 where the bytes are not UTF-8. Secrets are already replaced by `MASK`. */
  text: z.string(),
  /** Size of what was on the wire, CRLF included. */
  bytes: z.number(),
  /** Where `MASK` stands in `text`, and between which sizes the hidden secret lies. */
  masks: z.array(z.object({ at: z.number(), min: z.number(), max: z.number() })).optional(),
});
export type WireLine = z.infer<typeof WireLine>;

/** What stands in a transcript for a secret, whatever its length. */
export const MASK = '\u2022'.repeat(8);
