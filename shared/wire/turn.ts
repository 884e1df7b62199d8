import type { Protocol, WireLine } from './line.ts';

/**
 * Whose turn it is in a dialogue, and what the server would take now.
 * - `answer`: the server is to speak;
 * - `command`: the next line is a command;
 * - `data`: lines of a message, until one that is a single dot (SMTP);
 * - `literal`: `left` bytes of a literal, then the rest of the command (IMAP);
 * - `sasl`: the answer to a challenge, not to be seen while it is typed;
 * - `done`: what ends a running command (`DONE` after IDLE, RFC 2177).
 */
export type Expects =
  { kind: 'answer' | 'command' | 'data' | 'sasl' | 'done' } | { kind: 'literal'; left: number };

/** Follows a connection by its transcript, so that a person or a script knows when to speak. */
export interface Turn {
  readonly expects: Expects;
  hear(line: WireLine): void;
}

export function turnOf(protocol: Protocol): Turn {
  return protocol === 'imap' ? new ImapTurn() : protocol === 'pop3' ? new Pop3Turn() : new SmtpTurn();
}

/** Replies come in the order of the commands, the greeting first (RFC 5321 section 4.2, RFC 2920). */
class SmtpTurn implements Turn {
  readonly #asked: string[] = ['greeting'];
  #mode: 'command' | 'data' | 'sasl' = 'command';

  get expects(): Expects {
    return { kind: this.#asked.length > 0 ? 'answer' : this.#mode };
  }

  hear(line: WireLine): void {
    if (line.kind === 'note' || line.kind === 'gap') return;
    if (line.direction === 'client') {
      if (line.kind === 'block') return;
      if (this.#mode === 'data') this.#asked.push('message');
      else if (this.#mode === 'sasl') this.#asked.push('AUTH');
      else this.#asked.push(/^\S*/u.exec(line.text)?.[0].toUpperCase() ?? '');
      this.#mode = 'command';
    } else if (/^\d{3}(?!-)/u.test(line.text)) {
      const asked = this.#asked.shift();
      if (asked === 'DATA' && /^[23]/u.test(line.text)) this.#mode = 'data';
      if (asked === 'AUTH' && line.text.startsWith('334')) this.#mode = 'sasl';
    }
  }
}

/** Answers come in the order of the commands; some go on until a dot (RFC 1939 section 3). */
class Pop3Turn implements Turn {
  readonly #asked: string[] = ['GREETING'];
  #sasl = false;
  #listing = false;

  get expects(): Expects {
    if (this.#asked.length > 0 || this.#listing) return { kind: 'answer' };
    return { kind: this.#sasl ? 'sasl' : 'command' };
  }

  hear(line: WireLine): void {
    if (line.kind === 'note' || line.kind === 'gap') return;
    if (line.direction === 'client') {
      this.#asked.push(this.#sasl ? 'AUTH *' : line.text.trim().toUpperCase());
      this.#sasl = false;
    } else if (this.#listing) {
      if (line.text === '.' && line.kind === 'line') this.#listing = false;
    } else if (line.kind === 'line') {
      const asked = this.#asked.shift() ?? '';
      if (/^\+(?: |$)/u.test(line.text)) this.#sasl = asked.startsWith('AUTH');
      else if (line.text.startsWith('+OK'))
        this.#listing = /^(?:RETR|TOP|CAPA)\b|^(?:LIST|UIDL|AUTH|LANG)$/u.test(asked);
    }
  }
}

/** Commands are answered by their tags; `+` asks for more of the command that waits (RFC 9051 section 2.2). */
class ImapTurn implements Turn {
  #greeted = false;
  readonly #open = new Map<string, string>();
  /** The tag of the command whose lines are being sent, while it is not whole. */
  #goesOn: string | undefined;
  #literal = 0;
  /** The server said `+` and may be answered. */
  #go = false;

  get expects(): Expects {
    if (!this.#greeted) return { kind: 'answer' };
    if (this.#go) {
      if (this.#goesOn !== undefined) return { kind: 'literal', left: this.#literal };
      return { kind: [...this.#open.values()].includes('IDLE') ? 'done' : 'sasl' };
    }
    return { kind: this.#open.size > 0 || this.#goesOn !== undefined ? 'answer' : 'command' };
  }

  hear(line: WireLine): void {
    if (line.kind === 'note' || line.kind === 'gap') return;
    if (line.direction === 'client') this.#said(line);
    else if (line.kind === 'line') this.#heard(line.text);
  }

  #said(line: WireLine): void {
    if (line.kind === 'block') {
      this.#literal = 0;
      return;
    }
    const answers = this.#go && this.#goesOn === undefined;
    this.#go = false;
    const literal = /\{(\d+)(\+?)\}$/u.exec(line.text);
    if (!answers && this.#goesOn === undefined) {
      const [tag = '', verb = ''] = line.text.split(' ');
      this.#open.set(tag, verb.toUpperCase());
      if (literal) this.#goesOn = tag;
    }
    if (!literal) this.#goesOn = undefined;
    this.#literal = Number(literal?.[1] ?? 0);
    if (literal?.[2] === '+') this.#go = true;
  }

  #heard(text: string): void {
    this.#greeted = true;
    if (/^\+(?: |$)/u.test(text)) this.#go = true;
    const tag = /^\S+/u.exec(text)?.[0] ?? '';
    if (!this.#open.delete(tag)) return;
    if (this.#goesOn === tag) this.#goesOn = undefined;
    if (this.#goesOn === undefined) this.#go = false;
  }
}
