import type {
  IncomingMessage,
  Pop3Following,
  Pop3Listing,
  Pop3Missed,
  Pop3Top,
} from '../../app/ports-engine.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { Connection } from './connection.ts';
import { Doubts, isAsListed, isCut } from './doubts.ts';
import { pipeline } from './pipeline.ts';
import { MESSAGE_LIMIT, ProtocolError, type Answer } from './protocol.ts';
import { refusal } from './refusal.ts';

/** Bytes handed over for storing at once: one fsync and one transaction. */
const BATCH = 4 * 1024 * 1024;
const BATCH_COUNT = 200;
/** ms between two reports of what has come. */
const REPORT = 100;
/** Bytes that a header and some lines are taken for before they come. */
const HEADER = 8 * 1024;

/** Collects what is to be told together, so that memory stays bounded. */
class Batch<T> {
  readonly #connection: Connection;
  readonly #tell: (batch: T[]) => Promise<void>;
  readonly #before: () => Promise<void>;
  #items: T[] = [];
  #bytes = 0;

  /** @param before done before anything is told */
  constructor(
    connection: Connection,
    tell: (batch: T[]) => Promise<void>,
    before: () => Promise<void> = async () => undefined,
  ) {
    this.#connection = connection;
    this.#tell = tell;
    this.#before = before;
  }

  async add(item: T, bytes: number): Promise<void> {
    this.#items.push(item);
    this.#bytes += bytes;
    if (this.#bytes >= BATCH || this.#items.length >= BATCH_COUNT) await this.hand();
  }

  async hand(): Promise<void> {
    if (this.#items.length === 0) return;
    await this.#before();
    const full = this.#items;
    this.#items = [];
    this.#bytes = 0;
    await this.#connection.storing(this.#tell(full));
  }
}

/** Counts what came, and says so now and then, in the middle of a message too. */
class Progress {
  readonly #connection: Connection;
  readonly #report: Pop3Following['progress'];
  #messages = 0;
  #bytes = 0;
  #last = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, report: Pop3Following['progress']) {
    this.#connection = connection;
    this.#report = report;
    if (report) connection.heard = () => this.#tell();
  }

  came(bytes: number): void {
    this.#messages += 1;
    this.#bytes += bytes;
  }

  end(): void {
    this.#connection.heard = undefined;
    clearTimeout(this.#timer);
    this.#report?.({ messages: this.#messages, bytes: this.#bytes });
  }

  #tell(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#last = Date.now();
        const bytes = this.#bytes + (this.#connection.coming ?? 0);
        this.#report?.({ messages: this.#messages, bytes });
      },
      Math.max(0, this.#last + REPORT - Date.now()),
    );
  }
}

/** RETR of many messages, see `Pop3Link.download`. @throws what the connection throws */
export async function download(
  connection: Connection,
  wanted: readonly Pop3Listing[],
  pipelining: boolean,
  tell: (batch: IncomingMessage[]) => Promise<void>,
  { signal, progress }: Pop3Following = {},
): Promise<Pop3Missed[]> {
  const missed: Pop3Missed[] = [];
  const doubts = new Doubts(connection);
  const batch = new Batch(connection, tell, () => doubts.settle());
  const report = new Progress(connection, progress);
  // A message is whole when what comes behind it is an answer. Where a server forgets to double a dot its own text
  // comes there: what was read is kept, and the server is never told to delete the rest.
  let last: IncomingMessage | undefined;
  let short: Pop3Listing | undefined;
  const keep = async () => {
    const whole = last;
    const listing = short;
    last = undefined;
    short = undefined;
    // All that came of it, and the server goes on as if that were all.
    if (listing) missed.push(cut(connection, listing));
    else if (whole) await batch.add(whole, whole.size);
  };
  try {
    const fits = wanted.filter((one) => one.size <= MESSAGE_LIMIT);
    for (const listing of wanted)
      if (listing.size > MESSAGE_LIMIT) missed.push(tooLarge(connection, listing));
    const answers = pipeline(connection, fits, retr, pipelining, signal);
    for await (const { item, answer } of answers) {
      await keep();
      // A message that vanished under us is not an error of the others.
      if (answer.message) {
        report.came(answer.message.length);
        last = messageOf(item, answer.message);
        if (isCut(item, answer.message)) short = item;
        else if (!isAsListed(item, answer.message)) doubts.add(item, last);
      } else missed.push(refused(connection, item, answer));
    }
    // Where it was ended in the middle of the next answer, that has begun well.
    if (last && connection.coming === undefined && !(await isThere(connection, signal))) last = undefined;
    await keep();
  } catch (thrown) {
    if (last && thrown instanceof ProtocolError) {
      await batch.add({ ...last, stays: true }, last.size);
      await batch.hand();
    }
    throw thrown;
  } finally {
    report.end();
  }
  await batch.hand();
  return missed;
}

/** TOP of many messages, see `Pop3Link.tops`. @throws what the connection throws */
export async function tops(
  connection: Connection,
  numbers: readonly number[],
  lines: number,
  { pipelining, offered }: { pipelining: boolean; offered: boolean },
  tell: (batch: Pop3Top[]) => Promise<void>,
  { signal, progress }: Pop3Following = {},
): Promise<void> {
  const batch = new Batch(connection, tell);
  const report = new Progress(connection, progress);
  const question = (number: number) => ({
    line: `TOP ${number} ${lines}`,
    shape: 'message' as const,
    size: HEADER,
  });
  const told = async (number: number, { message }: Answer) => {
    report.came(message?.length ?? 0);
    await batch.add({ number, bytes: message }, message?.length ?? 0);
  };
  try {
    let known = offered;
    let rest = numbers;
    if (!offered) {
      // Some servers know it and don't say so: the first message tells.
      for await (const { item, answer } of pipeline(
        connection,
        numbers.slice(0, 1),
        question,
        false,
        signal,
      )) {
        known = answer.status === 'ok';
        await told(item, answer);
      }
      rest = numbers.slice(1);
    }
    if (!known) for (const number of rest) await batch.add({ number, bytes: undefined }, 0);
    else {
      for await (const { item, answer } of pipeline(connection, rest, question, pipelining, signal))
        await told(item, answer);
    }
  } finally {
    report.end();
  }
  await batch.hand();
}

const retr = ({ number, size }: Pop3Listing) => ({ line: `RETR ${number}`, shape: 'message' as const, size });

const messageOf = ({ uidl }: Pop3Listing, bytes: Buffer): IncomingMessage => ({
  uidl,
  flags: [],
  received: Date.now(),
  size: bytes.length,
  bytes,
  whole: true,
});

/** Whether the server answers; it need not when the person has ended all this. */
async function isThere(connection: Connection, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await connection.command('NOOP');
    return true;
  } catch (thrown) {
    if (signal?.aborted) return false;
    throw thrown;
  }
}

function tooLarge({ server: { host, port } }: Connection, listing: Pop3Listing): Pop3Missed {
  const failure: Failure = { code: 'letter-too-large', detail: `${listing.size} bytes`, host, port };
  return { listing, failure };
}

function cut({ server: { host, port } }: Connection, listing: Pop3Listing): Pop3Missed {
  const failure: Failure = { code: 'server-refused', detail: `RETR ${listing.number}: no body`, host, port };
  return { listing, failure };
}

const refused = (connection: Connection, listing: Pop3Listing, answer: Answer): Pop3Missed => ({
  listing,
  failure: refusal(answer, connection.server, 'not-found').failure,
});
