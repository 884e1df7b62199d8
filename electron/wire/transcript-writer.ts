import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionId } from '../../shared/model/ids.ts';
import type { WireConnection, WireLine } from '../../shared/wire/line.ts';
import { SessionId, type TranscriptEnd, type TranscriptHead } from '../../shared/wire/transcript.ts';

/** Bytes of transcripts kept on disk; the oldest files go first. */
const DISK_LIMIT = 64 * 1024 * 1024;
/** Bytes written before the limit is looked at again: a program may run for months. */
const PRUNE_EVERY = 8 * 1024 * 1024;
const EXTENSION = '.jsonl';

interface Open {
  connection: WireConnection;
  session: SessionId;
  begun: boolean;
  lines: number;
}

/**
 * One file a connection: a record about it, its lines, a record that it ended. Only what the journal has redacted
 * comes here. A transcript is a convenience: a full disk must not stop the mail, so a failed write is dropped.
 */
export class TranscriptWriter {
  readonly #directory: string;
  /** Tells one run of the program from every other in the names of files. */
  readonly #run = `${new Date().toISOString().replace(/[-:.]/gu, '')}${process.pid.toString(36)}`;
  readonly #open = new Map<ConnectionId, Open>();
  #written = 0;
  #disk: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
    this.#later(async () => {
      await mkdir(directory, { recursive: true });
      await this.#prune();
    });
  }

  sessionOf(connection: Pick<WireConnection, 'id' | 'protocol'>): SessionId {
    return `${this.#run}-${String(connection.id).padStart(4, '0')}-${connection.protocol}`;
  }

  /** Connections of this run that are not over. */
  live(): Map<SessionId, WireConnection> {
    return new Map(
      [...this.#open.values()]
        .filter((one) => one.connection.closed === undefined)
        .map((one) => [one.session, one.connection]),
    );
  }

  begin(connection: WireConnection): void {
    this.#open.set(connection.id, {
      connection,
      session: this.sessionOf(connection),
      begun: false,
      lines: 0,
    });
  }

  /** Writes a batch. A connection that is over gets its end; should more come of it, another one follows. */
  write(touched: readonly ConnectionId[], lines: readonly WireLine[]): void {
    const texts = new Map<ConnectionId, string>();
    const add = (id: ConnectionId, record: TranscriptHead | TranscriptEnd | WireLine) =>
      texts.set(id, `${texts.get(id) ?? ''}${JSON.stringify(record)}\n`);
    for (const id of touched) {
      const one = this.#open.get(id);
      if (!one || one.begun) continue;
      one.begun = true;
      const { closed: _closed, bytesIn: _in, bytesOut: _out, ...about } = one.connection;
      add(id, { record: 'open', version: 1, ...about, session: one.session });
    }
    for (const line of lines) {
      const one = this.#open.get(line.connection);
      if (!one) continue;
      one.lines = line.seq;
      add(line.connection, line);
    }
    const files = [...texts].flatMap(([id, text]) => {
      const one = this.#open.get(id);
      return one ? [{ one, text: text + endOf(one) }] : [];
    });
    if (files.length === 0) return;
    this.#later(async () => {
      for (const { one, text } of files) {
        await appendFile(this.#path(one.session), text, { mode: 0o600 });
        this.#written += text.length;
      }
      if (this.#written > PRUNE_EVERY) await this.#prune();
    });
  }

  /** The connection will not be heard of again. */
  forget(id: ConnectionId): void {
    this.#open.delete(id);
  }

  /** Resolves when everything given so far is on disk, or failed to get there. */
  async flush(): Promise<void> {
    await this.#disk;
  }

  #path(session: SessionId): string {
    return join(this.#directory, session + EXTENSION);
  }

  #later(work: () => Promise<void>): void {
    this.#disk = this.#disk.then(work).catch(() => undefined);
  }

  async #prune(): Promise<void> {
    this.#written = 0;
    const live = this.live();
    let total = 0;
    for (const session of await sessionsIn(this.#directory)) {
      const path = this.#path(session);
      total += (await stat(path)).size;
      if (total > DISK_LIMIT && !live.has(session)) await rm(path, { force: true });
    }
  }
}

function endOf({ connection, lines }: Open): string {
  if (connection.closed === undefined) return '';
  const { closed, bytesIn, bytesOut } = connection;
  const end: TranscriptEnd = { record: 'end', closed, bytesIn, bytesOut, lines };
  return `${JSON.stringify(end)}\n`;
}

/** The transcripts of a directory by name, newest first. */
export async function sessionsIn(directory: string): Promise<SessionId[]> {
  const key = (name: SessionId): [string, number] => {
    const [run = '', number = ''] = name.split('-');
    return [run, Number(number)];
  };
  return (await readdir(directory))
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .filter((name) => SessionId.safeParse(name).success)
    .map((name) => ({ name, key: key(name) }))
    .sort((a, b) => (a.key[0] === b.key[0] ? b.key[1] - a.key[1] : a.key[0] < b.key[0] ? 1 : -1))
    .map(({ name }) => name);
}
