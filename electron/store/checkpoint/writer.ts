import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Database } from '../database.ts';
import { syncDirectory } from '../mbox/segments.ts';
import { allLines, changedLines, CHECKPOINT, FORMAT } from './lines.ts';
import { crashPoint } from '../../fault/crash-point.ts';

/** ms between a change and its line, and between two tries when the disk refuses. */
const DELAY = 1500;
const RETRY = 30_000;
/** ms between two pieces of work, in which the store answers others. */
const PAUSE = 5;
/** Lines written at a time: a few dozen ms. */
const LINES = 5000;
/** Lines that are worth nothing any more are left alone up to this many. */
const DEAD = 5000;

/** What the index remembers of the file: which one it is, how far it goes, how many lines it has. */
interface Written {
  file: string;
  size: number;
  lines: number;
  dead: number;
  /** CRC-32 of all lines but those that say it. */
  sum: number;
}

/**
 * Keeps `mail/checkpoint.jsonl` a moment behind the index: what the segments alone don't tell, so that the index can be
 * built again. Lines are appended in batches and synced; only then the changes are forgotten. When too many lines are
 * worth nothing the file is written anew beside the old one and takes its place.
 */
export class Checkpoint {
  readonly #db: Database;
  readonly #path: string;
  #timer: NodeJS.Timeout | undefined;
  #fd: number | undefined;
  #written: Written | undefined;
  /** The file being written anew. */
  #anew: Generator<void> | undefined;

  constructor(profile: string, db: Database) {
    this.#db = db;
    this.#path = join(profile, CHECKPOINT);
    db.onWrite(() => this.#later(DELAY));
    // What a crash left undone, and the file itself where there is none.
    this.#later(DELAY);
  }

  /** Writes what is left. */
  close(): void {
    clearTimeout(this.#timer);
    try {
      while (this.#step());
    } catch {
      // The changes are put down in the index: they are written when it is opened again.
    }
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#timer = undefined;
    this.#fd = undefined;
    this.#db.onWrite(() => undefined);
  }

  #later(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      try {
        if (this.#step()) this.#later(PAUSE);
      } catch {
        // A full disk must not keep mail from being stored; nothing is lost by waiting.
        this.#anew = undefined;
        this.#later(RETRY);
      }
    }, ms).unref();
  }

  /** One piece of work. @returns whether there is more */
  #step(): boolean {
    this.#written ??= this.#reopen();
    if (!this.#anew && (!this.#written || 2 * this.#written.dead > DEAD + this.#written.lines))
      this.#anew = this.#writeAnew();
    if (this.#anew) {
      if (this.#anew.next().done === true) this.#anew = undefined;
      return true;
    }
    const written = this.#written;
    if (!written || this.#fd === undefined) return true;
    const { lines, dead, forget } = changedLines(this.#db, LINES);
    if (lines.length === 0) return false;
    const { size, sum } = append(this.#fd, lines, written);
    crashPoint('checkpoint.appended');
    fdatasyncSync(this.#fd);
    crashPoint('checkpoint.synced');
    // The line that ends a batch tells nothing of its own.
    const counts = { lines: written.lines + lines.length + 1, dead: written.dead + dead + 1 };
    this.#remember({ ...written, size, sum, ...counts }, forget);
    return lines.length === LINES;
  }

  /** The file as the index knows it; nothing when it is another one or not all of it. */
  #reopen(): Written | undefined {
    const row = this.#db.get(`SELECT value FROM state WHERE name = 'checkpoint'`);
    if (!row || !existsSync(this.#path)) return undefined;
    const written = JSON.parse(String(row['value'])) as Written;
    // Appended to and not remembered, by a crash or another index: the changes are still put down.
    if (statSync(this.#path).size !== written.size) return undefined;
    const fd = openSync(this.#path, 'r+');
    const first = Buffer.alloc(head(written.file).length);
    readSync(fd, first, 0, first.length, 0);
    if (first.toString() !== head(written.file)) {
      closeSync(fd);
      return undefined;
    }
    this.#fd = fd;
    return written;
  }

  *#writeAnew(): Generator<void> {
    const file = randomUUID();
    const ours = this.#written !== undefined;
    // What changes from here on comes after what is read from here on. Until this is done the index knows of no file.
    this.#written = undefined;
    this.#db.quietly(() => {
      this.#db.run(`DELETE FROM state WHERE name = 'checkpoint'`);
      this.#db.run('DELETE FROM changed');
    });
    crashPoint('checkpoint.begun');
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const path = `${this.#path}.new`;
    const fd = openSync(path, 'w+', 0o600);
    let replaced = false;
    try {
      let so = { size: writeSync(fd, head(file), 0), sum: 0 };
      let count = 1;
      for (const lines of allLines(this.#db)) {
        so = append(fd, lines, so);
        count += lines.length;
        yield;
      }
      // All at once: with it the file is true as of now.
      const { lines, forget } = changedLines(this.#db, Number.MAX_SAFE_INTEGER);
      so = append(fd, lines, so);
      crashPoint('checkpoint.written');
      fsyncSync(fd);
      // One that belongs to another index may know what this one does not.
      if (!ours && existsSync(this.#path)) renameSync(this.#path, `${this.#path}.old`);
      crashPoint('checkpoint.aside');
      renameSync(path, this.#path);
      crashPoint('checkpoint.named');
      syncDirectory(dirname(this.#path));
      replaced = true;
      if (this.#fd !== undefined) closeSync(this.#fd);
      this.#fd = fd;
      this.#remember({ file, ...so, lines: count + lines.length, dead: lines.length }, forget);
    } finally {
      if (!replaced) closeSync(fd);
    }
  }

  #remember(written: Written, forget: () => void): void {
    this.#db.quietly(() => {
      forget();
      this.#db.run(
        `INSERT INTO state (name, value) VALUES ('checkpoint', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        JSON.stringify(written),
      );
    });
    this.#written = written;
  }
}

/** Writes lines, and one that says what all up to here sum up to. */
function append(
  fd: number,
  lines: string[],
  { size, sum }: Pick<Written, 'size' | 'sum'>,
): Pick<Written, 'size' | 'sum'> {
  if (lines.length === 0) return { size, sum };
  const text = `${lines.join('\n')}\n`;
  const crc = crc32(text, sum);
  const bytes = Buffer.from(`${text}${JSON.stringify({ k: 'end', lines: lines.length, crc })}\n`);
  for (let done = 0; done < bytes.length;)
    done += writeSync(fd, bytes, done, bytes.length - done, size + done);
  return { size: size + bytes.length, sum: crc };
}

function head(file: string): string {
  return `${JSON.stringify({ k: FORMAT, version: 1, file })}\n`;
}
