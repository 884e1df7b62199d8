import type { Socket } from 'node:net';

/** No honest server says more before TLS. */
const LIMIT = 64 * 1024;

/** Reads lines from a socket one by one, for the few that are spoken before a protocol takes over. */
export class LineReader {
  readonly #socket: Socket;
  readonly #timeout: number;
  #buffer = '';
  #wake: (() => void) | undefined;
  #error: Error | undefined;

  constructor(socket: Socket, timeout: number) {
    this.#socket = socket;
    this.#timeout = timeout;
    socket.on('data', this.#onData);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** Characters received and not read. */
  get buffered(): number {
    return this.#buffer.length;
  }

  async line(): Promise<string> {
    for (;;) {
      const at = this.#buffer.indexOf('\n');
      if (at >= 0) {
        const line = this.#buffer.slice(0, at).replace(/\r$/u, '');
        this.#buffer = this.#buffer.slice(at + 1);
        return line;
      }
      if (this.#error) throw this.#error;
      if (this.#buffer.length > LIMIT) throw new Error('the line is too long');
      await this.#more();
    }
  }

  /** A reply of one or more lines (RFC 5321 section 4.2.1), joined by line feeds. */
  async reply(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      lines.push(line);
      if (lines.length > 1000) throw new Error('the reply is too long');
      if (line[3] !== '-') return lines.join('\n');
    }
  }

  release(): void {
    this.#socket.off('data', this.#onData);
    this.#socket.off('error', this.#onError);
    this.#socket.off('close', this.#onClose);
    this.#socket.pause();
  }

  #more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
        this.#timeout,
      );
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }

  readonly #onData = (chunk: Buffer) => {
    this.#buffer += chunk.toString('latin1');
    this.#wake?.();
  };
  readonly #onError = (error: Error) => {
    this.#error = error;
    this.#wake?.();
  };
  readonly #onClose = () => {
    this.#error ??= Object.assign(new Error('the server closed the connection'), { code: 'ECONNRESET' });
    this.#wake?.();
  };
}
