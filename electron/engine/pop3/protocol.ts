/**
 * POP3 (RFC 1939, 2449) as a plain object: commands and bytes go in, bytes to send and answers come out.
 * It holds no socket, no clock and no promise, so every split of the bytes is a table test.
 */

/** Longest single-line answer we accept, bytes; RFC 2449 section 4 allows 512. */
const LINE_LIMIT = 64 * 1024;
/** Bytes of one message or listing; a mailbox of a million messages is listed in some 30 MB. */
const ANSWER_LIMIT = 256 * 1024 * 1024;

export type Shape = 'line' | 'lines' | 'message';

export interface Answer {
  /** What was sent, or `greeting`. */
  command: string;
  status: 'ok' | 'error' | 'continue';
  /** The rest of the status line. */
  text: string;
  /** Listing answers: the lines, dot-unstuffed, without the final dot. */
  lines: string[];
  /** Message answers: the bytes exactly as they are, dot-unstuffed, without the final dot line. */
  message: Buffer | undefined;
}

/** The server broke the protocol; nothing that comes after can be trusted. */
export class ProtocolError extends Error {
  override readonly name = 'Pop3ProtocolError';
  /** Answers in the same bytes that came before. */
  readonly before: Answer[] = [];
}

interface Expected {
  command: string;
  shape: Shape;
}

export class Pop3Protocol {
  readonly #expected: Expected[] = [{ command: 'greeting', shape: 'line' }];
  #line: Buffer[] = [];
  #lineLength = 0;
  #open: { answer: Answer; shape: Exclude<Shape, 'line'>; decoder: DotDecoder } | undefined;

  /** How many answers are still to come. */
  get pending(): number {
    return this.#expected.length;
  }

  /**
   * Writes down that a command was sent and what its positive answer looks like.
   * @param command one line without CRLF; may be the reply to a continuation
   * @returns the bytes to send
   */
  send(command: string, shape: Shape = 'line'): Buffer {
    if (/[\r\n]/u.test(command)) throw new ProtocolError('a command is one line');
    this.#expected.push({ command, shape });
    return Buffer.from(`${command}\r\n`);
  }

  /**
   * Takes bytes as they came and gives back the answers that are now whole, in the order of the commands.
   * @throws ProtocolError
   */
  receive(chunk: Uint8Array): Answer[] {
    const answers: Answer[] = [];
    try {
      this.#take(chunk, answers);
    } catch (thrown) {
      if (thrown instanceof ProtocolError) thrown.before.push(...answers);
      throw thrown;
    }
    return answers;
  }

  #take(chunk: Uint8Array, answers: Answer[]): void {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    while (rest.length > 0) {
      if (this.#open) {
        const used = this.#open.decoder.take(rest);
        rest = rest.subarray(used);
        if (this.#open.decoder.length > ANSWER_LIMIT) {
          throw new ProtocolError('the answer has no end');
        }
        if (!this.#open.decoder.done) continue;
        const { answer, shape, decoder } = this.#open;
        this.#open = undefined;
        if (shape === 'message') answer.message = decoder.bytes();
        else answer.lines = decoder.bytes().toString('utf8').split(/\r?\n/u).slice(0, -1);
        answers.push(answer);
        continue;
      }
      const at = rest.indexOf(0x0a);
      const part = at < 0 ? rest : rest.subarray(0, at + 1);
      rest = rest.subarray(part.length);
      this.#lineLength += part.length;
      if (this.#lineLength > LINE_LIMIT) throw new ProtocolError('the answer line is too long');
      this.#line.push(Buffer.from(part));
      if (at < 0) break;
      const line = Buffer.concat(this.#line)
        .toString('utf8')
        .replace(/\r?\n$/u, '');
      this.#line = [];
      this.#lineLength = 0;
      const answer = this.#status(line);
      if (answer) answers.push(answer);
    }
  }

  #status(line: string): Answer | undefined {
    const expected = this.#expected.shift();
    if (!expected) throw new ProtocolError(`an answer to no command: ${line.slice(0, 80)}`);
    const found = /^(\+OK|-ERR|\+)(?: (.*))?$/su.exec(line);
    if (!found) throw new ProtocolError(`neither +OK nor -ERR: ${line.slice(0, 80)}`);
    const status = found[1] === '+OK' ? 'ok' : found[1] === '+' ? 'continue' : 'error';
    const answer: Answer = {
      command: expected.command,
      status,
      text: found[2] ?? '',
      lines: [],
      message: undefined,
    };
    if (status !== 'ok' || expected.shape === 'line') return answer;
    this.#open = { answer, shape: expected.shape, decoder: new DotDecoder() };
    return undefined;
  }
}

/**
 * Undoes byte-stuffing (RFC 1939 section 3): a line that begins with a dot loses it, the line `.` ends the data.
 * Only CRLF ends a line here, so a bare LF or CR in a message stays what it was.
 */
class DotDecoder {
  readonly #parts: Buffer[] = [];
  /** `line`: at the start of a line; `dot`: a dot stood there; `dotcr`: dot, CR; `cr`: a CR in the text. */
  #state: 'line' | 'dot' | 'dotcr' | 'cr' | 'text' = 'line';
  length = 0;
  done = false;

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
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

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#parts.push(Buffer.from(part));
    this.length += part.length;
  }
}
