import type { MailboxId } from '../../shared/model/ids.ts';
import type { Ports } from './ports.ts';
import type { ArchivedLetter, ArchiveProblem, Archives, MboxKind, OpenedArchive } from './ports-store.ts';
import { crashPoint } from '../fault/crash-point.ts';

/** What is committed at a time: so many messages, or so many bytes. */
const COUNT = 100;
const BYTES = 8 * 1024 * 1024;

export interface ImportOptions {
  /** Called after each batch; bytes of the archive read and in all, messages taken in and left out so far. */
  progress?: (so: { done: number; total: number; added: number; skipped: number }) => void;
  /** Looked at between two batches. */
  signal?: AbortSignal;
  /** What the person knows of an mbox file. */
  kind?: MboxKind | undefined;
}

export interface Imported {
  kind: OpenedArchive['kind'];
  added: number;
  /** Messages that the mailbox held already. */
  skipped: number;
  /** Messages that would be others if the file were mboxo. */
  undecided: number;
  problems: ArchiveProblem[];
  /** True when it was stopped; run again, it goes on where it was. */
  interrupted: boolean;
}

/**
 * Takes mail from an mbox file, a Maildir, a folder of .eml files or one of them into a mailbox. What that holds already is
 * left out, so it may be run again. Where there is a server it is told of each message afterwards: poke the account.
 * @throws MailError `not-found` or `bad-request` when there is no mail at this path
 */
export async function importMail(
  ports: Pick<Ports, 'store' | 'events'> & { archives: Archives },
  path: string,
  mailbox: MailboxId,
  { progress, signal, kind }: ImportOptions = {},
): Promise<Imported> {
  const { store, events, archives } = ports;
  const archive = await archives.open(path, kind);
  const result: Imported = {
    kind: archive.kind,
    added: 0,
    skipped: 0,
    undecided: 0,
    problems: [],
    interrupted: false,
  };
  let batch: ArchivedLetter[] = [];
  let bytes = 0;
  const commit = async (done: number) => {
    if (batch.length > 0) {
      const { added, skipped, delta } = await store.importLetters(mailbox, batch);
      events.publish('delta', delta);
      result.added += added;
      result.skipped += skipped;
      crashPoint('import.batch');
    }
    batch = [];
    bytes = 0;
    progress?.({ done, total: archive.size, added: result.added, skipped: result.skipped });
  };
  for await (const found of archive.letters()) {
    if ('problem' in found) {
      result.problems.push(found.problem);
      continue;
    }
    batch.push(found.letter);
    if (found.undecided) result.undecided += 1;
    bytes += found.letter.bytes.length;
    if (batch.length < COUNT && bytes < BYTES) continue;
    await commit(found.done);
    if (signal?.aborted) return { ...result, interrupted: true };
  }
  await commit(archive.size);
  return result;
}
