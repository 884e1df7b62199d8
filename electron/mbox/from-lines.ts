import { LONGEST_LINE } from './postmark.ts';

/** A line that begins with `From `. */
export interface FromLine {
  /** Offsets in the file: its first byte, and the first after its line end. */
  at: number;
  end: number;
  /** Without its line end, a byte a character. */
  text: string;
  /** It is the first of the file, or an empty line stands before it. */
  afterBlank: boolean;
}

const FROM = Buffer.from('From ');
const LF = 0x0a;
const CR = 0x0d;
/** Bytes that tell whether the line before is empty: LF CR LF. */
const CONTEXT = 3;

/** Finds the lines that begin with `From ` in a file that comes in pieces; keeps no more than a line of it. */
export class FromLines {
  #held: Buffer = Buffer.alloc(0);
  /** Offset of the first byte held. */
  #base = 0;
  /** Candidates before this offset were judged. */
  #judged = 0;

  push(chunk: Buffer): FromLine[] {
    return this.#take(chunk, false);
  }

  /** The file ends here. */
  end(): FromLine[] {
    return this.#take(Buffer.alloc(0), true);
  }

  #take(chunk: Buffer, last: boolean): FromLine[] {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const found: FromLine[] = [];
    let keep = Math.max(0, bytes.length - FROM.length - CONTEXT);
    for (
      let at = bytes.indexOf(FROM, Math.max(0, this.#judged - this.#base));
      at >= 0;
      at = bytes.indexOf(FROM, at + 1)
    ) {
      if (this.#base + at > 0 && bytes[at - 1] !== LF) continue;
      const feed = bytes.indexOf(LF, at);
      const end = feed < 0 ? bytes.length : feed;
      if (feed < 0 && !last && end - at <= LONGEST_LINE) {
        keep = Math.min(keep, Math.max(0, at - CONTEXT));
        break;
      }
      this.#judged = this.#base + at + 1;
      // A line that does not end is text, whatever it begins with.
      if (end - at > LONGEST_LINE) continue;
      const text = bytes.toString('latin1', at, bytes[end - 1] === CR ? end - 1 : end);
      found.push({
        at: this.#base + at,
        end: this.#base + (feed < 0 ? end : feed + 1),
        text,
        afterBlank: this.#isAfterBlank(bytes, at),
      });
    }
    this.#held = bytes.subarray(keep);
    this.#base += keep;
    return found;
  }

  #isAfterBlank(bytes: Buffer, at: number): boolean {
    let before = at - 2;
    if (bytes[before] === CR) before -= 1;
    // Either side of the first byte of the file counts as an empty line.
    return this.#base + before < 0 || bytes[before] === LF;
  }
}
