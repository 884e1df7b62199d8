import type { Socket } from 'node:net';
import type { ServerSettings } from '../../../shared/model/account.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { networkError, type Patience } from '../../net/policy.ts';
import { Pop3Protocol, ProtocolError, type Answer, type Shape } from './protocol.ts';

/** Times the patience with one answer that it may take as long as something comes. */
const LONGEST = 20;
/** Bytes a second below which a message is taken for one that never ends. */
const SLOWEST = 100;
/** Bytes that may come while what came before is being stored. */
const AHEAD = 8 * 1024 * 1024;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  /** Bytes that were announced. */
  size: number;
}

/** The pump between a socket and the protocol object. */
export class Connection {
  readonly server: ServerSettings;
  /** Called when something has come. */
  heard: (() => void) | undefined;
  readonly #socket: Socket;
  readonly #patience: Patience;
  readonly #protocol = new Pop3Protocol();
  readonly #waiting: Waiting[] = [];
  #failure: Error | undefined;
  #deadline: NodeJS.Timeout | undefined;
  /** Bytes that came since our storing began; undefined while nothing is stored. */
  #ahead: number | undefined;

  constructor(socket: Socket, server: ServerSettings, patience: Patience) {
    this.#socket = socket;
    this.server = server;
    this.#patience = patience;
    socket.setTimeout(patience.answer);
    // Nothing is owed while we store what came.
    socket.on('timeout', () => void (this.#waiting.length > 0 && !socket.isPaused() && this.#giveUp()));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  }

  /** @param greeting already read when STLS was spoken before */
  greeting(greeting: string | undefined): Promise<Answer> {
    const first = this.#expect(0);
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    if (greeting !== undefined) this.#receive(Buffer.from(`${greeting}\r\n`, 'latin1'));
    return first;
  }

  /** Sends one command and gives its answer, whatever it is. @param size see `Pop3Protocol.send` */
  command(line: string, shape: Shape = 'line', size = 0): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure);
    const bytes = this.#protocol.send(line, shape, size);
    const answer = this.#expect(size);
    this.#socket.write(bytes);
    return answer;
  }

  /** Commands that are given in the same turn leave in one packet. */
  together(work: () => void): void {
    this.#socket.cork();
    work();
    this.#socket.uncork();
  }

  /** Bytes of the listing or message that is coming now; undefined while none is. */
  get coming(): number | undefined {
    return this.#protocol.coming;
  }

  /** While what came is stored, only so much more may come. */
  async storing(work: Promise<void>): Promise<void> {
    this.#ahead = 0;
    try {
      await work;
    } finally {
      this.#ahead = undefined;
      this.#socket.resume();
    }
  }

  /** Does something and makes a `MailError` of whatever goes wrong. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw this.explain(thrown);
    }
  }

  explain(thrown: unknown): MailError {
    const { host, port } = this.server;
    if (thrown instanceof ProtocolError)
      return new MailError('not-a-mail-server', thrown.message, { host, port });
    return networkError(thrown, this.server);
  }

  /** After QUIT the server has the last word. */
  end(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }

  #expect(size: number): Promise<Answer> {
    if (this.#waiting.length === 0) this.#next(size);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject, size }));
  }

  /** The next answer is waited for from now on. */
  #next(size: number): void {
    clearTimeout(this.#deadline);
    const most = LONGEST * this.#patience.answer + (size / SLOWEST) * 1000;
    this.#deadline = setTimeout(() => this.#giveUp(), Math.min(most, 2 ** 31 - 1));
    this.#deadline.unref();
  }

  #receive(chunk: Buffer): void {
    if (this.#ahead !== undefined) {
      this.#ahead += chunk.length;
      if (this.#ahead > AHEAD) this.#socket.pause();
    }
    try {
      for (const answer of this.#protocol.receive(chunk)) this.#answered(answer);
      this.heard?.();
    } catch (thrown) {
      if (thrown instanceof ProtocolError) for (const answer of thrown.before) this.#answered(answer);
      this.#fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
      this.#socket.destroy();
    }
  }

  #answered(answer: Answer): void {
    this.#waiting.shift()?.resolve(answer);
    const next = this.#waiting[0];
    if (next) this.#next(next.size);
    else clearTimeout(this.#deadline);
  }

  #giveUp(): void {
    this.#socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
  }

  #fail(error: Error): void {
    clearTimeout(this.#deadline);
    this.#failure ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#failure);
  }
}
