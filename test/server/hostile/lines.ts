/** Cuts one side of an IMAP connection into lines and literals, byte for byte. */
export class LineCutter {
  #rest: Buffer = Buffer.alloc(0);
  #literal = 0;

  /** @returns lines with their ends, and literals as soon as they are whole */
  feed(chunk: Buffer): { kind: 'line' | 'data'; bytes: Buffer }[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const found: { kind: 'line' | 'data'; bytes: Buffer }[] = [];
    for (;;) {
      if (this.#literal > 0) {
        if (this.#rest.length < this.#literal) return found;
        found.push({ kind: 'data', bytes: this.#take(this.#literal) });
        this.#literal = 0;
      }
      const at = this.#rest.indexOf('\n');
      if (at < 0) return found;
      const bytes = this.#take(at + 1);
      const size = /\{(\d+)\+?\}\r?\n$/u.exec(bytes.subarray(-24).toString('latin1'))?.[1];
      this.#literal = Number(size ?? 0);
      found.push({ kind: 'line', bytes });
      if (size !== undefined && this.#literal === 0) found.push({ kind: 'data', bytes: Buffer.alloc(0) });
    }
  }

  /** What has come of a line that is not whole; from now on nobody has it. */
  leave(): Buffer {
    return this.#take(this.#rest.length);
  }

  #take(length: number): Buffer {
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return bytes;
  }
}

/** The line ends in a literal's size: the command goes on behind it. */
export const goesOn = (line: string): boolean => /\{\d+\+?\}$/u.test(line);
