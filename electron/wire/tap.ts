import type { Duplex } from 'node:stream';

/** Gets every chunk of one connection, in the order our process saw it. The chunk is only valid during the call. */
export type Sink = (from: 'client' | 'server', chunk: Uint8Array) => void;

const TAPPED = Symbol('tapped');

type Write = (chunk: unknown, encoding?: unknown, callback?: unknown) => boolean;
type End = (chunk?: unknown, encoding?: unknown, callback?: unknown) => unknown;
type Push = (chunk: unknown, encoding?: unknown) => boolean;
interface Tappable {
  push: Push;
  write: Write;
  end: End;
  [TAPPED]?: true;
}

/**
 * Copies what the application layer reads from and writes to a socket into a sink; nothing else changes.
 * A socket that is upgraded to TLS later shows no ciphertext here: TLS takes over the handle beneath these methods.
 */
export function tapSocket(socket: Duplex, sink: Sink): void {
  const target = socket as unknown as Tappable;
  if (target[TAPPED]) return;
  target[TAPPED] = true;
  const { push, write, end } = target;
  const tell = (from: 'client' | 'server', chunk: unknown, encoding: unknown) => {
    const bytes = asBytes(chunk, encoding);
    if (bytes !== undefined && bytes.length > 0) sink(from, bytes);
  };
  target.push = function (chunk, encoding) {
    tell('server', chunk, encoding);
    return push.call(this, chunk, encoding);
  };
  target.write = function (chunk, encoding, callback) {
    tell('client', chunk, encoding);
    return write.call(this, chunk, encoding, callback);
  };
  target.end = function (chunk, encoding, callback) {
    tell('client', chunk, encoding);
    return end.call(this, chunk, encoding, callback);
  };
}

/**
 * Taps whatever socket is, or will be, stored in a field of a library's object, in the same tick:
 * a library that opens its sockets itself (and replaces one by another at STARTTLS) is heard from the first byte.
 */
export function tapField(owner: object, field: string, sink: Sink): void {
  const holder = owner as Record<string, unknown>;
  let current = holder[field];
  if (isSocket(current)) tapSocket(current, sink);
  Object.defineProperty(owner, field, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (value: unknown) => {
      current = value;
      if (isSocket(value)) tapSocket(value, sink);
    },
  });
}

function isSocket(value: unknown): value is Duplex {
  return typeof value === 'object' && value !== null && 'push' in value && 'write' in value;
}

function asBytes(chunk: unknown, encoding: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') {
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }
  return undefined;
}
