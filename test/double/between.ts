// A way to an IMAP server on which something is answered otherwise than the server would. In clear, on this computer alone.
import { once } from 'node:events';
import net from 'node:net';

export interface Between {
  readonly port: number;
  close(): void;
}

/** One connection. */
export interface Ways {
  toClient: (line: string) => void;
  toServer: (line: string) => void;
}

/** Gets each line with its end; what it does not hand on is not heard. */
export interface Listener {
  fromClient: (line: string) => void;
  fromServer: (line: string) => void;
}

export async function between(port: number, listen: (ways: Ways) => Listener): Promise<Between> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const real = net.connect(port, '127.0.0.1');
    for (const one of [client, real]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        client.destroy();
        real.destroy();
      });
    }
    const listener = listen({
      toClient: (line) => client.write(line, 'latin1'),
      toServer: (line) => real.write(line, 'latin1'),
    });
    byLine(client, (line) => listener.fromClient(line));
    byLine(real, (line) => listener.fromServer(line));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    close: () => {
      server.close();
      for (const one of sockets) one.destroy();
    },
  };
}

/** A literal that does not end with a line waits for the line behind it, which always comes. */
function byLine(socket: net.Socket, tell: (line: string) => void): void {
  let rest = '';
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split(/(?<=\n)/u);
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    for (const line of lines) tell(line);
  });
}
