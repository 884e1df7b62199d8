import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionId } from '../../shared/model/ids.ts';
import type { WireConnection, WireLine } from '../../shared/wire/line.ts';
import type { ConnectionPlan, Recorder, WireLog } from '../app/ports.ts';
import { Redactor } from './redact.ts';
import { splitterFor, type Piece } from './split.ts';

/** Lines kept in memory for a window that opens later. */
const RECENT = 20_000;
/** Bytes of transcripts kept on disk; the oldest files go first. */
const DISK_LIMIT = 64 * 1024 * 1024;
/** Closed connections remembered for the lanes. */
const CLOSED = 200;
/** ms between two batches to the windows. */
const BATCH = 50;

export interface JournalOptions {
  /** Where transcripts are written; none are when it is absent. */
  directory?: string;
  publish(batch: { connections: WireConnection[]; lines: WireLine[] }): void;
}

/**
 * What was said on every connection of the program, redacted before it is kept anywhere.
 * Lines go to memory, to the windows in batches, and to one file per connection.
 */
export class Journal implements WireLog {
  readonly #options: JournalOptions;
  readonly #connections = new Map<ConnectionId, WireConnection>();
  #lines: WireLine[] = [];
  #fresh: WireLine[] = [];
  #touched = new Set<ConnectionId>();
  #timer: NodeJS.Timeout | undefined;
  #next = 1;
  #disk: Promise<unknown> = Promise.resolve();
  /** Tells one run of the program from the next in the names of transcripts. */
  readonly #run = new Date().toISOString().replace(/[-:]|\.\d+/gu, '');

  constructor(options: JournalOptions) {
    this.#options = options;
    if (options.directory !== undefined) {
      const directory = options.directory;
      this.#later(async () => {
        await mkdir(directory, { recursive: true });
        await prune(directory);
      });
    }
  }

  open(plan: ConnectionPlan): Recorder {
    const id = this.#next++ as ConnectionId;
    const connection: WireConnection = {
      id,
      protocol: plan.protocol,
      ...(plan.account === undefined ? {} : { account: plan.account }),
      email: plan.email,
      host: plan.server.host,
      port: plan.server.port,
      security: plan.server.security,
      purpose: plan.purpose,
      opened: Date.now(),
      bytesIn: 0,
      bytesOut: 0,
    };
    this.#connections.set(id, connection);
    const splitter = splitterFor(plan.protocol);
    const redactor = new Redactor(plan.protocol, plan.secrets, plan.server.user);
    let seq = 0;
    const add = (line: Omit<WireLine, 'connection' | 'seq' | 'at'>) => {
      seq += 1;
      this.#add({ connection: id, seq, at: Date.now(), ...line });
    };
    const take = (pieces: Piece[]) => {
      for (const piece of pieces) {
        const { text, masks } = redactor.redact(piece);
        add({
          direction: piece.from,
          kind: piece.kind,
          text,
          bytes: piece.bytes,
          ...(masks.length > 0 ? { masks } : {}),
        });
      }
    };
    // What went wrong is told in the server's words, which may repeat a secret.
    const note = (words: string) => {
      const { text, masks } = redactor.known(words);
      add({ direction: 'none', kind: 'note', text, bytes: 0, ...(masks.length > 0 ? { masks } : {}) });
    };
    this.#touch(id);
    return {
      connection: id,
      sink: (from, chunk) => {
        if (from === 'client') connection.bytesOut += chunk.length;
        else connection.bytesIn += chunk.length;
        take(splitter.feed(from, chunk));
        this.#touch(id);
      },
      note,
      close: (reason) => {
        if (connection.closed !== undefined) return;
        take(splitter.end());
        note(reason);
        connection.closed = Date.now();
        this.#touch(id);
        this.#forgetOldest();
      },
    };
  }

  /** Whole up to this moment: what waited for its batch is sent first, so a listener knows it by its `seq`. */
  recent(limit: number): { connections: WireConnection[]; lines: WireLine[] } {
    this.#send();
    return { connections: [...this.#connections.values()], lines: this.#lines.slice(-limit) };
  }

  /** Resolves when every line so far is on disk. */
  async flush(): Promise<void> {
    this.#send();
    await this.#disk;
  }

  /** A program that runs for months opens many connections; the lanes need the latest. */
  #forgetOldest(): void {
    const closed = [...this.#connections.values()].filter((one) => one.closed !== undefined);
    for (const one of closed.slice(0, -CLOSED)) this.#connections.delete(one.id);
  }

  #add(line: WireLine): void {
    this.#fresh.push(line);
    this.#touch(line.connection);
  }

  #touch(id: ConnectionId): void {
    this.#touched.add(id);
    this.#timer ??= setTimeout(() => this.#send(), BATCH);
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#fresh;
    const connections = [...this.#touched].flatMap((id) => this.#connections.get(id) ?? []);
    this.#fresh = [];
    this.#touched = new Set();
    if (lines.length === 0 && connections.length === 0) return;
    this.#lines.push(...lines);
    if (this.#lines.length > RECENT * 1.25) this.#lines = this.#lines.slice(-RECENT);
    this.#options.publish({ connections: connections.map((one) => ({ ...one })), lines });
    const directory = this.#options.directory;
    if (directory !== undefined && lines.length > 0) this.#write(directory, lines);
  }

  #write(directory: string, lines: WireLine[]): void {
    const files = new Map<string, string>();
    for (const line of lines) {
      const connection = this.#connections.get(line.connection);
      if (!connection) continue;
      const name = `${this.#run}-${String(line.connection).padStart(4, '0')}-${connection.protocol}.jsonl`;
      files.set(name, `${files.get(name) ?? ''}${JSON.stringify(line)}\n`);
    }
    this.#later(async () => {
      for (const [name, text] of files) await appendFile(join(directory, name), text, { mode: 0o600 });
    });
  }

  /** Transcripts are a convenience: a full disk must not stop the mail, so a failed write is dropped. */
  #later(work: () => Promise<void>): void {
    this.#disk = this.#disk.then(work).catch(() => undefined);
  }
}

async function prune(directory: string): Promise<void> {
  const names = (await readdir(directory))
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .reverse();
  let total = 0;
  for (const name of names) {
    const path = join(directory, name);
    total += (await stat(path)).size;
    if (total > DISK_LIMIT) await rm(path, { force: true });
  }
}
