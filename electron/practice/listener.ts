import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Connection, LAST_WORDS_MS } from './connection.ts';
import type { SessionMaker } from './session.ts';

type ListenOptions = {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly idleMs: number;
  readonly session: SessionMaker;
  readonly context: SecureContext;
  /** Whether a client that began in clear text may ask for TLS. */
  readonly startTls: boolean;
  /** TLS from the first octet on. */
  readonly implicitTls: boolean;
};

export type Listener = { readonly port: number; stop(): Promise<void> };

/** Listen on a loopback address and run one protocol session per connection. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const open = new Set<Connection>();
  const server = createServer((socket) => {
    const connection = new Connection(socket, options);
    open.add(connection);
    socket.once('close', () => open.delete(connection));
  });
  const port = await bind(server, options.host, options.port);
  return {
    port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of open) connection.leave('stopping');
      const cut = setTimeout(() => {
        for (const connection of open) connection.destroy();
      }, LAST_WORDS_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** Take a port of a loopback address and no other; the port that it became. */
export async function bind(server: Server, host: string, port: number): Promise<number> {
  if (!isLoopback(host)) throw new Error(`the practice server listens on loopback only, not on ${host}`);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', () => undefined);
  const bound = server.address() as AddressInfo;
  // What `localhost` means is written in a file that anyone may have edited.
  if (!isLoopback(bound.address)) {
    server.close();
    throw new Error(`${host} is ${bound.address} here, which is not a loopback address`);
  }
  return bound.port;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
