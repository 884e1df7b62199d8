import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readEnvelope } from '../../shared/mail/envelope.ts';
import type { Flag } from '../../shared/model/message.ts';
import type { ArchivedLetter, ArchiveProblem } from '../app/ports-store.ts';

/** A message larger than this is not taken for one; bytes. */
export const LARGEST = 256 * 1024 * 1024;
/** ms; a Date field from later than this says nothing. */
const DAY = 24 * 60 * 60 * 1000;

export interface LetterFile {
  path: string;
  size: number;
  flags: Flag[];
  /** When the date of the file counts before the Date field. */
  arrival: boolean;
}

/** One letter a file: what can't be read is told by name, and the others go on. */
export async function* readLetterFiles(
  files: LetterFile[],
): AsyncGenerator<{ done: number } & ({ letter: ArchivedLetter } | { problem: ArchiveProblem })> {
  let done = 0;
  for (const { path, size, flags, arrival } of files) {
    done += size;
    const name = basename(path);
    try {
      if (size > LARGEST) throw new Error(`larger than ${LARGEST} bytes`);
      const { mtimeMs } = await stat(path);
      const bytes = await readFile(path);
      const written = arrival ? undefined : readEnvelope(bytes).date;
      const date = written !== undefined && written <= Date.now() + DAY ? written : Math.round(mtimeMs);
      yield { done, letter: { bytes, flags, date } };
    } catch (thrown) {
      yield { done, problem: { name, detail: thrown instanceof Error ? thrown.message : String(thrown) } };
    }
  }
}
