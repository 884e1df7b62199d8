import { z } from 'zod';
import { AccountStatus } from '../model/account.ts';
import { Delta } from '../model/delta.ts';
import { AccountId, DraftId, MessageKey } from '../model/ids.ts';
import { OperationKind } from '../model/operation.ts';
import { Notice } from '../model/notice.ts';
import { WireConnection, WireLine } from '../wire/line.ts';
import { Settings } from './app.ts';

/** Everything main may say unasked. */
export const events = {
  /** One committed transaction, whole. */
  delta: Delta,
  /** An account started, finished or failed something. */
  status: AccountStatus,
  /** Wire lines in batches, at most one event each 50 ms; connections opened, closed or with new byte counts. */
  wire: z.object({ connections: z.array(WireConnection), lines: z.array(WireLine) }),
  settings: Settings,
  /** A letter was accepted by the server, perhaps not for everyone. */
  sent: z.object({
    message: MessageKey,
    subject: z.string(),
    refused: z.array(z.object({ address: z.string(), reply: z.string() })),
  }),
  /** Something that the person did, that the server will not do: it is undone here. With the server's own words. */
  refusal: z.object({
    account: AccountId,
    kind: OperationKind,
    messages: z.number(),
    detail: z.string(),
  }),
  /** Something of the profile itself that the person has to know, once. */
  notice: Notice,
  /** How far something is that takes its time, by the name it was given when it was asked for. */
  progress: z.object({ task: z.string(), done: z.number(), total: z.number() }),
  /** Compose window only: its letter went to the outbox, or its draft was thrown away elsewhere. */
  draftGone: z.object({ draft: DraftId }),
  /** A command chosen in the application menu, by the name the command palette knows it by. */
  command: z.object({ name: z.string() }),
  /** The person pressed a link in a message: shown before it is opened. */
  link: z.object({ url: z.string() }),
};

export type Events = typeof events;
export type EventName = keyof Events;
export type Payload<N extends EventName> = z.infer<Events[N]>;
