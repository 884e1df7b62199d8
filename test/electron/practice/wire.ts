import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { TLSSocket, connect as connectTls } from 'node:tls';

const PATIENCE_MS = 5000;

/** A connection to a real port, spoken by hand; text is one character per octet. */
export class Wire {
  closed = false;
  #socket: Socket;
  #heard = '';
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#take(socket);
  }

  static async dial(port: number): Promise<Wire> {
    const socket = connect(port, '127.0.0.1');
    const wire = new Wire(socket);
    await once(socket, 'connect');
    return wire;
  }

  static async dialTls(port: number, ca: string): Promise<Wire> {
    const socket = connectTls({ port, host: '127.0.0.1', ca });
    const wire = new Wire(socket);
    await once(socket, 'secureConnect');
    return wire;
  }

  /** Shake hands on the connection that has been spoken in clear so far. */
  async secure(ca: string): Promise<void> {
    this.#socket.removeAllListeners();
    const socket = connectTls({ socket: this.#socket, host: '127.0.0.1', ca });
    this.#socket = socket;
    this.#take(socket);
    await once(socket, 'secureConnect');
  }

  /** Say these octets. */
  say(text: string): void {
    this.#socket.write(Buffer.from(text, 'latin1'));
  }

  /** Everything heard until this matches (or until the other side has closed), which must come in time. */
  async hear(until: RegExp): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!until.test(this.#heard) && !this.closed) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`waited for ${String(until)}, heard ${JSON.stringify(this.#heard)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const heard = this.#heard;
    this.#heard = '';
    return heard;
  }

  /** Everything until the other side has closed. */
  async end(): Promise<string> {
    return this.hear(/(?!)/);
  }

  /** Stop listening. */
  pause(): void {
    this.#socket.pause();
  }

  reset(): void {
    // A socket under TLS has no reset of its own.
    if (this.#socket instanceof TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => {
      this.#heard += bytes.toString('latin1');
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }
}

/** Say text in pieces of so many octets, each on its way before the next. */
export async function sayInPieces(wire: Wire, text: string, piece: number): Promise<void> {
  for (let at = 0; at < text.length; at += piece) {
    wire.say(text.slice(at, at + piece));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** SMTP: say lines, and hear as many replies as they ask for (by default one each). */
export async function replies(wire: Wire, lines: readonly string[], count = lines.length): Promise<string> {
  if (lines.length > 0) wire.say(lines.map((line) => `${line}\r\n`).join(''));
  if (count === 0) return '';
  return wire.hear(new RegExp(`^(?:(?:\\d{3}-.*\\r\\n)*\\d{3} .*\\r\\n){${count}}$`));
}
