import { link, open, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { MailError } from '../../shared/contract/mail-error.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** Writes a new file; its bytes may not be on disk yet. @param date of the file, ms since the epoch */
export async function writeNew(path: string, bytes: Uint8Array, date: number): Promise<void> {
  await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
  // No file system has a date for each number: the date is worth less than the letter.
  await utimes(path, new Date(), new Date(date)).catch(() => undefined);
}

/** Many files in a row cost little more than one: a journal is written for all of them. */
export async function syncFiles(paths: string[]): Promise<void> {
  for (const path of paths) {
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** Gives a finished file its name, unless that is taken; sync the folder then. @throws MailError `bad-request` */
export async function publishFile(from: string, to: string): Promise<void> {
  try {
    // Other than a rename, a link never replaces what is there.
    await link(from, to);
    crashPoint('export.linked');
    await unlink(from);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') throw taken(to);
    // No links here (FAT, some network disks).
    if (await exists(to)) throw taken(to);
    await rename(from, to);
  }
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
