import { MailError } from '../../shared/contract/mail-error.ts';
import type { Store } from '../app/ports.ts';
import { ThreadCaller, ThreadError } from '../thread/caller.ts';
import { READS } from './reads.ts';

/**
 * The store behind threads: one writes, one reads, and the caller's thread does neither SQL nor files.
 * @param script the thread's program (`worker.ts`, or what it was bundled into)
 */
export async function openWorkerStore(profile: string, script: URL): Promise<Store> {
  const start = (role: 'writer' | 'reader') =>
    ThreadCaller.start(script, { workerData: { profile, role }, name: `store-${role}` });
  // The writer makes and migrates the index that the reader opens.
  const writer = await start('writer');
  const reader = await start('reader');
  const close = async () => {
    for (const thread of [reader, writer]) {
      await thread.call('close', []).catch(() => undefined);
      await thread.kill();
    }
  };
  return new Proxy({} as Store, {
    get(_target, verb: string) {
      // A promise is recognised by its `then`: a store is none.
      if (verb === 'then') return undefined;
      if (verb === 'close') return close;
      const thread = READS.has(verb as keyof Store) ? reader : writer;
      return (...given: unknown[]) => thread.call(verb, given).catch(explain);
    },
  });
}

function explain(thrown: unknown): never {
  const code = thrown instanceof ThreadError ? thrown.code : '';
  const full = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(code);
  throw new MailError(
    full ? 'disk-full' : code === 'REFUSED' ? 'bad-request' : 'internal',
    thrown instanceof Error ? thrown.message : String(thrown),
  );
}
