import type { MailboxId, MessageKey } from '../../shared/model/ids.ts';
import type { MessageRow } from '../../shared/model/message.ts';
import { failureOf } from '../../shared/contract/mail-error.ts';
import type { Ports } from './ports.ts';
import type { ArchiveFormat, ArchiveProblem, Archives } from './ports-store.ts';

/** Rows looked up at a time. */
const STEP = 200;

export interface ExportOptions {
  format: ArchiveFormat;
  /** Gets a message of which only the header is here; without it such a message is a problem. */
  fetch?: (id: MessageKey) => Promise<Uint8Array>;
  /** Called after each message; counts of messages, and bytes written. */
  progress?: (so: { done: number; total: number; bytes: number }) => void;
  signal?: AbortSignal;
}

export interface Exported {
  messages: number;
  bytes: number;
  /** Messages whose bytes could not be had: they are not in the archive. */
  problems: (ArchiveProblem & { id: MessageKey })[];
  /** True when it was stopped: then a file or a folder was not made, and a Maildir has what came before. */
  interrupted: boolean;
}

/**
 * Writes a mailbox to an mbox file, a Maildir or a folder of .eml files, oldest first, byte for byte.
 * @throws MailError `bad-request` when the target is there already
 */
export async function exportMailbox(
  ports: Pick<Ports, 'store'> & { archives: Archives },
  mailbox: MailboxId,
  target: string,
  { format, fetch, progress, signal }: ExportOptions,
): Promise<Exported> {
  const { store, archives } = ports;
  const ids = [...(await store.order({ kind: 'mailbox', mailbox })).ids].reverse() as MessageKey[];
  const writer = await archives.create(format, target);
  const result: Exported = { messages: 0, bytes: 0, problems: [], interrupted: false };
  const addOne = async (row: MessageRow) => {
    const bytes = await bytesOf(ports, row, fetch).catch((thrown: unknown) => {
      result.problems.push({ id: row.id, name: row.subject, detail: failureOf(thrown).detail });
    });
    if (!bytes) return;
    await writer.add({ bytes, flags: row.flags, date: row.date, subject: row.subject });
    result.messages += 1;
    result.bytes += bytes.length;
  };
  try {
    for (let at = 0; at < ids.length; at += STEP) {
      for (const row of await store.rows(ids.slice(at, at + STEP))) {
        if (signal?.aborted) {
          await writer.abandon();
          return { ...result, interrupted: true };
        }
        await addOne(row);
        progress?.({
          done: result.messages + result.problems.length,
          total: ids.length,
          bytes: result.bytes,
        });
      }
    }
    await writer.finish();
    return result;
  } catch (thrown) {
    await writer.abandon();
    throw thrown;
  }
}

async function bytesOf(
  { store }: Pick<Ports, 'store'>,
  row: MessageRow,
  fetch: ExportOptions['fetch'],
): Promise<Uint8Array> {
  const held = await store.raw(row.id);
  if (held) return held;
  if (!fetch) throw new Error('only the header of this message is here');
  return fetch(row.id);
}
