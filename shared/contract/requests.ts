import type { z } from 'zod';
import type { Failure } from '../model/failure.ts';
import { accountRequests } from './account.ts';
import { appRequests } from './app.ts';
import { composeRequests } from './compose.ts';
import { mailboxRequests } from './mailbox.ts';
import { messageRequests } from './message.ts';
import { operationRequests } from './operation.ts';
import { pop3Requests } from './pop3.ts';
import { switchRequests } from './switch.ts';
import { join } from './shape.ts';

/** Every request the renderer may make: the allow-list and the types of both sides. */
export const requests = join(
  accountRequests,
  appRequests,
  composeRequests,
  mailboxRequests,
  messageRequests,
  operationRequests,
  pop3Requests,
  switchRequests,
);

export type Requests = typeof requests;
export type RequestName = keyof Requests;
export type Argument<N extends RequestName> = z.infer<Requests[N]['argument']>;
export type Result<N extends RequestName> = z.infer<Requests[N]['result']>;

/** What a request gives back across the process boundary: errors are data, so that nothing is lost in translation. */
export type Reply<N extends RequestName> = { ok: true; result: Result<N> } | { ok: false; failure: Failure };
