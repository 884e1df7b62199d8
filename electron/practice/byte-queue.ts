import { CR, LF } from './bytes.ts';

type Line =
  | { readonly kind: 'line'; readonly bytes: Uint8Array; readonly crlf: boolean }
  | { readonly kind: 'too-long' };

/**
 * Bytes that came and have not been used yet. Grows by doubling, so that a long literal that comes in
 * small pieces costs linear time; remembers how far it has looked for a line end for the same reason.
 */
export class ByteQueue {
  #buffer = new Uint8Array(4096);
  #start = 0;
  #end = 0;
  #scanned = 0;
  #discarding = false;

  get length(): number {
    return this.#end - this.#start;
  }

  push(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) {
      const needed = this.length + bytes.length;
      let capacity = this.#buffer.length;
      while (capacity < needed) capacity *= 2;
      const target = capacity === this.#buffer.length ? this.#buffer : new Uint8Array(capacity);
      target.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = target;
      this.#end -= this.#start;
      this.#start = 0;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** The next `count` bytes as a copy; fewer where fewer are there. */
  take(count: number): Uint8Array {
    const stop = Math.min(this.#start + count, this.#end);
    const bytes = this.#buffer.slice(this.#start, stop);
    this.#start = stop;
    this.#scanned = 0;
    if (this.#start === this.#end) {
      this.#start = this.#end = 0;
      // One huge literal should not hold its memory for the rest of a long connection.
      if (this.#buffer.length > 1_048_576) this.#buffer = new Uint8Array(4096);
    }
    return bytes;
  }

  /**
   * The next line without its line end; undefined while it is incomplete. A line over `max` octets is
   * thrown away as it comes, and reported once, when its end is there.
   */
  nextLine(max: number): Line | undefined {
    const at = this.#buffer.subarray(0, this.#end).indexOf(LF, this.#start + this.#scanned);
    if (at < 0) {
      this.#scanned = this.length;
      if (this.length > max || this.#discarding) {
        this.#discarding = true;
        this.take(this.length);
      }
      return undefined;
    }
    const whole = this.take(at + 1 - this.#start);
    if (this.#discarding || whole.length > max + 2) {
      this.#discarding = false;
      return { kind: 'too-long' };
    }
    const crlf = whole.length >= 2 && whole[whole.length - 2] === CR;
    return { kind: 'line', bytes: whole.subarray(0, whole.length - (crlf ? 2 : 1)), crlf };
  }
}
