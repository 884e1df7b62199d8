import type { StructurePart } from '../../shared/model/message.ts';
import { leaves, readStructure } from './structure.ts';

/** Letters up to this many bytes are read whole. */
const WHOLE = 16 * 1024 * 1024;
/** Of a part of a larger one so many bytes are read as text: nobody reads more, and a thread has only so much memory. */
export const READABLE = 4 * 1024 * 1024;

/**
 * A letter for whoever wants its words: in a very large one the parts that are very large are cut, files left out. What is
 * kept, shown as source and saved is always the letter itself.
 */
export function bounded(raw: Uint8Array): Uint8Array {
  if (raw.length <= WHOLE) return raw;
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const part of leaves(readStructure(raw)).filter((one) => one.end - one.bodyStart > READABLE)) {
    pieces.push(raw.subarray(at, part.bodyStart + (isText(part) ? READABLE : 0)));
    at = part.end;
  }
  pieces.push(raw.subarray(at));
  return Buffer.concat(pieces);
}

function isText({ type, disposition }: StructurePart): boolean {
  return /^(?:text|multipart)\//u.test(type) && disposition !== 'attachment';
}
