import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeFileSync,
  writevSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Database } from '../database.ts';
import { quote, unquote } from './quote.ts';

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

interface Open {
  id: number;
  fd: number;
  size: number;
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
    const segment = this.#writable(mailbox, account);
    const buffers: Buffer[] = [];
    const places: Place[] = [];
    let at = segment.size;
    for (const bytes of messages) {
      const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const sha256 = createHash('sha256').update(raw).digest();
      const quoted = quote(raw);
      const head = Buffer.from(postmark(raw.length, sha256));
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
    writeAll(segment.fd, buffers, segment.size);
    fdatasyncSync(segment.fd);
    return {
      places,
      commit: () => {
        this.#db.run('UPDATE segment SET size = ? WHERE id = ?', at, segment.id);
        segment.size = at;
      },
    };
  }

  /** The exact bytes of a message, or undefined when it is not here. */
  read(messageId: number): Buffer | undefined {
    const row = this.#db.get(
      'SELECT s.path, m.offset, m.length, m.raw_length FROM message m JOIN segment s ON s.id = m.segment WHERE m.id = ?',
      messageId,
    );
    if (!row) return undefined;
    const length = Number(row['length']);
    const bytes = Buffer.allocUnsafeSlow(length);
    const fd = openSync(join(this.#profile, String(row['path'])), 'r');
    try {
      for (let done = 0; done < length;) {
        const got = readSync(fd, bytes, done, length - done, Number(row['offset']) + done);
        if (got === 0) throw new Error(`the segment ${String(row['path'])} is shorter than the index says`);
        done += got;
      }
    } finally {
      closeSync(fd);
    }
    return Number(row['raw_length']) === length ? bytes : unquote(bytes);
  }

  close(): void {
    for (const { fd } of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }

  #writable(mailbox: number, account: string): Open {
    const held = this.#open.get(mailbox);
    if (held && held.size < ROLL) return held;
    if (held) closeSync(held.fd);
    const last = this.#db.get(
      'SELECT id, path, size FROM segment WHERE mailbox = ? ORDER BY id DESC LIMIT 1',
      mailbox,
    );
    const fresh = !last || Number(last['size']) >= ROLL;
    const open = fresh ? this.#create(mailbox, account) : this.#reopen(last);
    this.#open.set(mailbox, open);
    return open;
  }

  #create(mailbox: number, account: string): Open {
    const count = Number(
      this.#db.get('SELECT count(*) AS n FROM segment WHERE mailbox = ?', mailbox)?.['n'] ?? 0,
    );
    const path = join('mail', account, String(mailbox), `${String(count + 1).padStart(4, '0')}.mbox`);
    const file = join(this.#profile, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // A file left by a crash before its first commit is taken over; its bytes are set aside first.
    const fd = openSync(file, 'a+', 0o600);
    const { id } = this.#db.run('INSERT INTO segment (mailbox, path, size) VALUES (?, ?, 0)', mailbox, path);
    setTailAside(fd, file, 0);
    closeSync(fd);
    const writable = openSync(file, 'r+');
    fsyncSync(writable);
    syncDirectory(dirname(file));
    return { id, fd: writable, size: 0 };
  }

  #reopen(row: Record<string, unknown>): Open {
    const file = join(this.#profile, String(row['path']));
    const fd = openSync(file, 'r+');
    const size = Number(row['size']);
    setTailAside(fd, file, size);
    return { id: Number(row['id']), fd, size };
  }
}

/** The mbox `From ` line: the sender's place carries what a rebuild needs to take exactly this message out again. */
function postmark(length: number, sha256: Buffer): string {
  const [day, date, month, year, time] = new Date().toUTCString().replace(',', '').split(' ');
  return `From ${length}.${sha256.toString('hex')}@glasspost.invalid ${day} ${month} ${date} ${time} ${year}\n`;
}

/** A half-written tail is no message of ours yet, but it is somebody's bytes: it is kept beside the file. */
function setTailAside(fd: number, file: string, size: number): void {
  const actual = fstatSync(fd).size;
  if (actual <= size) return;
  const tail = Buffer.alloc(actual - size);
  readSync(fd, tail, 0, tail.length, size);
  writeFileSync(`${file}.torn-${Date.now()}`, tail, { mode: 0o600 });
  ftruncateSync(fd, size);
}

function writeAll(fd: number, buffers: Buffer[], position: number): void {
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

/** A new file is durable only when its directory entry is; Windows has no such call and no such need. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
