/**
 * POP3 (RFC 1939, 2449) as a plain object: commands and bytes go in, bytes to send and answers come out.
 * It holds no socket, no clock and no promise, so every split of the bytes is a table test.
 */
import { DotDecoder } from './dots.ts';
import { Bytes, Lines, textOf, type Gatherer } from './gather.ts';

/** Longest single-line answer we accept, bytes; RFC 2449 section 4 allows 512. */
const LINE_LIMIT = 64 * 1024;
/** Bytes of one message: it is kept in memory while it comes. */
export const MESSAGE_LIMIT = 256 * 1024 * 1024;
/** Bytes of one listing; a mailbox of a million messages is listed in some 30 MB, in 80 with the longest names. */
const LISTING_LIMIT = 96 * 1024 * 1024;
/** Bytes and lines that a listing may have beside one of so many bytes for each message. */
const SPARE = 1024 * 1024;
const SPARE_LINES = 1000;
const LISTING_LINE = 1100;
/** Above this a message must not be far longer than announced. */
const SURPRISE_LIMIT = 64 * 1024 * 1024;

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
  size: number;
}

interface Open {
  answer: Answer;
  gatherer: Gatherer;
  decoder: DotDecoder;
  finish: () => void;
}

export class Pop3Protocol {
  readonly #expected: Expected[] = [{ command: 'greeting', shape: 'line', size: 0 }];
  #line: Buffer[] = [];
  #lineLength = 0;
  #open: Open | undefined;

  /** How many answers are still to come. */
  get pending(): number {
    return this.#expected.length + (this.#open ? 1 : 0);
  }

  /** Bytes of a listing or message that is coming now; undefined while none is. */
  get coming(): number | undefined {
    return this.#open?.gatherer.length;
  }

  /**
   * Writes down that a command was sent and what its positive answer looks like.
   * @param command one line without CRLF; may be the reply to a continuation
   * @param size of the message that is to come, bytes, as the server told it; it may be wrong. Of a listing: its lines.
   * @returns the bytes to send
   */
  send(command: string, shape: Shape = 'line', size = 0): Buffer {
    if (/[\r\n]/u.test(command)) throw new ProtocolError('a command is one line');
    this.#expected.push({ command, shape, size });
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
        const { answer, decoder, finish } = this.#open;
        rest = rest.subarray(decoder.take(rest));
        if (!decoder.done) continue;
        this.#open = undefined;
        finish();
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
      const line = textOf(Buffer.concat(this.#line).subarray(0, -1));
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
    this.#open = opened(answer, expected);
    return undefined;
  }
}

function opened(answer: Answer, { command, shape, size }: Expected): Open {
  const open = (limit: number, lines: number, gatherer: Gatherer, finish: () => void): Open => ({
    answer,
    gatherer,
    finish,
    decoder: new DotDecoder((part) => {
      gatherer.add(part);
      if (gatherer.length > limit || (gatherer.count ?? 0) > lines) {
        throw new ProtocolError(`${command}: the answer has no end`);
      }
    }),
  });
  const expected = Math.max(0, size);
  if (shape === 'lines') {
    const lines = new Lines();
    const limit = Math.min(LISTING_LIMIT, SPARE + LISTING_LINE * expected);
    return open(limit, SPARE_LINES + expected, lines, () => (answer.lines = lines.take()));
  }
  // Servers that count LF for CRLF are wrong by half at most.
  const limit = Math.min(MESSAGE_LIMIT, Math.max(SURPRISE_LIMIT, 2 * expected));
  const bytes = new Bytes(Math.min(expected, MESSAGE_LIMIT));
  return open(limit, 0, bytes, () => (answer.message = bytes.take()));
}
