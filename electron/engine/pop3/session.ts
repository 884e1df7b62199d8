import type { Socket } from 'node:net';
import type { IncomingMessage, Login, Pop3Link, Pop3Listing, WireLog } from '../../app/ports-engine.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { dial } from '../../net/dial.ts';
import { ANSWER_TIMEOUT, networkError } from '../../net/policy.ts';
import { authenticate } from './authenticate.ts';
import { Pop3Protocol, ProtocolError, type Answer, type Shape } from './protocol.ts';

/** Bytes asked for and not yet received while downloading; the server works while we write to disk. */
const WINDOW = 4 * 1024 * 1024;
/** Bytes handed over for storing at once: one fsync and one transaction. */
const BATCH = 4 * 1024 * 1024;
const BATCH_COUNT = 200;

/** Dials, waits for the greeting and logs in (RFC 1939 section 4). @throws MailError */
export async function openPop3(login: Login, wire: WireLog): Promise<Pop3Link> {
  const recorder = wire.open({
    protocol: 'pop3',
    server: login.server,
    ...(login.account === undefined ? {} : { account: login.account }),
    email: login.email,
    purpose: login.purpose,
    secrets: [login.password, login.token].filter((one) => one !== undefined),
  });
  try {
    const { socket, greeting } = await dial('pop3', login.server, recorder);
    socket.once('close', () => recorder.close('closed'));
    const session = new Pop3Session(socket, login);
    await session.start(greeting);
    return session;
  } catch (thrown) {
    const error = networkError(thrown, login.server);
    recorder.close(`failed ${error.failure.detail}`);
    throw error;
  }
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** The pump between a socket and the protocol object, and the commands a download needs. */
class Pop3Session implements Pop3Link {
  readonly #socket: Socket;
  readonly #login: Login;
  readonly #protocol = new Pop3Protocol();
  readonly #waiting: Waiting[] = [];
  #capabilities = new Map<string, string>();
  #failure: Error | undefined;

  constructor(socket: Socket, login: Login) {
    this.#socket = socket;
    this.#login = login;
    socket.setTimeout(ANSWER_TIMEOUT);
    socket.on('timeout', () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  }

  /** @param greeting already read when STLS was spoken before */
  async start(greeting: string | undefined): Promise<void> {
    try {
      const first = this.#expect();
      this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
      if (greeting !== undefined) this.#receive(Buffer.from('+OK\r\n'));
      const hello = await first;
      if (hello.status !== 'ok') throw this.#refused('server-refused', hello);
      await this.#learn();
      await authenticate(this, this.#login, this.#capabilities);
      // What a server can do may change with the login (RFC 2449 section 5).
      await this.#learn();
    } catch (thrown) {
      this.close();
      throw this.#explain(thrown);
    }
  }

  /** Sends one command and waits for its answer, whatever it is. */
  command(line: string, shape: Shape = 'line'): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const answer = this.#expect();
    this.#socket.write(this.#protocol.send(line, shape));
    return answer;
  }

  async stat(): Promise<{ count: number; bytes: number }> {
    return this.#guard(async () => {
      const answer = await this.#ok('STAT', 'line');
      const found = /^(\d+) +(\d+)/u.exec(answer.text);
      if (!found) throw new ProtocolError(`STAT without figures: ${answer.text.slice(0, 80)}`);
      return { count: Number(found[1]), bytes: Number(found[2]) };
    });
  }

  async list(): Promise<Pop3Listing[]> {
    return this.#guard(async () => {
      const { count } = await this.stat();
      const sizes = await this.#ok('LIST', 'lines');
      const uidls = await this.command('UIDL', 'lines');
      const names = new Map<number, string>();
      for (const line of uidls.status === 'ok' ? uidls.lines : []) {
        const found = /^(\d+) +(\S.*?)\s*$/u.exec(line);
        if (found) names.set(Number(found[1]), found[2] ?? '');
      }
      const listed: Pop3Listing[] = [];
      for (const line of sizes.lines) {
        const found = /^(\d+) +(\d+)/u.exec(line);
        if (!found) continue;
        const number = Number(found[1]);
        listed.push({ number, size: Number(found[2]), uidl: names.get(number) ?? '' });
      }
      if (listed.length !== count || (names.size > 0 && names.size !== count)) {
        const { host, port } = this.#login.server;
        const figures = `STAT says ${count} messages, LIST ${listed.length}, UIDL ${names.size}`;
        throw new MailError('server-refused', figures, { host, port });
      }
      return listed;
    });
  }

  async download(wanted: Pop3Listing[], tell: (batch: IncomingMessage[]) => Promise<void>): Promise<void> {
    return this.#guard(async () => {
      const window = this.#capabilities.has('PIPELINING') ? WINDOW : 0;
      const flying: { item: Pop3Listing; answer: Promise<Answer> }[] = [];
      let inFlight = 0;
      let next = 0;
      let batch: IncomingMessage[] = [];
      let batchBytes = 0;
      const hand = async () => {
        const full = batch;
        batch = [];
        batchBytes = 0;
        if (full.length > 0) await tell(full);
      };
      // A message is whole when what comes behind it is an answer. Where a server forgets to double a dot its own text
      // comes there: what was read is kept, and the server is never told to delete the rest.
      let last: IncomingMessage | undefined;
      const confirmed = async <T>(answer: Promise<T>): Promise<T> => {
        try {
          return await answer;
        } catch (thrown) {
          if (last && thrown instanceof ProtocolError) {
            batch.push({ ...last, stays: true });
            await hand();
          }
          throw thrown;
        }
      };
      const keep = () => {
        if (!last) return;
        batch.push(last);
        batchBytes += last.size;
        last = undefined;
      };
      while (next < wanted.length || flying.length > 0) {
        while (next < wanted.length && (flying.length === 0 || inFlight < window)) {
          const item = wanted[next++];
          if (!item) break;
          inFlight += item.size;
          const answer = this.command(`RETR ${item.number}`, 'message');
          // The rejection is met when its turn comes; until then it must not count as unhandled.
          answer.catch(() => undefined);
          flying.push({ item, answer });
        }
        const first = flying.shift();
        if (!first) break;
        const answer = await confirmed(first.answer);
        keep();
        inFlight -= first.item.size;
        // A message that vanished under us is not an error of the others.
        if (answer.status !== 'ok' || !answer.message) continue;
        last = {
          uidl: first.item.uidl,
          flags: [],
          received: Date.now(),
          size: answer.message.length,
          bytes: answer.message,
          whole: true,
        };
        if (batchBytes >= BATCH || batch.length >= BATCH_COUNT) await hand();
      }
      if (last) await confirmed(this.command('NOOP'));
      keep();
      await hand();
    });
  }

  async top(number: number, lines: number): Promise<Uint8Array> {
    return this.#guard(
      async () => (await this.#ok(`TOP ${number} ${lines}`, 'message')).message ?? Buffer.alloc(0),
    );
  }

  async remove(numbers: number[]): Promise<void> {
    return this.#guard(async () => {
      for (const number of numbers) {
        const answer = await this.command(`DELE ${number}`);
        if (answer.status === 'ok') continue;
        await this.reset();
        throw this.#refused('server-refused', answer);
      }
    });
  }

  async reset(): Promise<void> {
    return this.#guard(async () => void (await this.#ok('RSET', 'line')));
  }

  async noop(): Promise<void> {
    return this.#guard(async () => void (await this.#ok('NOOP', 'line')));
  }

  async quit(): Promise<boolean> {
    try {
      const answer = await this.command('QUIT');
      this.#socket.end();
      return answer.status === 'ok';
    } catch {
      return false;
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  async #learn(): Promise<void> {
    const answer = await this.command('CAPA', 'lines');
    this.#capabilities = new Map(
      answer.lines.map((line) => {
        const [name = '', ...rest] = line.trim().split(/\s+/u);
        return [name.toUpperCase(), rest.join(' ').toUpperCase()];
      }),
    );
  }

  async #ok(line: string, shape: Shape): Promise<Answer> {
    const answer = await this.command(line, shape);
    if (answer.status !== 'ok') throw this.#refused('server-refused', answer);
    return answer;
  }

  #refused(code: 'server-refused', answer: Answer): MailError {
    const { host, port } = this.#login.server;
    const locked = /\[(IN-USE|LOGIN-DELAY)\]/iu.test(answer.text);
    return new MailError(locked ? 'mailbox-locked' : code, answer.text, { host, port });
  }

  #expect(): Promise<Answer> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #receive(chunk: Buffer): void {
    try {
      for (const answer of this.#protocol.receive(chunk)) this.#waiting.shift()?.resolve(answer);
    } catch (thrown) {
      if (thrown instanceof ProtocolError)
        for (const answer of thrown.before) this.#waiting.shift()?.resolve(answer);
      this.#fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
      this.#socket.destroy();
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#failure);
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw this.#explain(thrown);
    }
  }

  #explain(thrown: unknown): MailError {
    const { host, port } = this.#login.server;
    if (thrown instanceof ProtocolError)
      return new MailError('not-a-mail-server', thrown.message, { host, port });
    return networkError(thrown, this.#login.server);
  }
}
