import { link, open, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MailError } from '../../shared/contract/mail-error.ts';

/** Writes a new file and returns when its bytes are on disk. @param date of the file, ms since the epoch */
export async function writeDurably(path: string, bytes: Uint8Array, date?: number): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  // No file system has a date for each number: the date is worth less than the letter.
  if (date !== undefined) await utimes(path, new Date(), new Date(date)).catch(() => undefined);
}

/** Gives a finished file its name, unless that is taken. @throws MailError `bad-request` */
export async function publishFile(from: string, to: string): Promise<void> {
  try {
    // Other than a rename, a link never replaces what is there.
    await link(from, to);
    await unlink(from);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') throw taken(to);
    // No links here (FAT, some network disks).
    if (await exists(to)) throw taken(to);
    await rename(from, to);
  }
  await syncFolder(dirname(to));
}

/** @throws MailError `bad-request` when something has this name */
export async function requireFree(path: string): Promise<void> {
  if (await exists(path)) throw taken(path);
}

/** A new name is durable when its folder is; Windows has no such call and no such need. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (thrown: unknown) => codeOf(thrown) !== 'ENOENT',
  );
}

function taken(path: string): MailError {
  return new MailError('bad-request', `${path} is there already and is not overwritten`);
}
