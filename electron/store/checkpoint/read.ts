import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { Facts } from './facts.ts';
import { CHECKPOINT, FORMAT } from './lines.ts';

const Head = z.object({ k: z.literal(FORMAT), version: z.literal(1) });
const End = z.object({ k: z.literal('end'), crc: z.number() });
const CHUNK = 1024 * 1024;

export interface ReadCheckpoint {
  facts: Facts;
  /** False when a part can't be read: then a message that is not listed is not known to be deleted. */
  sound: boolean;
}

/** Reads the checkpoint as far as it can be read. The lines of a batch that a crash cut off are taken as they are. */
export function readCheckpoint(profile: string): ReadCheckpoint | undefined {
  const path = join(profile, CHECKPOINT);
  if (!existsSync(path)) return undefined;
  const facts = new Facts();
  let sound = true;
  let sum = 0;
  let torn = false;
  let first = true;
  for (const line of linesOf(path)) {
    const text = line.toString();
    if (first) {
      first = false;
      if (Head.safeParse(parsed(text)).success) continue;
      sound = false;
    }
    const end = text.startsWith('{"k":"end"') ? End.safeParse(parsed(text)) : undefined;
    if (end?.success) {
      if (torn || end.data.crc !== sum) sound = false;
      torn = false;
      continue;
    }
    sum = crc32(line, sum);
    sum = crc32('\n', sum);
    if (!facts.read(text)) torn = true;
  }
  return { facts, sound: sound && !first };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* linesOf(path: string): Generator<Buffer> {
  const fd = openSync(path, 'r');
  try {
    let held: Buffer = Buffer.alloc(0);
    for (let at = 0; ;) {
      const chunk = Buffer.alloc(CHUNK);
      const got = readSync(fd, chunk, 0, CHUNK, at);
      if (got === 0) break;
      at += got;
      const bytes = Buffer.concat([held, chunk.subarray(0, got)]);
      let start = 0;
      for (let feed = bytes.indexOf(0x0a); feed >= 0; feed = bytes.indexOf(0x0a, start)) {
        yield bytes.subarray(start, feed);
        start = feed + 1;
      }
      held = bytes.subarray(start);
    }
    if (held.length > 0) yield held;
  } finally {
    closeSync(fd);
  }
}
