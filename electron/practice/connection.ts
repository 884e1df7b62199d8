import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { LF, concat } from './bytes.ts';
import type { Outlet, Session, SessionMaker } from './session.ts';

/** A client that asks for much and reads nothing is not listened to before it has read. */
const OUTPUT_HIGH_WATER = 1_048_576;
/** How long a client may take to read our last words. */
export const LAST_WORDS_MS = 500;
/** How long a TLS handshake may take. */
const HANDSHAKE_MS = 30_000;

type ConnectionOptions = {
  readonly idleMs: number;
  readonly session: SessionMaker;
  readonly context: SecureContext;
  /** Whether a client that began in clear text may ask for TLS. */
  readonly startTls: boolean;
  /** TLS before the first word (RFC 8314, section 3), or clear text until the client asks for it. */
  readonly implicitTls: boolean;
};

/** One accepted socket and the session behind it, in clear text or over TLS. Never throws: what fails is closed. */
export class Connection implements Outlet {
  tls: Outlet['tls'];
  #socket: Socket;
  #options: ConnectionOptions;
  #session: Session;
  #over = false;
  #upgrading = false;
  /** What came while the client did not read our answers. */
  #unheard: Uint8Array = new Uint8Array(0);

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.tls = options.startTls ? 'possible' : 'never';
    this.#session = options.session(this);
    socket.setNoDelay(true);
    // ECONNRESET and its like are the client's business; 'close' follows every error.
    socket.on('error', () => this.destroy());
    socket.on('close', () => {
      this.#over = true;
      this.#guarded(() => this.#session.closed());
    });
    if (options.implicitTls) this.#secure(() => this.#session.greeting());
    else {
      this.#listen();
      this.#guarded(() => this.#session.greeting());
    }
  }

  send(bytes: Uint8Array): void {
    if (this.#over || this.#socket.destroyed || bytes.length === 0) return;
    this.#socket.write(bytes);
  }

  end(): void {
    this.#over = true;
    this.#socket.end();
    // A peer that never closes its side must not hold the connection (and, in POP3, the mailbox lock).
    setTimeout(() => this.destroy(), LAST_WORDS_MS).unref();
  }

  startTls(): void {
    const plain = this.#socket;
    this.#upgrading = true;
    plain.removeAllListeners('data').removeAllListeners('end').removeAllListeners('drain');
    plain.setTimeout(0);
    plain.pause();
    // The handshake may only begin after our go-ahead: everything written so far goes out first.
    plain.write('', () => this.#secure(() => undefined));
  }

  /** Say good-bye and close. */
  leave(why: 'idle' | 'stopping'): void {
    this.#guarded(() => this.#session.leave(why));
    this.end();
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #secure(then: () => void): void {
    const plain = this.#socket;
    if (plain.destroyed) return;
    const socket = new TLSSocket(plain, { isServer: true, secureContext: this.#options.context });
    this.tls = 'active';
    this.#socket = socket;
    socket.setTimeout(HANDSHAKE_MS, () => socket.destroy());
    // The plain socket is destroyed with the one on top of it, never below it.
    socket.on('error', () => socket.destroy());
    socket.on('_tlsError', () => socket.destroy());
    socket.on('close', () => plain.destroy());
    socket.once('secure', () => {
      socket.removeAllListeners('timeout');
      this.#upgrading = false;
      this.#listen();
      this.#guarded(then);
    });
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('drain', () => this.#hear(this.#unheard));
    socket.on('data', (bytes: Uint8Array) => {
      this.#hear(this.#unheard.length === 0 ? bytes : concat(this.#unheard, bytes));
    });
    socket.on('end', () => socket.end());
    socket.setTimeout(this.#options.idleMs, () => this.leave('idle'));
  }

  /** Give the session one line after the other, as long as the client takes the answers. */
  #hear(bytes: Uint8Array): void {
    const socket = this.#socket;
    let rest = bytes;
    while (rest.length > 0 && !this.#over && this.#socket === socket && !this.#upgrading) {
      if (socket.writableLength > OUTPUT_HIGH_WATER) {
        this.#unheard = rest;
        socket.pause();
        return;
      }
      const line = rest.subarray(0, lineEnd(rest));
      rest = rest.subarray(line.length);
      this.#guarded(() => this.#session.receive(line));
    }
    this.#unheard = new Uint8Array(0);
    if (!this.#upgrading) socket.resume();
  }

  /** A session that fails loses its own connection and nothing else. */
  #guarded(action: () => void): void {
    try {
      action();
    } catch {
      this.destroy();
    }
  }
}

function lineEnd(bytes: Uint8Array): number {
  const at = bytes.indexOf(LF);
  return at < 0 ? bytes.length : at + 1;
}
