// What a power cut may leave of the last write: images of a profile in which it is cut off or zeroed at every sector.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { rebuildIndex } from '../../electron/store/rebuild/rebuild.ts';
import { segmentFiles } from '../../electron/store/segment-files.ts';
import { openStore, type SyncStore } from '../../electron/store/sqlite-store.ts';
import type { AccountSettings } from '../../shared/model/account.ts';
import { inspect, sha256 } from './inspect.ts';

const SECTOR = 512;
const INDEX = 'glasspost.sqlite';
const WAL = `${INDEX}-wal`;
const CHECKPOINT = 'mail/checkpoint.jsonl';
const SETTINGS: AccountSettings = {
  name: 'Vera',
  email: 'vera@example.test',
  mode: 'pop3',
  leaveOnServer: 'forever',
};

/** One file in which the last write did not come through. */
export interface Image {
  what: 'segment' | 'log' | 'index' | 'checkpoint';
  name: string;
  path: string;
  bytes: Buffer;
  /** The profile that it belongs to. */
  base: string;
}

/** A profile before and after one more batch of mail, as they lie on the disk while the program runs. */
export class TornBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'glasspost-torn-'));
  /** SHA-256 of everything that was acknowledged before the last write. */
  readonly acknowledged: string[] = [];
  readonly #mailbox: number;
  #count = 0;

  constructor() {
    const profile = join(this.folder, 'profile');
    const store = openStore(profile, 'writer');
    const { account } = store.addAccount(SETTINGS);
    this.#mailbox = store.roleMailbox(account.id, 'inbox').mailbox.id;
    for (let batch = 0; batch < 5; batch += 1) this.acknowledged.push(...this.#take(store, 4, 1500));
    this.#copy(profile, 'before');
    this.#take(store, 4, 60_000);
    this.#copy(profile, 'after');
    store.close();
    this.#copy(profile, 'closed');
  }

  /** Every image there is: cut off, zeroed from there on, and one sector zeroed. */
  *images(): Generator<Image> {
    const [before, after, closed] = ['before', 'after', 'closed'].map((name) => join(this.folder, name)) as [
      string,
      string,
      string,
    ];
    const [segment = ''] = segmentFiles(after);
    const read = (folder: string, path: string) => readFileSync(join(folder, path));
    // Letters are written before the index hears of them.
    yield* torn('segment', before, segment, read(before, segment).length, read(after, segment));
    yield* torn('log', after, WAL, read(before, WAL).length, read(after, WAL));
    // The index is written from its log, which is emptied only afterwards.
    yield* halfway(after, INDEX, read(after, INDEX), this.#checkpointed(after));
    yield* torn('checkpoint', closed, CHECKPOINT, 0, read(closed, CHECKPOINT));
  }

  /** Opens an image, looks at it, goes on with it. @returns what is wrong with it */
  async check(image: Image): Promise<string[]> {
    const profile = join(this.folder, 'image');
    rmSync(profile, { recursive: true, force: true });
    cpSync(image.base, profile, { recursive: true });
    writeFileSync(join(profile, image.path), image.bytes);
    if (image.what === 'checkpoint') {
      rmSync(join(profile, INDEX));
      await rebuildIndex(profile);
    }
    const problems = this.#look(profile);
    const store = openStore(profile, 'writer');
    const tail = tailOf(profile, store);
    // A rebuild that knew nothing of accounts has made one.
    const added = this.#take(store, 1, 100, store.snapshot().mailboxes.at(0)?.id);
    store.close();
    problems.push(...this.#look(profile, added));
    const aside = tornFiles(profile);
    if (tail.length > 0 && !aside.some((one) => one.equals(tail)))
      problems.push('the tail is not beside the file');
    return problems.map((problem) => `${image.what} ${image.name}: ${problem}`);
  }

  drop(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #look(profile: string, more: string[] = []): string[] {
    const { held, problems } = inspect(profile);
    const here = new Set(held.map((one) => one.sha));
    const lost = [...this.acknowledged, ...more].filter((sha) => !here.has(sha));
    return lost.length > 0 ? [...problems, `${lost.length} letters are gone`] : problems;
  }

  #take(store: SyncStore, count: number, size: number, mailbox: number = this.#mailbox): string[] {
    const added = Array.from({ length: count }, () => {
      this.#count += 1;
      const head = `Message-ID: <${this.#count}@example.test>\r\nSubject: letter ${this.#count}\r\n\r\n`;
      const bytes = Buffer.from(
        `${head}${`From line ${this.#count} of this letter\r\n`.repeat(Math.ceil(size / 32))}`,
      );
      return {
        uidl: String(this.#count),
        flags: [],
        received: Date.now(),
        size: bytes.length,
        bytes,
        whole: true,
      };
    });
    store.apply(mailbox as never, { added, flags: [], removed: [] });
    return added.map((one) => sha256(one.bytes));
  }

  /** As a crash would find it. The shared memory of SQLite's connections is made again by whoever comes first. */
  #copy(profile: string, name: string): void {
    cpSync(profile, join(this.folder, name), { recursive: true, filter: (path) => !path.endsWith('-shm') });
  }

  #checkpointed(profile: string): Buffer {
    const copy = join(this.folder, 'checkpointed');
    cpSync(profile, copy, { recursive: true });
    const db = new Sqlite(join(copy, INDEX));
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    return readFileSync(join(copy, INDEX));
  }
}

function* torn(
  what: Image['what'],
  base: string,
  path: string,
  from: number,
  whole: Buffer,
): Generator<Image> {
  const first = Math.ceil(from / SECTOR) * SECTOR;
  for (const at of [from, ...range(first === from ? first + SECTOR : first, whole.length)]) {
    const image = (kind: string, bytes: Buffer) => ({ what, name: `${kind} at ${at}`, path, bytes, base });
    yield image('cut', whole.subarray(0, at));
    const zeroed = Buffer.from(whole);
    yield image('zeroed from', zeroed.fill(0, at));
    const hole = Buffer.from(whole);
    yield image('a sector zeroed', hole.fill(0, at, Math.min(at + SECTOR, whole.length)));
  }
}

/** Up to here the new file, from here on the old one; or a sector of neither. */
function* halfway(base: string, path: string, old: Buffer, whole: Buffer): Generator<Image> {
  for (const at of range(0, whole.length)) {
    const image = (kind: string, bytes: Buffer) => ({
      what: 'index' as const,
      name: `${kind} at ${at}`,
      path,
      bytes,
      base,
    });
    yield image('written up', Buffer.concat([whole.subarray(0, at), old.subarray(at)]));
    const hole = Buffer.from(whole);
    const page = whole.subarray(at, at + SECTOR);
    // Only what was being written can be half written.
    if (!page.equals(old.subarray(at, at + SECTOR)))
      yield image('a sector zeroed', hole.fill(0, at, at + SECTOR));
  }
}

function* range(from: number, to: number): Generator<number> {
  for (let at = from; at < to; at += SECTOR) yield at;
}

/** What lies behind the last letter that the index knows. */
function tailOf(profile: string, store: SyncStore): Buffer {
  for (const one of store.verifySegments())
    if (one.problem === 'unknown-tail')
      return readFileSync(join(profile, one.segment)).subarray(one.expected);
  return Buffer.alloc(0);
}

function tornFiles(profile: string): Buffer[] {
  return segmentFiles(profile).flatMap((file) => {
    const folder = join(profile, dirname(file));
    return readdirSync(folder)
      .filter((name) => name.includes('.torn-'))
      .map((name) => readFileSync(join(folder, name)));
  });
}
