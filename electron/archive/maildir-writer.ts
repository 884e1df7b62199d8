import { randomBytes } from 'node:crypto';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { ArchiveWriter } from '../app/ports-store.ts';
import { codeOf, publishFile, syncFiles, syncFolder, writeNew } from './durable.ts';
import { lettersOf } from './flags.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** A file name can't hold a colon on Windows; a semicolon is what others use there. */
const SEPARATOR = process.platform === 'win32' ? ';' : ':';
/** Letters delivered together. */
const TOGETHER = 100;

/**
 * A Maildir, made or added to: letters are written into tmp and, once they are on disk, named in cur, its flags in
 * its name, its date that of the file.
 * @throws MailError `bad-request` when the target is something else
 */
export async function createMaildir(target: string): Promise<ArchiveWriter> {
  const [tmp, cur, fresh] = ['tmp', 'cur', 'new'].map((name) => join(target, name)) as [
    string,
    string,
    string,
  ];
  const there = await readdir(target).catch((thrown: unknown): string[] => {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw new MailError('bad-request', `${target} is there already and is no Maildir`);
  });
  if (there.length > 0 && !(there.includes('cur') && there.includes('new')))
    throw new MailError('bad-request', `${target} is there already and is no Maildir`);
  for (const folder of [tmp, cur, fresh]) await mkdir(folder, { recursive: true, mode: 0o700 });
  await syncFolder(target);
  // Sorted by name the letters are in the order they were given in: the number counts up.
  const begun = Math.floor(Date.now() / 1000);
  const run = randomBytes(4).toString('hex');
  let count = 0;
  let written: { path: string; name: string }[] = [];
  const deliver = async () => {
    const all = written;
    written = [];
    await syncFiles(all.map(({ path }) => path));
    crashPoint('export.letters');
    for (const { path, name } of all) await publishFile(path, join(cur, name));
    crashPoint('export.delivered');
    await syncFolder(cur);
  };
  return {
    add: async (letter) => {
      count += 1;
      const name = `${begun}.M${String(count).padStart(8, '0')}P${process.pid}R${run}.glasspost`;
      const path = join(tmp, name);
      await writeNew(path, letter.bytes, letter.date ?? Date.now());
      written.push({ path, name: `${name}${SEPARATOR}2,${lettersOf(letter.flags)}` });
      if (written.length === TOGETHER) await deliver();
    },
    finish: deliver,
    // What was delivered is a letter among others by now, and so are those that were given last.
    abandon: async () => {
      const last = written;
      await deliver().catch(async () => {
        for (const { path } of last) await unlink(path).catch(() => undefined);
      });
    },
  };
}
