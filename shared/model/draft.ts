import { z } from 'zod';
import { AccountId, DraftId, MessageKey } from './ids.ts';
import { Address } from './message.ts';
import { Failure } from './failure.ts';

const DraftAttachment = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  type: z.string(),
  /** Bytes before encoding. */
  size: z.number(),
});
export type DraftAttachment = z.infer<typeof DraftAttachment>;

/** A letter being written. Recipients are what the person typed, parsed; an address may still be wrong. */
export const Draft = z.object({
  id: DraftId,
  account: AccountId,
  to: z.array(Address),
  cc: z.array(Address),
  bcc: z.array(Address),
  subject: z.string(),
  format: z.enum(['rich', 'plain']),
  /** The body: HTML of the editor when `format` is `rich`, else text. */
  body: z.string(),
  attachments: z.array(DraftAttachment),
  /** The message answered or forwarded: gets \Answered or $Forwarded once this one was sent. */
  source: z.object({ message: MessageKey, kind: z.enum(['reply', 'forward']) }).optional(),
  inReplyTo: z.string(),
  references: z.string(),
  /** ms since the epoch. */
  updated: z.number(),
});
export type Draft = z.infer<typeof Draft>;

/** What the compose window may change; attachments are changed by their own requests. */
export const DraftEdit = Draft.pick({
  id: true,
  account: true,
  to: true,
  cc: true,
  bcc: true,
  subject: true,
  format: true,
  body: true,
});
export type DraftEdit = z.infer<typeof DraftEdit>;

/** A letter on its way. It leaves the outbox only when the server has accepted it or the person takes it back. */
export const OutboxItem = z.object({
  message: MessageKey,
  account: AccountId,
  subject: z.string(),
  recipients: z.array(z.string()),
  /** `maybe-sent`: the line broke after the last dot; only the person may decide to send again. */
  state: z.enum(['queued', 'sending', 'waiting', 'refused', 'maybe-sent']),
  failure: Failure.optional(),
  attempts: z.number(),
  /** ms since the epoch; when it was queued, and when it is tried next. */
  queued: z.number(),
  nextTry: z.number().optional(),
});
export type OutboxItem = z.infer<typeof OutboxItem>;
