import { z } from 'zod';
import { WireConnection, WireLine } from './line.ts';

/** Names one connection for people and scripts, for as long as its transcript is kept. Never a path: see the pattern. */
export const SessionId = z
  .string()
  .max(80)
  .regex(/^[0-9A-Za-z]+-\d{4,10}-(?:imap|pop3|smtp)$/u);
export type SessionId = z.infer<typeof SessionId>;

/** The first record of a transcript's file: what the connection was. */
export const TranscriptHead = WireConnection.omit({ closed: true, bytesIn: true, bytesOut: true }).extend({
  record: z.literal('open'),
  version: z.literal(1),
  session: SessionId,
});
export type TranscriptHead = z.infer<typeof TranscriptHead>;

/** The last record: a file without it was cut off, or is still being written. */
export const TranscriptEnd = z.object({
  record: z.literal('end'),
  closed: z.number(),
  bytesIn: z.number(),
  bytesOut: z.number(),
  lines: z.number(),
});
export type TranscriptEnd = z.infer<typeof TranscriptEnd>;

/** One connection as a list of transcripts shows it. */
export const TranscriptInfo = TranscriptHead.omit({ record: true, version: true, id: true }).extend({
  /** `cut`: the program ended before the connection did. */
  state: z.enum(['open', 'closed', 'cut']),
  closed: z.number().optional(),
  bytesIn: z.number().optional(),
  bytesOut: z.number().optional(),
  lines: z.number().optional(),
  /** Bytes of the file. */
  size: z.number(),
});
export type TranscriptInfo = z.infer<typeof TranscriptInfo>;

export const Transcript = z.object({
  info: TranscriptInfo,
  lines: z.array(WireLine),
  /** Records that could not be read, other than the half-written end of a file that was cut off. */
  damaged: z.number(),
});
export type Transcript = z.infer<typeof Transcript>;

export const TranscriptFormat = z.enum(['text', 'jsonl', 'html']);
export type TranscriptFormat = z.infer<typeof TranscriptFormat>;
