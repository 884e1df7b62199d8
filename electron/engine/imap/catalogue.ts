import type { FetchMessageObject, ImapFlow } from 'imapflow';
import type { CatalogueEntry, TellCatalogue } from '../../app/ports-engine.ts';
import { fromWire } from './flags.ts';

/** Messages asked for at a time. */
const STEP = 2000;

/**
 * What the selected mailbox holds, newest first: numbers, lengths, flags and Message-IDs; of a message without Message-ID the
 * header. No body is asked for.
 */
export async function catalogueMailbox(client: ImapFlow, path: string, tell: TellCatalogue): Promise<void> {
  const { mailbox } = client;
  if (!mailbox) return;
  const { exists: total } = mailbox;
  const uidValidity = Number(mailbox.uidValidity);
  for (let top = total; top > 0; top -= STEP) {
    const range = `${Math.max(1, top - STEP + 1)}:${top}`;
    const found = await client.fetchAll(range, {
      uid: true,
      flags: true,
      size: true,
      internalDate: true,
      headers: ['Message-ID'],
    });
    const unnamed = found
      .filter((one) => !/^message-id:[ \t\r\n]*\S/imu.test(text(one)))
      .map((one) => one.uid);
    const headers = new Map<number, Buffer>();
    if (unnamed.length > 0)
      for (const one of await client.fetchAll(unnamed.join(','), { uid: true, headers: true }, { uid: true }))
        if (one.headers) headers.set(one.uid, one.headers);
    const entries = found
      .filter((one) => one.uid > 0)
      .map((one) => entryOf(path, uidValidity, one, headers.get(one.uid) ?? one.headers));
    await tell(entries, total);
  }
}

function text({ headers }: FetchMessageObject): string {
  return headers?.toString('latin1') ?? '';
}

function entryOf(
  path: string,
  uidValidity: number,
  found: FetchMessageObject,
  header: Buffer | undefined,
): CatalogueEntry {
  const { flags, keywords } = fromWire(found.flags, undefined);
  return {
    path,
    uidValidity,
    number: found.uid,
    size: found.size ?? 0,
    ...(header ? { header } : {}),
    flags,
    keywords,
    received: new Date(found.internalDate ?? Date.now()).getTime(),
  };
}
