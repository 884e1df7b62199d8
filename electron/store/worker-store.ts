import type { FailureCode } from '../../shared/model/failure.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { Store } from '../app/ports-store.ts';
import { ThreadCaller } from '../thread/caller.ts';
import { READS } from './reads.ts';
import { copyOfIndex, isReadOnly } from './read-only.ts';

/** What a store thread is told at its start. */
export interface StoreThread {
  profile: string;
  role: 'writer' | 'reader';
  /** What this process is to a person: told to another one that wants the same profile. */
  title: string;
  /** Where a copy of the index is, when nothing can be written to the profile. */
  index?: string;
}

/** Letters are given to the store for good: a large one is not copied, and is gone on this side. */
const MOVED: { readonly [V in keyof Store]?: (given: unknown[]) => Uint8Array[] } = {
  apply: (given) => (given as Parameters<Store['apply']>)[1].added.map((one) => one.bytes),
  importLetters: (given) => (given as Parameters<Store['importLetters']>)[1].map((one) => one.bytes),
};

/**
 * The store behind threads: one writes, one reads, and the caller's thread does neither SQL nor files.
 * @param script the thread's program (`worker.ts`, or what it was bundled into)
 * @param title what this process is to a person
 * @throws MailError `profile-in-use` when another process has the profile
 */
export async function openWorkerStore(profile: string, script: URL, title: string): Promise<Store> {
  const copy = (await isReadOnly(profile)) ? await copyOfIndex(profile).catch(storeError) : undefined;
  const index = copy ? { index: copy.folder } : {};
  const start = (role: StoreThread['role']) =>
    ThreadCaller.start(script, {
      workerData: { profile, role, title, ...index } satisfies StoreThread,
      name: `store-${role}`,
    });
  // The writer makes and migrates the index that the reader opens.
  const writer = await start('writer').catch(async (thrown: unknown) => {
    await copy?.drop();
    return storeError(thrown);
  });
  const reader = await start('reader').catch(async (thrown: unknown) => {
    // Nobody would ever ask it again, and it has the profile.
    await writer.call('close', []).catch(() => undefined);
    await writer.kill();
    await copy?.drop();
    return storeError(thrown);
  });
  const close = async () => {
    for (const thread of [reader, writer]) {
      await thread.call('close', []).catch(() => undefined);
      await thread.kill();
    }
    await copy?.drop();
  };
  return new Proxy({} as Store, {
    get(_target, verb: string) {
      // A promise is recognised by its `then`: a store is none.
      if (verb === 'then') return undefined;
      if (verb === 'close') return close;
      const thread = READS.has(verb as keyof Store) ? reader : writer;
      return (...given: unknown[]) =>
        thread.call(verb, given, MOVED[verb as keyof Store]?.(given) ?? []).catch(storeError);
    },
  });
}

const CODES: Record<string, FailureCode> = {
  REFUSED: 'bad-request',
  PROFILE_IN_USE: 'profile-in-use',
  INDEX_MISSING: 'index-damaged',
  READ_ONLY: 'read-only',
  NEWER_INDEX: 'newer-index',
  SQLITE_CORRUPT: 'index-damaged',
  SQLITE_NOTADB: 'index-damaged',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  SQLITE_FULL: 'disk-full',
  EIO: 'disk-error',
  EROFS: 'disk-error',
  EACCES: 'disk-error',
  EPERM: 'disk-error',
  EMFILE: 'too-many-files',
  ENFILE: 'too-many-files',
};

/** What a store threw, for a person. @throws MailError always */
export function storeError(thrown: unknown): never {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  throw new MailError(
    CODES[code] ?? (/^SQLITE_(?:IOERR|READONLY|CANTOPEN)/u.test(code) ? 'disk-error' : 'internal'),
    thrown instanceof Error ? thrown.message : String(thrown),
  );
}
