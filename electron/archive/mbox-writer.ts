import { createHash } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ArchiveWriter } from '../app/ports-store.ts';
import { postmark } from '../mbox/postmark.ts';
import { quote } from '../mbox/quote.ts';
import { publishFile, requireFree, syncFolder } from './durable.ts';
import { lettersOf } from './flags.ts';
import { partName } from './part-name.ts';
import { crashPoint } from '../fault/crash-point.ts';

const LINE_END = Buffer.from('\n');
/** Bytes gathered before they are written. */
const GATHER = 1024 * 1024;

/**
 * An mboxrd file. Messages keep their own line ends; the line before each names its size and hash, so that reading it here
 * gives the very same bytes, and its flags. Any other mbox program sees an unusual sender and nothing else.
 * @throws MailError `bad-request` when the target is there
 */
export async function createMbox(target: string): Promise<ArchiveWriter> {
  await requireFree(target);
  const path = partName(target);
  const file = await open(path, 'wx', 0o600);
  let waiting: Buffer[] = [];
  let size = 0;
  const flush = async () => {
    const all = Buffer.concat(waiting);
    waiting = [];
    size = 0;
    await file.writeFile(all);
  };
  return {
    add: async (letter) => {
      const raw = Buffer.from(letter.bytes.buffer, letter.bytes.byteOffset, letter.bytes.byteLength);
      const sha256 = createHash('sha256').update(raw).digest('hex');
      const quoted = quote(raw);
      const head = postmark({
        length: raw.length,
        sha256,
        flags: lettersOf(letter.flags),
        date: letter.date ?? Date.now(),
      });
      waiting.push(Buffer.from(head), quoted, LINE_END);
      if (quoted.at(-1) !== 0x0a) waiting.push(LINE_END);
      size += head.length + quoted.length + 2;
      if (size >= GATHER) await flush();
    },
    finish: async () => {
      try {
        await flush();
        crashPoint('export.written');
        await file.sync();
        crashPoint('export.synced');
      } finally {
        await file.close();
      }
      await publishFile(path, target);
      await syncFolder(dirname(target));
    },
    abandon: async () => {
      await file.close().catch(() => undefined);
      await unlink(path).catch(() => undefined);
    },
  };
}
