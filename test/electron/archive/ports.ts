import { archives } from '../../../electron/archive/archives.ts';
import type { Ports } from '../../../electron/app/ports.ts';
import type { Archives, Store } from '../../../electron/app/ports-store.ts';
import type { SyncStore } from '../../../electron/store/sqlite-store.ts';

/** What the verbs of mail files need: the store of this thread, answering as the one behind threads does. */
export function portsOf(store: SyncStore): Pick<Ports, 'store' | 'events'> & { archives: Archives } {
  const promised = new Proxy({} as Store, {
    get: (_target, verb: string) =>
      verb === 'then'
        ? undefined
        : async (...given: unknown[]) =>
            (store as unknown as Record<string, (...all: unknown[]) => unknown>)[verb]?.(...given),
  });
  return { store: promised, archives, events: { publish: () => undefined } };
}
