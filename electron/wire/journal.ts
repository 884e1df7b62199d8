import type { ConnectionId } from '../../shared/model/ids.ts';
import type { WireConnection, WireLine } from '../../shared/wire/line.ts';
import type { Transcript, TranscriptInfo } from '../../shared/wire/transcript.ts';
import { MailError } from '../../shared/contract/mail-error.ts';
import type { ConnectionPlan, Recorder, WireLog } from '../app/ports-engine.ts';
import { Redactor } from './redact.ts';
import { splitterFor, type Piece } from './split.ts';
import { TranscriptWriter } from './transcript-writer.ts';
import { listTranscripts, readTranscript } from './transcripts.ts';

/** Lines kept in memory for a window that opens later. */
const RECENT = 20_000;
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
 * Lines go to memory, to the windows in batches, and to one file per connection (`transcript-writer.ts`).
 */
export class Journal implements WireLog {
  readonly #options: JournalOptions;
  readonly #connections = new Map<ConnectionId, WireConnection>();
  #lines: WireLine[] = [];
  #fresh: WireLine[] = [];
  #touched = new Set<ConnectionId>();
  #timer: NodeJS.Timeout | undefined;
  #next = 1;
  readonly #writer: TranscriptWriter | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    if (options.directory !== undefined) this.#writer = new TranscriptWriter(options.directory);
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
    if (this.#writer) connection.session = this.#writer.sessionOf(connection);
    this.#connections.set(id, connection);
    this.#writer?.begin(connection);
    const splitter = splitterFor(plan.protocol);
    const redactor = new Redactor(plan.protocol, plan.secrets, plan.server.user);
    let seq = 0;
    const add = (line: Omit<WireLine, 'connection' | 'seq' | 'at'>) => {
      seq += 1;
      const whole: WireLine = { connection: id, seq, at: Date.now(), ...line };
      this.#add(whole);
      plan.hear?.(whole);
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
    await this.#writer?.flush();
  }

  async transcripts(): Promise<TranscriptInfo[]> {
    const directory = this.#options.directory;
    if (directory === undefined) return [];
    await this.flush();
    return (await listTranscripts(directory)).map((info) => this.#now(info));
  }

  async transcript(session: string): Promise<Transcript> {
    const directory = this.#options.directory;
    if (directory === undefined) throw new MailError('not-found', session);
    await this.flush();
    const read = await readTranscript(directory, session);
    return { ...read, info: this.#now(read.info) };
  }

  /** What a file can't know: that its connection is still open. */
  #now(info: TranscriptInfo): TranscriptInfo {
    const live = this.#writer?.live().get(info.session);
    if (!live) return info;
    return { ...info, state: 'open', bytesIn: live.bytesIn, bytesOut: live.bytesOut };
  }

  /** A program that runs for months opens many connections; the lanes need the latest. */
  #forgetOldest(): void {
    const closed = [...this.#connections.values()].filter((one) => one.closed !== undefined);
    for (const one of closed.slice(0, -CLOSED)) {
      // What waits for its batch is still to be told.
      if (this.#touched.has(one.id)) continue;
      this.#connections.delete(one.id);
      this.#writer?.forget(one.id);
    }
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
    const touched = [...this.#touched];
    const connections = touched.flatMap((id) => this.#connections.get(id) ?? []);
    this.#fresh = [];
    this.#touched = new Set();
    if (lines.length === 0 && connections.length === 0) return;
    this.#lines.push(...lines);
    if (this.#lines.length > RECENT * 1.25) this.#lines = this.#lines.slice(-RECENT);
    this.#options.publish({ connections: connections.map((one) => ({ ...one })), lines });
    this.#writer?.write(touched, lines);
  }
}
