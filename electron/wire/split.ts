import type { Protocol } from '../../shared/wire/line.ts';

/** A piece of a dialogue: one protocol line (without its line end), or the bytes of a literal or a message. */
export interface Piece {
  from: 'client' | 'server';
  kind: 'line' | 'block';
  /** The line, or the first `BLOCK_HEAD` bytes of the block. */
  head: Buffer;
  /** How many bytes stood on the wire, the line end included. */
  bytes: number;
}

/** How much of a block is kept to be shown. */
export const BLOCK_HEAD = 4096;
/** A line longer than this is cut for display; its full size stays in `bytes`. */
export const LINE_LIMIT = 64 * 1024;

/** Cuts the bytes of one connection, in any chunking, into protocol lines and blocks. Holds no socket and no clock. */
export interface Splitter {
  feed(from: 'client' | 'server', chunk: Uint8Array): Piece[];
  /** What is left when the connection ends: unfinished lines and blocks. */
  end(): Piece[];
}

export function splitterFor(protocol: Protocol): Splitter {
  const sides = { client: new Side('client'), server: new Side('server') };
  const listen = protocol === 'imap' ? new ImapEar() : protocol === 'pop3' ? new Pop3Ear() : new SmtpEar();
  return {
    feed: (from, chunk) => sides[from].feed(chunk, (line, ending) => listen.heard(line, ending, sides)),
    end: () => [...sides.client.end(), ...sides.server.end()],
  };
}

type Sides = Record<'client' | 'server', Side>;

/** Knows one protocol just well enough to say where a block begins. */
interface Ear {
  /** @param ending the last characters of the line, however long it is */
  heard(line: Piece, ending: string, sides: Sides): void;
}

/** Enough to hold the size of a literal. */
const ENDING = 32;

/** One direction of a connection. */
class Side {
  readonly #from: 'client' | 'server';
  #parts: Buffer[] = [];
  #length = 0;
  #ending = Buffer.alloc(0);
  #block: Block | undefined;

  constructor(from: 'client' | 'server') {
    this.#from = from;
  }

  expectLiteral(bytes: number): void {
    if (bytes > 0) this.#block = new CountedBlock(bytes);
  }

  /** The literal that was announced is not going to be sent. */
  cancelLiteral(): void {
    if (this.#block instanceof CountedBlock && this.#block.untouched) this.#block = undefined;
  }

  /** The block ends with a line that holds a single dot (RFC 1939 section 3, RFC 5321 section 4.1.1.4). */
  expectDotted(): void {
    this.#block = new DottedBlock();
  }

  feed(chunk: Uint8Array, heard: (line: Piece, ending: string) => void): Piece[] {
    const pieces: Piece[] = [];
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0) {
      if (this.#block) {
        const used = this.#block.take(rest);
        rest = rest.subarray(used);
        if (this.#block.done) {
          pieces.push(...this.#block.pieces(this.#from));
          this.#block = undefined;
        }
        continue;
      }
      const at = rest.indexOf(0x0a);
      const part = at < 0 ? rest : rest.subarray(0, at + 1);
      rest = rest.subarray(part.length);
      if (this.#length < LINE_LIMIT) this.#parts.push(Buffer.from(part));
      this.#length += part.length;
      this.#ending = Buffer.concat([this.#ending, part.subarray(-ENDING)]).subarray(-ENDING);
      if (at < 0) break;
      const ending = this.#ending.toString('latin1').replace(/\r?\n$/u, '');
      const line = this.#line();
      pieces.push(line);
      heard(line, ending);
    }
    return pieces;
  }

  end(): Piece[] {
    const pieces = this.#block ? this.#block.pieces(this.#from) : [];
    this.#block = undefined;
    if (this.#length > 0) pieces.push(this.#line());
    return pieces;
  }

  #line(): Piece {
    const whole = Buffer.concat(this.#parts);
    const bytes = this.#length;
    this.#parts = [];
    this.#length = 0;
    this.#ending = Buffer.alloc(0);
    let end = Math.min(whole.length, LINE_LIMIT);
    if (whole[end - 1] === 0x0a) end -= 1;
    if (whole[end - 1] === 0x0d) end -= 1;
    return { from: this.#from, kind: 'line', head: whole.subarray(0, end), bytes };
  }
}

interface Block {
  readonly done: boolean;
  /** Consumes what belongs to the block; returns how many bytes that were. */
  take(chunk: Buffer): number;
  pieces(from: 'client' | 'server'): Piece[];
}

class Head {
  #parts: Buffer[] = [];
  #kept = 0;
  bytes = 0;
  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    const room = BLOCK_HEAD - this.#kept;
    if (room <= 0) return;
    const part = Buffer.from(chunk.subarray(0, room));
    this.#parts.push(part);
    this.#kept += part.length;
  }
  /** The first bytes, without the last `drop` ones of the block. */
  bytesKept(drop = 0): Buffer {
    return Buffer.concat(this.#parts).subarray(0, Math.max(0, this.bytes - drop));
  }
}

class CountedBlock implements Block {
  readonly #head = new Head();
  #left: number;
  constructor(bytes: number) {
    this.#left = bytes;
  }
  get done(): boolean {
    return this.#left === 0;
  }
  get untouched(): boolean {
    return this.#head.bytes === 0;
  }
  take(chunk: Buffer): number {
    const part = chunk.subarray(0, this.#left);
    this.#head.add(part);
    this.#left -= part.length;
    return part.length;
  }
  pieces(from: 'client' | 'server'): Piece[] {
    return [{ from, kind: 'block', head: this.#head.bytesKept(), bytes: this.#head.bytes }];
  }
}

const END_OF_DATA = Buffer.from('\r\n.\r\n');

class DottedBlock implements Block {
  readonly #head = new Head();
  /** How many bytes of the end marker the data ends with; a block may begin with `.CRLF` at once. */
  #matched = 2;
  done = false;

  take(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length && this.#matched < END_OF_DATA.length) {
      if (this.#matched === 0) {
        // Hop from carriage return to carriage return: a message body is long and its end is rare.
        const next = chunk.indexOf(0x0d, at);
        if (next < 0) {
          at = chunk.length;
          break;
        }
        at = next;
      }
      const byte = chunk[at];
      if (byte === END_OF_DATA[this.#matched]) this.#matched += 1;
      else this.#matched = byte === 0x0d ? 1 : 0;
      at += 1;
    }
    this.done = this.#matched === END_OF_DATA.length;
    this.#head.add(chunk.subarray(0, at));
    return at;
  }

  pieces(from: 'client' | 'server'): Piece[] {
    if (!this.done) return [{ from, kind: 'block', head: this.#head.bytesKept(), bytes: this.#head.bytes }];
    const body = this.#head.bytes - 3;
    const dot: Piece = { from, kind: 'line', head: Buffer.from('.'), bytes: 3 };
    if (body === 0) return [dot];
    return [{ from, kind: 'block', head: this.#head.bytesKept(3), bytes: body }, dot];
  }
}

/** A line that ends in `{n}`, `{n+}` or `~{n}` is followed by n bytes of a literal (RFC 9051 section 4.3, RFC 7888, RFC 3516). */
class ImapEar implements Ear {
  /** The tag of the client's latest command, and whether its next line still belongs to it. */
  #tag = '';
  #goesOn = false;
  /** A literal was announced that waits for the server's go-ahead. */
  #offered = false;

  heard(line: Piece, ending: string, sides: Sides): void {
    const literal = /\{(\d{1,10})(\+?)\}$/u.exec(ending);
    if (line.from === 'client') {
      if (!this.#goesOn) this.#tag = /^\S*/u.exec(line.head.subarray(0, 64).toString('latin1'))?.[0] ?? '';
      this.#goesOn = literal !== null;
      this.#offered = literal?.[2] === '';
    } else if (this.#offered) {
      const start = line.head.subarray(0, 80).toString('latin1');
      if (start.startsWith('+')) this.#offered = false;
      else if (start.startsWith(`${this.#tag} `)) {
        // Refused: what the client says next is another command, and must be read as one.
        this.#offered = false;
        this.#goesOn = false;
        sides.client.cancelLiteral();
      }
    }
    if (literal?.[1] !== undefined) sides[line.from].expectLiteral(Number(literal[1]));
  }
}

/** The answer to RETR and TOP holds a message (RFC 1939 section 5); answers come in the order of the commands. */
class Pop3Ear implements Ear {
  readonly #asked: string[] = [];
  /** How many client lines are to come that answer a challenge and are no commands. */
  #challenges = 0;
  #greeted = false;
  #listing = false;

  heard(line: Piece, _ending: string, sides: Sides): void {
    const text = line.head.subarray(0, 64).toString('latin1');
    if (line.from === 'client') {
      if (this.#challenges > 0) this.#challenges -= 1;
      else this.#asked.push(text.trim().toUpperCase());
      return;
    }
    if (this.#listing) {
      if (text === '.') this.#listing = false;
      return;
    }
    if (!this.#greeted) {
      this.#greeted = true;
      return;
    }
    if (/^\+(?: |$)/u.test(text) && this.#asked[0]?.startsWith('AUTH')) {
      this.#challenges += 1;
      return;
    }
    const command = this.#asked.shift() ?? '';
    if (!text.startsWith('+OK')) return;
    const verb = command.split(' ')[0] ?? '';
    if (verb === 'RETR' || verb === 'TOP') sides.server.expectDotted();
    else if (/^CAPA\b|^(?:LIST|UIDL|AUTH|LANG)$/u.test(command)) this.#listing = true;
  }
}

/**
 * A BDAT says how many bytes follow it, and they do at once (RFC 3030 section 2).
 * After DATA is answered with 354 the client sends the message (RFC 5321 section 4.1.1.4). Some servers say 250 there,
 * and clients take it. Replies come in the order of the commands; a reply to nothing is the greeting, or a trick.
 */
class SmtpEar implements Ear {
  readonly #asked: boolean[] = [];

  heard(line: Piece, _ending: string, sides: Sides): void {
    const text = line.head.subarray(0, 16).toString('latin1');
    if (line.from === 'client') {
      this.#asked.push(/^DATA\s*$/iu.test(text));
      const chunk = /^BDAT +(\d{1,10})(?: |$)/iu.exec(line.head.subarray(0, 64).toString('latin1'));
      if (chunk) sides.client.expectLiteral(Number(chunk[1]));
    } else if (/^\d{3}(?!-)/u.test(text) && this.#asked.shift() === true && /^[23]/u.test(text)) {
      // The message itself is answered like a command.
      this.#asked.push(false);
      sides.client.expectDotted();
    }
  }
}
