import { once } from 'node:events';
import type { Argument, Result } from '../../shared/contract/requests.ts';
import type { Accounts } from './accounts.ts';
import type { Publisher } from './ports.ts';
import { Tasks } from './tasks.ts';

type Name = 'message.fetchWhole' | 'message.stopFetching';
type Handlers = { [N in Name]: (argument: Argument<N>) => Promise<Result<N>> };

/** Long messages that a person asked for: how far they are is told, and one that is stopped leaves nothing here. */
export function wholeHandlers(events: Publisher, accounts: Accounts): Handlers {
  const tasks = new Tasks(events);
  return {
    'message.fetchWhole': ({ id }) =>
      tasks.run(String(id), async (signal, progress) => {
        // Whoever stops it does not wait for the piece that is under way.
        const stopped = once(signal, 'abort').then(() => true);
        const fetched = accounts.raw(id, { signal, progress }).then(() => false);
        return { interrupted: await Promise.race([stopped, fetched]) };
      }),
    'message.stopFetching': async ({ id }) => tasks.stop(String(id)),
  };
}
