import { ByteQueue } from '../byte-queue.ts';
import { binary } from '../bytes.ts';
import type { CommandParts } from './args.ts';

export const MAX_LINE = 65_536;
export const MAX_LITERAL = 33_554_432;
/** All literals of one command together. */
const MAX_COMMAND = MAX_LITERAL + 1_048_576;

type ReaderEvent =
  | { readonly kind: 'command'; readonly parts: CommandParts }
  /** A synchronizing literal was announced: the client waits for `+` (RFC 9051, section 4.3). */
  | { readonly kind: 'wants-go-ahead' }
  | { readonly kind: 'refused'; readonly tag: string; readonly why: 'line' | 'literal' };

/** Gathers whole commands, literals included, from bytes in pieces of any size. */
export class CommandReader {
  #queue = new ByteQueue();
  #parts: (string | Uint8Array)[] = [];
  #size = 0;
  #literalLeft: number | undefined;
  /** Octets of a refused LITERAL+ still to come: they were sent without asking and are passed over. */
  #skip = 0;
  #refusedTag: string | undefined;

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  /** The next line as it is: for answers to a challenge, and for DONE. */
  nextLine(): string | undefined {
    const line = this.#queue.nextLine(MAX_LINE);
    if (!line) return undefined;
    return line.kind === 'line' ? binary(line.bytes) : '';
  }

  next(): ReaderEvent | undefined {
    for (;;) {
      if (this.#skip > 0) {
        this.#skip -= this.#queue.take(this.#skip).length;
        if (this.#skip > 0) return undefined;
      }
      if (this.#literalLeft !== undefined) {
        if (this.#queue.length < this.#literalLeft) return undefined;
        this.#parts.push(this.#queue.take(this.#literalLeft));
        this.#literalLeft = undefined;
      }
      const line = this.#queue.nextLine(MAX_LINE);
      if (!line) return undefined;
      const event = line.kind === 'line' ? this.#line(binary(line.bytes)) : this.#refuse('line');
      if (event) return event;
    }
  }

  #line(text: string): ReaderEvent | undefined {
    this.#parts.push(text);
    const literal = /\{(\d{1,15})(\+?)\}$/.exec(text);
    if (!literal) {
      if (this.#refusedTag !== undefined) return this.#refuse('literal');
      const parts = this.#parts;
      this.#reset();
      return { kind: 'command', parts };
    }
    const size = Number(literal[1]);
    const synchronizing = literal[2] === '';
    if (this.#refusedTag !== undefined || size > MAX_LITERAL || this.#size + size > MAX_COMMAND) {
      // A client that asks first has sent nothing yet, and is told no; one that did not is heard out.
      this.#refusedTag ??= this.#tag();
      if (synchronizing) return this.#refuse('literal');
      this.#skip = size;
      this.#parts = [this.#parts[0] ?? ''];
      return undefined;
    }
    this.#size += size;
    this.#literalLeft = size;
    return synchronizing ? { kind: 'wants-go-ahead' } : undefined;
  }

  #refuse(why: 'line' | 'literal'): ReaderEvent {
    const tag = this.#refusedTag ?? this.#tag();
    this.#reset();
    return { kind: 'refused', tag, why };
  }

  #tag(): string {
    const first = this.#parts[0];
    return (typeof first === 'string' ? /^[^\s(){%*"\\+]+/.exec(first)?.[0] : undefined) ?? '*';
  }

  #reset(): void {
    this.#parts = [];
    this.#size = 0;
    this.#refusedTag = undefined;
  }
}
