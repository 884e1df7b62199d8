import { PassThrough } from 'node:stream';
import type { ImapFlow } from 'imapflow';
import { tapField, tapSocket, type Sink } from '../../wire/tap.ts';

type Write = (chunk: unknown, ...rest: unknown[]) => boolean;

/** Where imapflow writes to and what it parses: the socket and a stream behind it, or others above compression. */
interface Inside {
  writeSocket: unknown;
  streamer: { write: Write };
}

/**
 * Hears what is said on an IMAP connection as both sides mean it: once COMPRESS (RFC 4978) is on the socket carries something
 * else, and the ear moves above it, between two lines.
 */
export function tapImap(client: ImapFlow, sink: Sink): void {
  const inside = client as unknown as Inside;
  let compressed = false;
  tapField(client, 'socket', (from, chunk) => {
    if (!compressed) sink(from, chunk);
  });
  let writes = inside.writeSocket;
  Object.defineProperty(inside, 'writeSocket', {
    configurable: true,
    enumerable: true,
    get: () => writes,
    set: (value: unknown) => {
      writes = value;
      if (!(value instanceof PassThrough)) return;
      compressed = true;
      tapSocket(value, (from, chunk) => {
        if (from === 'client') sink(from, chunk);
      });
    },
  });
  const { streamer } = inside;
  const write = streamer.write;
  streamer.write = function (chunk, ...rest) {
    if (compressed && chunk instanceof Uint8Array) sink('server', chunk);
    return write.call(this, chunk, ...rest);
  };
}
