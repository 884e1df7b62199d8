import type { Protocol, WireLine } from '../../../shared/wire/line.ts';
import { turnOf, type Expects } from '../../../shared/wire/turn.ts';

/** What becomes of the lines behind one that needs a go-ahead. */
type Hold =
  | { kind: 'literal'; tag: string } // `{n}` without a plus: until `+` (RFC 9051 section 4.3)
  | { kind: 'data' }; // DATA: until 354 (RFC 5321 section 4.1.1.4)

const LOGIN: Record<Protocol, RegExp> = {
  imap: /^\S+ AUTHENTICATE /iu,
  pop3: /^AUTH /iu,
  smtp: /^AUTH /iu,
};
/** Not the answer to a challenge. */
const COMMAND: Record<Protocol, RegExp> = {
  imap: /^\S+ \S/u,
  pop3: /^(?:[A-Z]{3,4}|UTF8)(?: .*)?\r\n$/iu,
  smtp: /^[A-Z]{4}(?: .*)?\r\n$/iu,
};
const REFUSAL = /^(?:-ERR|[45]\d\d(?!-)|[^*+]\S* (?:NO|BAD)\b)/iu;

/**
 * Knows when a typed line may go out. Most may at once; what a go-ahead has to come before is held back, and is never
 * sent as a command instead when the server says no: it may be a password or somebody's letter.
 */
export class Pace {
  readonly #protocol: Protocol;
  readonly #piped: boolean;
  readonly #turn;
  #hold: Hold | undefined;
  /** Bytes of the announced literal that were not sent. */
  #literal = 0;
  /** Whether the next line belongs to the command before. */
  #goesOn = false;
  #tag = '';

  /** A login runs, or was refused just now. */
  #login: 'running' | 'refused' | undefined;

  /** @param piped a script speaks: what follows a refusal was written before it */
  constructor(protocol: Protocol, piped: boolean) {
    this.#protocol = protocol;
    this.#piped = piped;
    this.#turn = turnOf(protocol);
  }

  get expects(): Expects {
    const expects = this.#turn.expects;
    return expects.kind === 'literal' ? { kind: 'literal', left: this.#literal } : expects;
  }

  get held(): boolean {
    return this.#hold !== undefined;
  }

  /** True while a typed line is a command, so far as we know. */
  get atCommand(): boolean {
    const { kind } = this.expects;
    return !this.#goesOn && (kind === 'command' || kind === 'answer');
  }

  /** A line is about to be sent. @param bytes with its CRLF, one character a byte */
  sending(bytes: string): void {
    if (this.atCommand) this.#login = LOGIN[this.#protocol].test(bytes) ? 'running' : undefined;
    if (this.#protocol === 'smtp' && this.expects.kind !== 'data') {
      if (/^DATA\s*$/iu.test(bytes)) this.#hold = { kind: 'data' };
    }
    if (this.#protocol !== 'imap') return;
    if (!this.#goesOn) this.#tag = /^\S*/u.exec(bytes)?.[0] ?? '';
    const inLiteral = Math.min(this.#literal, bytes.length);
    this.#literal -= inLiteral;
    const rest = bytes.slice(inLiteral);
    if (rest === '') return;
    const literal = /\{(\d{1,10})(\+?)\}\r\n$/u.exec(rest);
    this.#goesOn = literal !== null;
    this.#literal = Number(literal?.[1] ?? 0);
    if (literal?.[2] === '') this.#hold = { kind: 'literal', tag: this.#tag };
  }

  /**
   * A line of the transcript, of either side.
   * @returns `refused` when what was held back is not wanted
   */
  hear(line: WireLine): 'refused' | undefined {
    this.#turn.hear(line);
    if (this.#login === 'running' && line.direction === 'server' && REFUSAL.test(line.text)) {
      this.#login = 'refused';
    }
    if (!this.#hold || line.direction !== 'server' || line.kind !== 'line') return undefined;
    if (this.#hold.kind === 'literal') {
      if (/^\+(?: |$)/u.test(line.text)) this.#hold = undefined;
      else if (line.text.startsWith(`${this.#hold.tag} `)) return this.#refused();
    } else if (this.#turn.expects.kind === 'data') {
      this.#hold = undefined;
    } else if (this.#turn.expects.kind !== 'answer') {
      return this.#refused();
    }
    return undefined;
  }

  /** After a refusal: whether a line that was typed before it is part of what nobody wants. */
  drops(bytes: string): boolean {
    if (this.#dropping === 0) {
      // How many answers the login would have taken nobody knows; a command ends them.
      return this.#piped && this.#login === 'refused' && !COMMAND[this.#protocol].test(bytes);
    }
    if (this.#protocol === 'smtp') {
      if (bytes === '.\r\n') this.#dropping = 0;
    } else if (bytes.length > this.#dropping) {
      const again = /\{(\d{1,10})\+?\}\r\n$/u.exec(bytes);
      this.#dropping = again ? Number(again[1]) : 0;
    } else {
      // A literal that ends with a line's end is followed by the rest of its command, empty as it may be.
      this.#dropping = Math.max(1, this.#dropping - bytes.length);
    }
    return true;
  }

  /** What was typed so far is dealt with: the next line is a command again. */
  forgive(): void {
    if (!this.#piped) this.#dropping = 0;
  }

  #dropping = 0;
  #refused(): 'refused' {
    this.#dropping = this.#protocol === 'smtp' ? 1 : Math.max(1, this.#literal);
    this.#hold = undefined;
    this.#literal = 0;
    this.#goesOn = false;
    return 'refused';
  }
}
