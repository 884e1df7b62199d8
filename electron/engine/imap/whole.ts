import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { Following, IncomingMessage } from '../../app/ports-engine.ts';
import { fromWire } from './flags.ts';

/** Bytes of one piece: a single message comes in pieces, however large it is. */
const PIECE = 16 * 1024 * 1024;
/** The same where somebody watches, and may want to stop it. */
const SMALL_PIECE = 1024 * 1024;
/** Above this a message is not for a person to read at once. */
const LARGEST = 256 * 1024 * 1024;

const ABOUT = { uid: true, flags: true, size: true, internalDate: true } as const;

/**
 * Whole messages of the selected mailbox. Where the bytes are not as many as the server counts they are asked for a second
 * time: a server that counts wrongly gives the same again, one that broke off does not.
 */
export async function fetchWhole(
  client: ImapFlow,
  uids: number[],
  following?: Following,
): Promise<IncomingMessage[]> {
  const first = await fetchOnce(client, uids, following);
  const odd = first.filter(({ found, bytes }) => found.size !== undefined && found.size !== bytes.length);
  if (odd.length === 0) return first.map(incoming);
  const second = new Map(
    (
      await fetchOnce(
        client,
        odd.map(({ found }) => found.uid),
        following,
      )
    ).map((one) => [one.found.uid, one.bytes.length]),
  );
  const sure = ({ found, bytes }: Fetched) =>
    found.size === undefined || found.size === bytes.length || second.get(found.uid) === bytes.length;
  return first.filter(sure).map(incoming);
}

interface Fetched {
  found: FetchMessageObject;
  bytes: Buffer;
}

async function fetchOnce(client: ImapFlow, uids: number[], following?: Following): Promise<Fetched[]> {
  const [single] = uids;
  if (single !== undefined && uids.length === 1) {
    const one = await inPieces(client, single, following);
    return one ? [one] : [];
  }
  const wanted = new Set(uids);
  const all = new Map<number, Fetched>();
  for await (const found of client.fetch(uids.join(','), { ...ABOUT, source: true }, { uid: true })) {
    // Nobody asked for the others.
    if (found.source && wanted.has(found.uid)) all.set(found.uid, { found, bytes: found.source });
  }
  return [...all.values()];
}

async function inPieces(client: ImapFlow, uid: number, following?: Following): Promise<Fetched | undefined> {
  const piece = following ? SMALL_PIECE : PIECE;
  const pieces: Buffer[] = [];
  let about: FetchMessageObject | undefined;
  for (let start = 0; start < LARGEST; start += piece) {
    if (following?.signal.aborted) return undefined;
    const query = { ...ABOUT, source: { start, maxLength: piece } };
    const found = (await client.fetchAll(String(uid), query, { uid: true })).findLast(
      (one) => one.uid === uid && one.source,
    );
    const { source } = found ?? {};
    if (!found || !source || following?.signal.aborted) return undefined;
    about ??= found;
    const done = start + source.length;
    following?.progress({ done, total: Math.max(done, about.size ?? 0) });
    // A server that has no partial FETCH gives all at once.
    if (source.length > piece) return { found, bytes: source };
    pieces.push(source);
    if (source.length < piece) return { found: about, bytes: Buffer.concat(pieces) };
  }
  throw new MailError('server-refused', `a message of more than ${LARGEST} bytes`);
}

function incoming({ found, bytes }: Fetched): IncomingMessage {
  return {
    uid: found.uid,
    ...fromWire(found.flags),
    ...(found.emailId === undefined ? {} : { emailId: found.emailId }),
    received: new Date(found.internalDate ?? Date.now()).getTime(),
    size: bytes.length,
    bytes,
    whole: true,
  };
}
