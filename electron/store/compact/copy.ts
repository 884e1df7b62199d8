import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fstatSync, openSync } from 'node:fs';
import { crashPoint } from '../../fault/crash-point.ts';
import { LONGEST_LINE, readPostmark } from '../../mbox/postmark.ts';
import { unquote } from '../../mbox/quote.ts';
import { readAt, writeAll } from '../mbox/segments.ts';
import type { Item } from './items.ts';

const LINE_END = Buffer.from('\n');
const LF = 0x0a;
/** Bytes that no letter has are copied so many at a time. */
const CHUNK = 1024 * 1024;

/** The segment is not what the index says: nothing in it is touched. */
export class NotAsKnown extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** Copies letters from one edition of a segment to the next, each compared with its hash before and after. */
export class Copy {
  readonly #from: number;
  readonly #to: number;
  readonly #asidePath: string;
  #aside: { fd: number; size: number } | undefined;
  /** The next byte of the old edition, and how many line ends before it may belong to the letter before. */
  #at = 0;
  #separators = 0;
  #size = 0;
  /** Where in the new edition each letter begins, by its place in the old one. */
  readonly places = new Map<number, number>();
  #next = 0;
  #checked = 0;

  constructor(paths: { from: string; to: string; aside: string }) {
    this.#from = openSync(paths.from, 'r');
    try {
      this.#to = openSync(paths.to, 'w+', 0o600);
    } catch (thrown) {
      closeSync(this.#from);
      throw thrown;
    }
    this.#asidePath = paths.aside;
  }

  /** Letters of the old edition from here on are to be copied; from `checked` on, to be read back. */
  get next(): number {
    return this.#next;
  }

  get checked(): number {
    return this.#checked;
  }

  /** Bytes in the new edition so far. */
  get size(): number {
    return this.#size;
  }

  get setAside(): number {
    return this.#aside?.size ?? 0;
  }

  /** What can be seen of the old file as it is now. */
  seen(): { size: number; modified: string } {
    const { size, mtimeNs } = fstatSync(this.#from, { bigint: true });
    return { size: Number(size), modified: String(mtimeNs) };
  }

  /**
   * Copies letters up to a number of bytes, the last one apart; makes them durable.
   * @returns how many bytes were read @throws NotAsKnown
   */
  take(items: Item[], limit: number): number {
    const start = this.#at;
    const buffers: Buffer[] = [];
    let length = 0;
    for (const item of items) {
      const head = this.#head(item);
      if (!this.#skipTo(item.offset - head.length, limit - (this.#at - start))) break;
      for (const one of item.kept ? this.#kept(item, head, this.#size + length) : []) {
        buffers.push(one);
        length += one.length;
      }
      this.#at = item.offset + item.length;
      this.#next = item.offset + 1;
      this.#separators = separatorsOf(item, this.#from);
      if (this.#at - start >= limit) break;
    }
    writeAll(this.#to, buffers, this.#size);
    crashPoint('compact.written');
    fdatasyncSync(this.#to);
    crashPoint('compact.copied');
    this.#size += length;
    return this.#at - start;
  }

  /** Sets aside what lies behind the last letter. @returns false when there is more than the limit */
  finish(size: number, limit: number): boolean {
    return this.#skipTo(size, limit);
  }

  /** Reads letters of the new edition back, up to a number of bytes. @throws NotAsKnown */
  check(items: Item[], limit: number): void {
    let read = 0;
    for (const item of items) {
      if (read >= limit) break;
      this.#checked = item.offset + 1;
      const place = this.places.get(item.offset);
      if (place === undefined) continue;
      this.#compare(this.#to, { ...item, offset: place }, 'the copy of a letter');
      read += item.length;
    }
  }

  close(): void {
    closeSync(this.#from);
    closeSync(this.#to);
    if (this.#aside) closeSync(this.#aside.fd);
  }

  #kept(item: Item, head: Buffer, at: number): Buffer[] {
    const bytes = this.#compare(this.#from, item, 'a letter');
    this.places.set(item.offset, at + head.length);
    return bytes.at(-1) === LF ? [head, bytes, LINE_END] : [head, bytes, LINE_END, LINE_END];
  }

  /** @returns the bytes as they are in the file */
  #compare(fd: number, item: Item, what: string): Buffer {
    const bytes = readAt(fd, item.offset, item.length);
    const raw = item.rawLength === item.length ? bytes : unquote(bytes);
    if (raw.length !== item.rawLength || !createHash('sha256').update(raw).digest().equals(item.sha256))
      throw new NotAsKnown(item.offset, `${what} is not what its hash says`);
    return bytes;
  }

  /** The line before a letter. */
  #head({ offset, rawLength, sha256 }: Item): Buffer {
    if (offset < this.#at) throw new NotAsKnown(offset, 'two letters share their bytes');
    const before = Math.max(this.#at, offset - LONGEST_LINE);
    const bytes = readAt(this.#from, before, offset - before);
    const start = bytes.lastIndexOf(LF, -2) + 1;
    const line = bytes.subarray(start);
    const mark = line.at(-1) === LF ? readPostmark(line.toString('latin1')) : undefined;
    if (mark?.length !== rawLength || mark.sha256 !== sha256.toString('hex'))
      throw new NotAsKnown(offset, 'the line before a letter is not what it was');
    return line;
  }

  /** Goes to a place in the old edition; what lies before it and belongs to no letter is set aside. */
  #skipTo(offset: number, limit: number): boolean {
    if (offset < this.#at) throw new NotAsKnown(offset, 'a letter goes on behind its end');
    const ends = readAt(this.#from, this.#at, Math.min(this.#separators, offset - this.#at));
    for (const byte of ends) {
      if (byte !== LF) break;
      this.#at += 1;
    }
    this.#separators = 0;
    const start = this.#at;
    while (this.#at < offset && this.#at - start < limit) {
      const bytes = readAt(this.#from, this.#at, Math.min(CHUNK, offset - this.#at));
      if (bytes.length === 0) throw new NotAsKnown(this.#at, 'the file has become shorter');
      this.#aside ??= { fd: openSync(this.#asidePath, 'wx', 0o600), size: 0 };
      crashPoint('compact.aside-made');
      writeAll(this.#aside.fd, [bytes], this.#aside.size);
      crashPoint('compact.aside-written');
      fdatasyncSync(this.#aside.fd);
      crashPoint('compact.aside');
      this.#aside.size += bytes.length;
      this.#at += bytes.length;
    }
    return this.#at >= offset;
  }
}

/** How many line ends were put behind a letter. */
function separatorsOf({ offset, length }: Item, fd: number): number {
  return length > 0 && readAt(fd, offset + length - 1, 1)[0] === LF ? 1 : 2;
}
