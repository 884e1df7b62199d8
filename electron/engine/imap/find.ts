import type { ImapFlow } from 'imapflow';
import type { ServerSettings } from '../../../shared/model/account.ts';
import { readEnvelope } from '../../../shared/mail/envelope.ts';
import { must } from './errors.ts';

/**
 * Looks in the selected mailbox for a message that we may have put there: the same bytes, but for line ends, which servers
 * make their own. One whose UID is known is somebody else's copy.
 */
export async function findLetter(
  client: ImapFlow,
  server: ServerSettings,
  bytes: Uint8Array,
  known: ReadonlySet<number>,
): Promise<number | undefined> {
  const wanted = withCrlf(bytes);
  const { messageId } = readEnvelope(bytes);
  const query = messageId === '' ? { all: true } : { header: { 'message-id': messageId } };
  const found = must<number[]>(await client.search(query, { uid: true }), 'SEARCH', server);
  const fresh = found.filter((uid) => !known.has(uid));
  if (fresh.length === 0) return undefined;
  const sized = await client.fetchAll(fresh.join(','), { uid: true, size: true }, { uid: true });
  for (const { uid, size } of sized) {
    if (size !== bytes.length && size !== wanted.length) continue;
    const whole = await client.fetchOne(String(uid), { source: true }, { uid: true });
    if (whole && whole.source && withCrlf(whole.source).equals(wanted)) return uid;
  }
  return undefined;
}

function withCrlf(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return Buffer.from(text.replace(/\r?\n/gu, '\r\n'), 'latin1');
}
