// A way to an IMAP server on which it seems to be able to do less: what is hidden is taken out of its lists of capabilities,
// and with CONDSTORE all that tells of mod-sequences. What the client says can be read. In clear, on this computer alone.
import { once } from 'node:events';
import net from 'node:net';

export interface Hiding {
  readonly port: number;
  /** Every line that a client said. */
  readonly said: string[];
  close(): void;
}

export async function hiding(port: number, capabilities: readonly string[]): Promise<Hiding> {
  const said: string[] = [];
  const sockets = new Set<net.Socket>();
  const words = new RegExp(` (?:${capabilities.join('|')})(?=[ \\]\r])`, 'gu');
  const edit = (line: string) => {
    if (/^(?:\* CAPABILITY|\S+ OK \[CAPABILITY)/u.test(line)) return line.replace(words, '');
    if (!capabilities.includes('CONDSTORE')) return line;
    return line.replace(/^\* OK \[HIGHESTMODSEQ \d+\]/u, '* OK [NOMODSEQ]');
  };
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
    byLine(client, (line) => {
      said.push(line.trimEnd());
      real.write(line, 'latin1');
    });
    byLine(real, (line) => client.write(edit(line), 'latin1'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    said,
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
