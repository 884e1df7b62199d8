import { CR, DOT, LF } from '../bytes.ts';

/** Where in a line the next octet falls. */
type State = 'line start' | 'dot' | 'dot CR' | 'text' | 'CR';

/**
 * Takes the octets after DATA: undoes dot-stuffing and finds the end (RFC 5321, sections 4.1.1.4 and 4.5.2).
 * Only CR LF ends a line, so only CRLF.CRLF ends the message: an end that stands between bare LFs is text,
 * or else one message could smuggle another past a server that reads it differently.
 */
export class DataReader {
  #state: State = 'line start';

  /**
   * Take octets in. Gives back those of the message, how many were used up and whether the end has come; what
   * follows the end is the next command.
   * @param typed a bare LF counts as CR LF
   */
  push(
    bytes: Uint8Array,
    typed: boolean,
  ): { readonly text: Uint8Array; readonly used: number; readonly done: boolean } {
    const out = new Uint8Array((typed ? 2 : 1) * bytes.length + 2);
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
      const ends = byte === LF && (typed || this.#state === 'CR' || this.#state === 'dot CR');
      if (ends && (this.#state === 'dot' || this.#state === 'dot CR'))
        return { text: out.subarray(0, length), used: at + 1, done: true };
      if (this.#state === 'line start' && byte === DOT) this.#state = 'dot';
      else if (this.#state === 'dot' && byte === CR) this.#state = 'dot CR';
      else {
        // Not the end after all: the dot was stuffing, the CR is alone.
        if (this.#state === 'dot CR') put(CR);
        if (ends && this.#state !== 'CR') put(CR);
        put(byte);
        if (ends) this.#state = 'line start';
        else this.#state = byte === CR ? 'CR' : 'text';
      }
    }
    return { text: out.subarray(0, length), used: bytes.length, done: false };
  }
}
