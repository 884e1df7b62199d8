import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArchiveWriter } from '../app/ports-store.ts';
import { requireFree, syncFiles, syncFolder, writeNew } from './durable.ts';
import { LetterNames } from './names.ts';
import { partName } from './part-name.ts';
import { crashPoint } from '../fault/crash-point.ts';

/**
 * A folder of .eml files, one a letter, dated as the letters; it has its name only once it is whole. This format has no
 * place for flags.
 * @throws MailError `bad-request` when the target is there
 */
export async function createEmlFolder(target: string): Promise<ArchiveWriter> {
  await requireFree(target);
  const path = partName(target);
  await mkdir(path, { mode: 0o700 });
  const names = new LetterNames();
  const written: string[] = [];
  return {
    add: async (letter) => {
      const date = letter.date ?? Date.now();
      const file = join(path, names.next(date, letter.subject));
      await writeNew(file, letter.bytes, date);
      written.push(file);
    },
    finish: async () => {
      await syncFiles(written);
      await syncFolder(path);
      await requireFree(target);
      crashPoint('export.folder');
      await rename(path, target);
      crashPoint('export.named');
      await syncFolder(dirname(target));
    },
    abandon: () => rm(path, { recursive: true, force: true }),
  };
}
