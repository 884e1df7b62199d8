import { open, rename, rm } from 'node:fs/promises';
import type { MessageKey } from '../../shared/model/ids.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import { leaves } from './skeleton.ts';
import type { Accounts } from './accounts.ts';
import type { Partial } from './partial.ts';
import type { Ports } from './ports.ts';

/**
 * Fetches one part of a message that is not here and writes it where the person wants it, as it comes; how far it is is told
 * by `progress` under `part:<key>:<part>`.
 * @returns the path, or null when the person changed their mind
 * @throws MailError
 */
export async function saveRemotePart(
  { shell, events }: Pick<Ports, 'shell' | 'events'>,
  accounts: Accounts,
  id: MessageKey,
  partial: Partial,
  part: string,
): Promise<string | null> {
  const wanted = leaves(partial.structure).find((one) => one.part === part);
  if (!wanted) throw new MailError('not-found', 'the message has no such part');
  const path = await shell.chooseSave(wanted.name ?? `part-${part}`);
  if (path === null) return null;
  const making = `${path}.part`;
  const file = await open(making, 'w', 0o600);
  let done = 0;
  try {
    await accounts.download(id, part, async (piece) => {
      await file.write(piece);
      done += piece.length;
      events.publish('progress', {
        task: `part:${id}:${part}`,
        done,
        total: Math.max(done, decoded(wanted)),
      });
    });
    await file.sync();
  } catch (thrown) {
    await file.close();
    await rm(making, { force: true });
    throw thrown;
  }
  await file.close();
  await rename(making, path);
  return path;
}

function decoded({ encoding, size }: { encoding: string; size: number }): number {
  return encoding === 'base64' ? Math.floor((size * 57) / 78) : size;
}
