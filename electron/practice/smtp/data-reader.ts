import { CR, DOT, LF } from '../bytes.ts';

/** Where in a line the next octet falls. */
type State = 'line start' | 'dot' | 'dot CR' | 'text' | 'CR';

/**
 * Takes the octets after DATA: undoes dot-stuffing and finds the end (RFC 5321, sections 4.1.1.4 and 4.5.2).
 * Only CR LF ends a line, so only CRLF.CRLF ends the message: an end that stands between bare LFs is text,
 * or else one message could smuggle another past a server that reads it differently.
 */
export class DataReader {
  /** A CR or LF stood alone; RFC 5321, section 2.3.8 does not allow it. */
  bareLineEnd = false;
  /** Octets of the message, also where they were not kept. */
  size = 0;
  #limit: number;
  #state: State = 'line start';
  #chunks: Uint8Array[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Take octets in; the number used up and whether the end has come. What follows the end is the next command. */
  push(bytes: Uint8Array): { readonly used: number; readonly done: boolean } {
    const out = new Uint8Array(bytes.length + 2);
    let length = 0;
    const put = (byte: number): void => {
      out[length++] = byte;
    };
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (this.#state === 'text' && byte !== CR && byte !== LF) {
        // The inside of a line, nearly all there is: copied in one go.
        let end = at + 1;
        while (end < bytes.length && bytes[end] !== CR && bytes[end] !== LF) end += 1;
        out.set(bytes.subarray(at, end), length);
        length += end - at;
        at = end - 1;
        continue;
      }
      if (this.#state === 'dot CR') {
        if (byte === LF) {
          this.#keep(out.subarray(0, length));
          return { used: at + 1, done: true };
        }
        // Not the end after all: the dot was stuffing, the CR is alone.
        this.bareLineEnd = true;
        put(CR);
        this.#state = 'text';
      } else if (this.#state === 'line start' && byte === DOT) {
        this.#state = 'dot';
        continue;
      } else if (this.#state === 'dot' && byte === CR) {
        this.#state = 'dot CR';
        continue;
      } else if (this.#state === 'CR' && byte !== LF) this.bareLineEnd = true;
      put(byte);
      if (byte === LF && this.#state === 'CR') this.#state = 'line start';
      else {
        if (byte === LF) this.bareLineEnd = true;
        this.#state = byte === CR ? 'CR' : 'text';
      }
    }
    this.#keep(out.subarray(0, length));
    return { used: bytes.length, done: false };
  }

  get tooBig(): boolean {
    return this.size > this.#limit;
  }

  message(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  #keep(bytes: Uint8Array): void {
    this.size += bytes.length;
    if (this.tooBig) this.#chunks = [];
    // A chunk much smaller than its buffer would keep the whole buffer alive.
    else if (bytes.length > 0) this.#chunks.push(bytes.slice());
  }
}
