import Sqlite from 'better-sqlite3';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Holder = z.object({ pid: z.number(), title: z.string(), since: z.string() });
type Holder = z.infer<typeof Holder>;

/** Kept in sight: a database that nobody refers to is closed when memory is tidied up, and its lock is gone. */
const held = new Set<Sqlite.Database>();

/** Another process has the profile; the message says which. */
class ProfileInUse extends Error {
  readonly code = 'PROFILE_IN_USE';
  constructor(holder: Holder | undefined) {
    super(
      holder
        ? `${holder.title} (process ${holder.pid}) has it since ${holder.since.slice(0, 16).replace('T', ' ')} UTC`
        : 'another process has it',
    );
  }
}

/**
 * Takes a profile for this process alone. The lock is one of the operating system on an open file, by way of SQLite,
 * which knows how on each of them: it ends with the process however that ends, so there is no stale lock to break.
 * On a disk that can't be written there is nothing to protect and nothing is locked.
 * @param title what the process is to a person
 * @returns gives it back
 * @throws ProfileInUse
 */
export function lockProfile(profile: string, title: string): () => void {
  let lock: Sqlite.Database | undefined;
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    lock = new Sqlite(join(profile, 'in-use.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock?.close();
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    if (code.startsWith('SQLITE_BUSY')) throw new ProfileInUse(holderOf(profile));
    if (['SQLITE_READONLY', 'SQLITE_CANTOPEN', 'EROFS', 'EACCES'].some((one) => code.startsWith(one)))
      return () => undefined;
    throw thrown;
  }
  const own = lock;
  held.add(own);
  const holder: Holder = { pid: process.pid, title, since: new Date().toISOString() };
  writeFileSync(join(profile, 'in-use.json'), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  return () => {
    held.delete(own);
    own.close();
  };
}

function holderOf(profile: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(readFileSync(join(profile, 'in-use.json'), 'utf8')));
  } catch {
    return undefined;
  }
}
