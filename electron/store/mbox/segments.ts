import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { editionOf } from '../compact/editions.ts';
import type { Database, Row } from '../database.ts';
import { postmark } from '../../mbox/postmark.ts';
import { quote, unquote } from '../../mbox/quote.ts';
import { crashPoint } from '../../fault/crash-point.ts';

/** Where a message's bytes lie: in which segment, and how long they are there and in truth. */
export interface Place {
  segment: number;
  offset: number;
  length: number;
  rawLength: number;
  sha256: Buffer;
}

/** A segment that has grown past this gets a successor; bytes. */
const ROLL = 512 * 1024 * 1024;
const LINE_END = Buffer.from('\n');
const CHUNK = 8 * 1024 * 1024;

interface Open {
  id: number;
  fd: number;
  file: string;
  /** Up to here all bytes are ours, committed or not. */
  end: number;
}

/**
 * The mail itself: append-only mboxrd files, `mail/<account>/<mailbox>/0001.mbox`. The line before a message names its
 * size and hash, so that the index can be rebuilt exactly, and any mbox program still reads the file.
 */
export class Segments {
  readonly #profile: string;
  readonly #db: Database;
  readonly #open = new Map<number, Open>();

  constructor(profile: string, db: Database) {
    this.#profile = profile;
    this.#db = db;
  }

  /**
   * Appends messages and returns when their bytes are on disk. The caller commits the places in a transaction;
   * until then the segment's known size does not count them, and a crash leaves only a tail to be set aside.
   */
  append(mailbox: number, account: string, messages: Uint8Array[]): { places: Place[]; commit(): void } {
    const { segment, size } = this.#writable(mailbox, account);
    const buffers: Buffer[] = [];
    const places: Place[] = [];
    let at = size;
    for (const bytes of messages) {
      const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const sha256 = createHash('sha256').update(raw).digest();
      const quoted = quote(raw);
      const head = Buffer.from(
        postmark({ length: raw.length, sha256: sha256.toString('hex'), date: Date.now() }),
      );
      buffers.push(head, quoted, LINE_END);
      if (quoted.at(-1) !== 0x0a) buffers.push(LINE_END);
      places.push({
        segment: segment.id,
        offset: at + head.length,
        length: quoted.length,
        rawLength: raw.length,
        sha256,
      });
      at += head.length + quoted.length + (quoted.at(-1) === 0x0a ? 1 : 2);
    }
    segment.end = at;
    writeAll(segment.fd, buffers, size);
    crashPoint('segment.written');
    fdatasyncSync(segment.fd);
    crashPoint('segment.synced');
    return {
      places,
      commit: () => void this.#db.run('UPDATE segment SET size = ? WHERE id = ?', at, segment.id),
    };
  }

  /** The exact bytes of a message, or undefined when it is not here. */
  read(messageId: number): Buffer | undefined {
    for (let last: unknown; ;) {
      const row = this.#db.get(
        'SELECT s.path, m.offset, m.length, m.raw_length FROM message m JOIN segment s ON s.id = m.segment WHERE m.id = ?',
        messageId,
      );
      if (!row) return undefined;
      try {
        return this.#bytesOf(row);
      } catch (thrown) {
        // Since the index was asked the writer may have put the letter into another file and unlinked this one.
        if (!isMissing(thrown) || row['path'] === last) throw thrown;
        last = row['path'];
      }
    }
  }

  /** No file of this segment is held open afterwards. */
  release(segment: number): void {
    for (const [mailbox, { id, fd }] of this.#open) {
      if (id !== segment) continue;
      closeSync(fd);
      this.#open.delete(mailbox);
    }
  }

  #bytesOf(row: Row): Buffer {
    const length = Number(row['length']);
    const fd = openSync(join(this.#profile, String(row['path'])), 'r');
    let bytes: Buffer;
    try {
      bytes = readAt(fd, Number(row['offset']), length);
    } finally {
      closeSync(fd);
    }
    if (bytes.length < length)
      throw new Error(`the segment ${String(row['path'])} is shorter than the index says`);
    return Number(row['raw_length']) === length ? bytes : unquote(bytes);
  }

  close(): void {
    for (const { fd } of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }

  /** The segment that new mail of a mailbox goes to, and where: the index knows, for a transaction may have failed. */
  #writable(mailbox: number, account: string): { segment: Open; size: number } {
    this.#db.requireWritable();
    this.#db.settle();
    const last = this.#db.get(
      'SELECT id, path, size FROM segment WHERE mailbox = ? ORDER BY id DESC LIMIT 1',
      mailbox,
    );
    const size = Number(last?.['size'] ?? 0);
    const held = this.#open.get(mailbox);
    if (held && held.id === last?.['id'] && size < ROLL && isSound(held, size))
      return { segment: held, size };
    if (held) closeSync(held.fd);
    this.#open.delete(mailbox);
    const reopened = last && size < ROLL ? this.#reopen(last) : undefined;
    const segment = reopened ?? this.#create(mailbox, account);
    this.#open.set(mailbox, segment);
    return { segment, size: reopened ? size : 0 };
  }

  #create(mailbox: number, account: string): Open {
    const path = this.#newPath(mailbox, account);
    const file = join(this.#profile, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // A file left by a crash before its first commit is taken over; its bytes are set aside first.
    const fd = openSync(file, 'a+', 0o600);
    crashPoint('segment.made');
    const { id } = this.#db.run('INSERT INTO segment (mailbox, path, size) VALUES (?, ?, 0)', mailbox, path);
    setTailAside(fd, file, 0);
    closeSync(fd);
    const writable = openSync(file, 'r+');
    crashPoint('segment.known');
    fsyncSync(writable);
    for (let folder = dirname(file); folder.startsWith(this.#profile); folder = dirname(folder)) {
      syncDirectory(folder);
    }
    return { id, fd: writable, file, end: 0 };
  }

  /** The next number; after a rebuild some may be missing, and files of others be among them. */
  #newPath(mailbox: number, account: string): string {
    const paths = this.#db
      .all('SELECT path FROM segment WHERE mailbox = ?', mailbox)
      .map((row) => String(row['path']));
    const last = Math.max(0, ...paths.map((path) => editionOf(path)?.number ?? 0));
    return join('mail', account, String(mailbox), `${String(last + 1).padStart(4, '0')}.mbox`);
  }

  /** Nothing, when the file is gone or shorter than it was: what is left of it is not to be written over. */
  #reopen(row: Record<string, unknown>): Open | undefined {
    const file = join(this.#profile, String(row['path']));
    const size = Number(row['size']);
    if (!existsSync(file) || statSync(file).size < size) return undefined;
    const fd = openSync(file, 'r+');
    // Another program's message may not end in a line end: ours would not begin on a line of its own.
    if (size > 0 && readAt(fd, size - 1, 1)[0] !== 0x0a) {
      closeSync(fd);
      return undefined;
    }
    setTailAside(fd, file, size);
    return { id: Number(row['id']), fd, file, end: size };
  }
}

export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}

/** @returns fewer bytes where the file ends */
export function readAt(fd: number, offset: number, length: number): Buffer {
  // Not from the pool: what crosses to another thread takes along all that lies in the same buffer.
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const got = readSync(fd, bytes, done, length - done, offset + done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}

/** An open segment is written on when it is still there, whole; what an append of ours left behind it is cut off. */
function isSound({ fd, file, end }: Open, size: number): boolean {
  const found = fstatSync(fd);
  if (found.nlink === 0 || found.size < size) return false;
  if (found.size > end) setTailAside(fd, file, size);
  else if (found.size > size) ftruncateSync(fd, size);
  return true;
}

/** A half-written tail is no message of ours yet, but it is somebody's bytes: it is kept beside the file. */
function setTailAside(fd: number, file: string, size: number): void {
  const actual = fstatSync(fd).size;
  if (actual <= size) return;
  // Durable before it is cut off here, and over no other: clocks are put back.
  let name = `${file}.torn-${Date.now()}`;
  while (existsSync(name)) name += '_';
  const aside = openSync(name, 'wx', 0o600);
  try {
    for (let at = size; at < actual;) {
      const piece = readAt(fd, at, Math.min(CHUNK, actual - at));
      if (piece.length === 0) break;
      writeAll(aside, [piece], at - size);
      at += piece.length;
    }
    fsyncSync(aside);
  } catch (thrown) {
    // Half of it is worth nothing while the whole is still where it was.
    rmSync(name, { force: true });
    throw thrown;
  } finally {
    closeSync(aside);
  }
  syncDirectory(dirname(file));
  crashPoint('tail.copied');
  ftruncateSync(fd, size);
}

/** Writes all of it, however little the system takes at once. */
export function writeAll(fd: number, buffers: Buffer[], position: number): void {
  // The kernel takes at most 1024 buffers at once (IOV_MAX), and may take fewer bytes than offered.
  for (let at = 0; at < buffers.length; at += 1000) {
    const part = buffers.slice(at, at + 1000);
    const total = part.reduce((sum, buffer) => sum + buffer.length, 0);
    let written = writevSync(fd, part, position);
    if (written < total) {
      const rest = Buffer.concat(part);
      while (written < total) written += writevSync(fd, [rest.subarray(written)], position + written);
    }
    position += total;
  }
}

/** A new file is durable only when its directory entry is, and that one's, up to the profile; Windows has no such call and no such need. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
