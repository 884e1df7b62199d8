import { join } from 'node:path';

/** A path of a socket is at most this long (`sun_path` of the strictest system, with its final zero); bytes. */
const PATH_LIMIT = 103;

/**
 * Where the program that has a profile listens to the command line; the folder is its owner's alone.
 * @returns undefined where that can't be: on Windows a pipe has no folder to be safe in, and some paths are too long
 */
export function controlPath(profile: string): string | undefined {
  const path = join(profile, 'control.sock');
  return process.platform === 'win32' || Buffer.byteLength(path) > PATH_LIMIT ? undefined : path;
}

/** One message a line, as JSON; arrays of bytes and of numbers as base64. */
export function encodeFrame(value: unknown): string {
  return `${JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return { $bytes: base64(part) };
    if (part instanceof Float64Array) {
      return { $doubles: base64(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)) };
    }
    return part;
  })}\n`;
}

/** @throws SyntaxError for what is no JSON */
export function decodeFrame(line: string): unknown {
  return JSON.parse(line, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    if ('$bytes' in part && typeof part.$bytes === 'string') return bytes(part.$bytes);
    if ('$doubles' in part && typeof part.$doubles === 'string') {
      return new Float64Array(Uint8Array.from(bytes(part.$doubles)).buffer);
    }
    return part;
  });
}

const base64 = (part: Uint8Array) =>
  Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
