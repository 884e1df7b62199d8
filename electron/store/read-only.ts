import { constants } from 'node:fs';
import { access, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INDEX } from './database.ts';

/** Whether a profile is there and can't be written. */
export async function isReadOnly(profile: string): Promise<boolean> {
  for (const path of [profile, join(profile, INDEX)]) {
    try {
      await access(path, constants.W_OK);
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
      if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return true;
    }
  }
  return false;
}

/**
 * SQLite can't open an index beside which it may make no file: it is read from a copy, log included, that only its owner
 * may read. The letters are read where they are.
 * @returns the folder of the copy
 */
export async function copyOfIndex(profile: string): Promise<{ folder: string; drop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'glasspost-index-'));
  const drop = () => rm(folder, { recursive: true, force: true });
  try {
    await copyFile(join(profile, INDEX), join(folder, INDEX));
    await copyFile(join(profile, `${INDEX}-wal`), join(folder, `${INDEX}-wal`)).catch(() => undefined);
    return { folder, drop };
  } catch (thrown) {
    await drop();
    throw thrown;
  }
}
