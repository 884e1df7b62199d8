import type { Socket } from 'node:net';
import type { ConsoleLink, ConsoleTarget, Recorder, WireLog } from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { ServerSettings } from '../../../shared/model/account.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { Protocol, WireLine } from '../../../shared/wire/line.ts';
import type { Expects } from '../../../shared/wire/turn.ts';
import { dial } from '../../net/dial.ts';
import { networkError } from '../../net/policy.ts';
import { Pace } from './pace.ts';

/** ms for the server to take its leave after we said that we have. */
const PATIENCE = 1000;

/**
 * Connects a person to a server: protected as asked, then whatever is typed is said. Nothing is sent by itself
 * but what STARTTLS needs. The transcript is written like that of every other connection.
 * @param hear told every line of both sides, redacted, from the first note on
 * @throws MailError
 */
export async function openConsole(
  target: ConsoleTarget,
  wire: WireLog,
  hear: (line: WireLine) => void,
): Promise<ConsoleLink> {
  const server: ServerSettings = { ...target.server, user: target.server.user ?? '' };
  const pace = new Pace(target.protocol, target.piped === true);
  let link: Console | undefined;
  const recorder = wire.open({
    protocol: target.protocol,
    server,
    ...(target.account === undefined ? {} : { account: target.account }),
    email: target.email ?? server.user,
    purpose: 'console',
    secrets: target.secrets ?? [],
    hear: (line) => {
      const verdict = pace.hear(line);
      hear(line);
      link?.heard(verdict === 'refused' ? line.text : undefined);
    },
  });
  try {
    const { socket } = await dial(target.protocol, server, recorder, target.clearText === true);
    link = new Console(socket, target.protocol, server, recorder, pace);
    return link;
  } catch (thrown) {
    const error = networkError(thrown, server);
    recorder.close(`failed ${error.failure.detail.replaceAll(/\s*\r?\n\s*/gu, ' ')}`);
    throw error;
  }
}

interface Typed {
  /** With CRLF. */
  bytes: Buffer;
  resolve(): void;
  reject(error: Error): void;
}

class Console implements ConsoleLink {
  readonly connection;
  readonly closed: Promise<Failure | undefined>;
  readonly #socket: Socket;
  readonly #protocol: Protocol;
  readonly #server: ServerSettings;
  readonly #pace: Pace;
  #queue: Typed[] = [];
  #settled: (() => void)[] = [];
  /** The server's words that made what is queued unwanted. */
  #refusal: string | undefined;
  /** Its words in the end, for what comes later. */
  #refused = '';
  #scheduled = false;
  #over = false;

  constructor(socket: Socket, protocol: Protocol, server: ServerSettings, recorder: Recorder, pace: Pace) {
    this.connection = recorder.connection;
    this.#socket = socket;
    this.#protocol = protocol;
    this.#server = server;
    this.#pace = pace;
    let failure: MailError | undefined;
    socket.on('error', (error) => (failure ??= networkError(error, server)));
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#over = true;
        recorder.close(failure ? `failed ${failure.failure.detail}` : 'closed');
        this.#next();
        resolve(failure?.failure);
      });
    });
    // What comes is heard by the tap; here it is only let through.
    socket.resume();
  }

  get expects(): Expects {
    return this.#pace.expects;
  }

  async send(text: string): Promise<void> {
    const lines = text.split(/\r\n|\r|\n/u);
    await Promise.all(lines.map((line) => this.#type(line)));
  }

  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#settled.push(resolve);
      this.#schedule();
    });
  }

  close(): void {
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), PATIENCE).unref();
  }

  /** Something was said. What it lets us say goes out a moment later: the transcript keeps the order of the wire. */
  heard(refusal: string | undefined): void {
    this.#refusal ??= refusal;
    this.#schedule();
  }

  #type(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ bytes: Buffer.from(`${line}\r\n`), resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#next();
    });
  }

  #next(): void {
    if (this.#refusal !== undefined) this.#drop(this.#refusal);
    while (this.#queue.length > 0 && (this.#over || !this.#pace.held)) {
      const typed = this.#queue.shift();
      if (!typed) break;
      const text = typed.bytes.toString('latin1');
      const changes = this.#pace.atCommand ? beneath(this.#protocol, text) : undefined;
      if (this.#over) typed.reject(this.#error('connection-lost', ''));
      else if (this.#pace.drops(text)) typed.reject(this.#error('server-refused', this.#refused));
      else if (changes !== undefined) typed.reject(this.#error('bad-request', changes));
      else {
        this.#pace.sending(text);
        this.#socket.write(typed.bytes);
        typed.resolve();
      }
    }
    if (!this.#over && (this.#queue.length > 0 || this.expects.kind === 'answer')) return;
    for (const resolve of this.#settled.splice(0)) resolve();
  }

  #drop(words: string): void {
    this.#refusal = undefined;
    this.#refused = words;
    while (this.#queue[0] && this.#pace.drops(this.#queue[0].bytes.toString('latin1'))) {
      this.#queue.shift()?.reject(this.#error('server-refused', words));
    }
    this.#pace.forgive();
  }

  #error(code: 'server-refused' | 'bad-request' | 'connection-lost', detail: string): MailError {
    const { host, port } = this.#server;
    return new MailError(code, detail, { host, port });
  }
}

/** Commands after which the bytes are no longer lines; the connection does it, or nobody. */
function beneath(protocol: Protocol, line: string): string | undefined {
  const [first = '', second = ''] = line.trim().toUpperCase().split(/\s+/u);
  const verb = protocol === 'imap' ? second : first;
  if (verb === 'STARTTLS' || verb === 'STLS') {
    return `${verb}: TLS is begun while connecting, by ${protocol}+starttls://`;
  }
  if (verb === 'COMPRESS') return 'COMPRESS: the transcript would show compressed bytes';
  return undefined;
}
