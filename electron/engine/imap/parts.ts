import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import type { BodyPart } from '../../app/ports-engine.ts';

/** Deeper, or more parts, than anything a person wrote. */
const DEPTH = 50;
const PARTS = 2000;

/** @returns the tree of a message's parts as the server parsed it; undefined when the message is gone */
export async function fetchStructure(client: ImapFlow, uid: number): Promise<BodyPart | undefined> {
  const found = await client.fetchOne(String(uid), { uid: true, bodyStructure: true }, { uid: true });
  if (!found || !found.bodyStructure) return undefined;
  let left = PARTS;
  const partOf = (node: MessageStructureObject, depth: number): BodyPart => {
    const children = depth < DEPTH ? (node.childNodes ?? []) : [];
    const name = node.dispositionParameters?.['filename'] ?? node.parameters?.['name'];
    return {
      part: node.part ?? '1',
      type: node.type.toLowerCase(),
      encoding: (node.encoding ?? '7bit').toLowerCase(),
      size: node.size ?? 0,
      parameters: node.parameters ?? {},
      ...(node.disposition ? { disposition: node.disposition.toLowerCase() } : {}),
      ...(name === undefined ? {} : { name }),
      ...(node.id ? { contentId: node.id } : {}),
      children: children.filter(() => left-- > 0).map((one) => partOf(one, depth + 1)),
    };
  };
  return partOf(found.bodyStructure, 0);
}

/**
 * Pieces of a message as they are encoded (BODY.PEEK): nothing is marked as read.
 * @param wanted `HEADER`, `TEXT`, `1.MIME`, `2.1`; nothing is the whole message. Limits in bytes.
 * @returns in the same order; empty what is not there
 */
export async function fetchSections(
  client: ImapFlow,
  uid: number,
  wanted: { section: string; limit?: number }[],
): Promise<Uint8Array[]> {
  const whole = wanted.find((one) => one.section === '');
  const bodyParts = wanted
    .filter((one) => one !== whole)
    .map(({ section, limit }) =>
      limit === undefined ? section : { key: section, start: 0, maxLength: limit },
    );
  const source = whole && (whole.limit === undefined ? true : { start: 0, maxLength: whole.limit });
  const query = { uid: true, ...(bodyParts.length > 0 ? { bodyParts } : {}), ...(source ? { source } : {}) };
  const found = await client.fetchOne(String(uid), query, { uid: true });
  return wanted.map(
    (one) => (found && (one === whole ? found.source : partOf(found, one.section))) || Buffer.alloc(0),
  );
}

function partOf(found: FetchMessageObject, section: string): Buffer | undefined {
  const wanted = section.toLowerCase();
  if (wanted === 'header' && found.headers) return found.headers;
  for (const [key, bytes] of found.bodyParts ?? []) if (key.toLowerCase() === wanted) return bytes;
  return undefined;
}

/** A part's content, decoded as it comes, a piece at a time. @returns false when it is not there */
export async function downloadPart(
  client: ImapFlow,
  uid: number,
  part: string,
  tell: (piece: Uint8Array) => Promise<void>,
): Promise<boolean> {
  const { content } = await client.download(String(uid), part, { uid: true });
  if (!content) return false;
  for await (const piece of content) await tell(piece as Uint8Array);
  return true;
}
