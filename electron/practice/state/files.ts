import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Put a file in its place whole: a reader finds the old one or the new one, whenever the process ends. */
export async function replaceFile(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  const file = await open(draft, 'w', mode);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

/** The text of a file; undefined where there is none. */
export async function readText(path: string): Promise<string | undefined> {
  return (await readBytes(path))?.toString('utf8');
}

/** The bytes of a file; undefined where there is none. */
export async function readBytes(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** The folder of a user. Any address makes a name that is good everywhere and no other's. */
export function accountFolder(folder: string, email: string): string {
  return join(folder, Buffer.from(email.toLowerCase()).toString('hex'));
}

export const accountFile = (folder: string): string => join(folder, 'account.json');
export const mailboxFolder = (folder: string, id: number): string => join(folder, String(id));
export const mailboxFile = (folder: string): string => join(folder, 'mailbox.json');
export const letterFile = (folder: string, uid: number): string => join(folder, `${uid}.eml`);

/** The UID that a file is named after; undefined for any other file. */
export function uidOfFile(name: string): number | undefined {
  const uid = /^([1-9]\d{0,9})\.eml$/.exec(name)?.[1];
  return uid === undefined ? undefined : Number(uid);
}
