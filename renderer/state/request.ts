import type { Argument, Reply, RequestName } from '../../shared/contract/requests.ts';
import { bridge } from '../bridge.ts';
import { showToast } from './toasts.ts';

/** Asks main; a failure becomes a toast as well as the reply. */
export async function ask<N extends RequestName>(name: N, argument: Argument<N>): Promise<Reply<N>> {
  const reply = await bridge.request(name, argument);
  if (!reply.ok) showToast({ kind: 'failure', failure: reply.failure });
  return reply;
}
