import type { MessageKey } from '../../shared/model/ids.ts';
import type { MessageOrder } from '../../shared/model/message.ts';

/** How many rows of a search were found here, and how many on servers only: these stand behind the others. */
export function sectionsOf(
  order: MessageOrder,
  fromServer: ReadonlySet<MessageKey>,
): { here: number; server: number } {
  let here = 0;
  while (here < order.ids.length && !fromServer.has(order.ids[here] as MessageKey)) here += 1;
  return { here, server: order.ids.length - here };
}
