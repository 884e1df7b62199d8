/**
 * Undoes byte-stuffing (RFC 1939 section 3): a line that begins with a dot loses it, the line `.` ends the data.
 * Only CRLF ends a line here, so a bare LF or CR in a message stays what it was. Holds nothing back but a dot and a CR.
 */
export class DotDecoder {
  readonly #keep: (part: Buffer) => void;
  /** `line`: at the start of a line; `dot`: a dot stood there; `dotcr`: dot, CR; `cr`: a CR in the text. */
  #state: 'line' | 'dot' | 'dotcr' | 'cr' | 'text' = 'line';
  done = false;

  /** @param keep gets the data piece by piece; a piece is only valid during the call */
  constructor(keep: (part: Buffer) => void) {
    this.#keep = keep;
  }

  /** Consumes up to the end of the data; returns how many bytes of the chunk belonged to it. */
  take(chunk: Buffer): number {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      const byte = chunk[at];
      switch (this.#state) {
        case 'text': {
          const next = chunk.indexOf(0x0d, at);
          if (next < 0) {
            at = chunk.length;
            continue;
          }
          at = next + 1;
          this.#state = 'cr';
          continue;
        }
        case 'cr':
          this.#state = byte === 0x0a ? 'line' : byte === 0x0d ? 'cr' : 'text';
          at += 1;
          continue;
        case 'line':
          if (byte === 0x2e) {
            // The dot is either stuffing or the end: hold it back.
            this.#keep(chunk.subarray(from, at));
            at += 1;
            from = at;
            this.#state = 'dot';
          } else {
            this.#state = 'text';
          }
          continue;
        case 'dot':
          if (byte === 0x0d) {
            at += 1;
            from = at;
            this.#state = 'dotcr';
          } else {
            this.#state = 'text';
          }
          continue;
        case 'dotcr':
          if (byte === 0x0a) {
            this.done = true;
            return at + 1;
          }
          // `.CR` without LF was stuffing after all: the CR is text.
          this.#keep(Buffer.from('\r'));
          from = at;
          this.#state = byte === 0x0d ? 'cr' : 'text';
          at += byte === 0x0d ? 1 : 0;
      }
    }
    this.#keep(chunk.subarray(from));
    return chunk.length;
  }
}
