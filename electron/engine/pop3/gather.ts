import { isUtf8 } from 'node:buffer';

/** What becomes of the data of an answer while it comes. */
export interface Gatherer {
  /** Bytes so far. */
  readonly length: number;
  /** Lines so far, where they are counted. */
  readonly count?: number;
  add(part: Buffer): void;
}

/** A little more than most headers have. */
const LEAST = 8 * 1024;
/** Bytes of a further room, where a message is longer than announced. */
const MORE = 1024 * 1024;

/** The bytes of a message, written where they stay: a large one must not be in memory twice. */
export class Bytes implements Gatherer {
  readonly #full: Buffer[] = [];
  #room: Buffer;
  #used = 0;
  length = 0;

  /** @param expected bytes; memory that nothing is written to costs nothing */
  constructor(expected: number) {
    this.#room = Buffer.allocUnsafeSlow(Math.max(LEAST, expected));
  }

  add(part: Buffer): void {
    this.length += part.length;
    const fits = part.copy(this.#room, this.#used);
    this.#used += fits;
    if (fits === part.length) return;
    this.#full.push(this.#room);
    this.#room = Buffer.allocUnsafeSlow(Math.max(part.length, Math.min(MORE, this.length)));
    this.#used = part.copy(this.#room, 0, fits);
  }

  take(): Buffer {
    const last = this.#room.subarray(0, this.#used);
    if (this.#full.length > 0) return Buffer.concat([...this.#full, last]);
    // What is handed to another thread takes the whole room along.
    return this.#room.length - this.#used > this.#used / 8 ? Buffer.from(last) : last;
  }
}

/** The lines of a listing, each made into text as soon as it is whole. */
export class Lines implements Gatherer {
  readonly #lines: string[] = [];
  #rest: Buffer[] = [];
  length = 0;

  add(part: Buffer): void {
    this.length += part.length;
    let from = 0;
    for (let at = part.indexOf(0x0a); at >= 0; at = part.indexOf(0x0a, from)) {
      const end = part.subarray(from, at);
      this.#lines.push(textOf(this.#rest.length === 0 ? end : Buffer.concat([...this.#rest, end])));
      this.#rest = [];
      from = at + 1;
    }
    if (from < part.length) this.#rest.push(Buffer.from(part.subarray(from)));
  }

  get count(): number {
    return this.#lines.length;
  }

  take(): string[] {
    return this.#lines;
  }
}

/** Of UTF-8; of bytes that are none each is one character, so that two different lines stay different. */
export function textOf(line: Buffer): string {
  const end = line.at(-1) === 0x0d ? -1 : undefined;
  const bytes = line.subarray(0, end);
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
