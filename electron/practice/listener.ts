import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Session, SessionMaker } from './session.ts';

type ListenOptions = {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly idleMs: number;
  readonly session: SessionMaker;
  /** The seam for TLS: what the session talks through, given the accepted socket. Clear text by default. */
  readonly wrap?: (socket: Socket) => Duplex;
};

export type Listener = { readonly port: number; stop(): Promise<void> };

/** A client that asks for much and reads nothing is not listened to before it has read. */
const OUTPUT_HIGH_WATER = 1_048_576;
/** How long a client may take to read our last words. */
const LAST_WORDS_MS = 500;

/** Listen on a loopback address and run one protocol session per connection. */
export async function listen(options: ListenOptions): Promise<Listener> {
  if (!isLoopback(options.host))
    throw new Error(`the practice server listens on loopback only, not on ${options.host}`);
  const open = new Map<Duplex, Session>();
  const server = createServer((socket) => {
    const stream = options.wrap ? options.wrap(socket) : socket;
    pump(socket, stream, options, open);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  server.on('error', () => undefined);
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const [stream, session] of open) {
        guarded(stream, () => session.leave('stopping'));
        stream.end();
        stream.resume();
      }
      const cut = setTimeout(() => {
        for (const stream of open.keys()) stream.destroy();
      }, LAST_WORDS_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

function pump(socket: Socket, stream: Duplex, options: ListenOptions, open: Map<Duplex, Session>): void {
  let over = false;
  socket.setNoDelay(true);
  const session = options.session({
    send: (bytes) => {
      if (over || stream.destroyed || bytes.length === 0) return;
      stream.write(bytes);
      if (stream.writableLength > OUTPUT_HIGH_WATER) stream.pause();
    },
    end: () => {
      over = true;
      stream.end();
      // A peer that never closes its side must not hold the connection (and, in POP3, the mailbox lock).
      setTimeout(() => stream.destroy(), LAST_WORDS_MS).unref();
    },
  });
  open.set(stream, session);
  stream.on('drain', () => stream.resume());
  stream.on('data', (bytes: Uint8Array) => {
    if (!over) guarded(stream, () => session.receive(bytes));
  });
  stream.on('end', () => stream.end());
  // ECONNRESET and its like are the client's business; 'close' follows every error.
  stream.on('error', () => stream.destroy());
  socket.on('error', () => stream.destroy());
  stream.on('close', () => {
    over = true;
    open.delete(stream);
    guarded(stream, () => session.closed());
  });
  socket.setTimeout(options.idleMs, () => {
    guarded(stream, () => session.leave('idle'));
    over = true;
    stream.end();
    setTimeout(() => stream.destroy(), LAST_WORDS_MS).unref();
  });
  guarded(stream, () => session.greeting());
}

/** A session that fails loses its own connection and nothing else. */
function guarded(stream: Duplex, action: () => void): void {
  try {
    action();
  } catch {
    stream.destroy();
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
