import { MASK, type Protocol, type WireLine } from '../../shared/wire/line.ts';
import type { Piece } from './split.ts';

type Masks = NonNullable<WireLine['masks']>;
export interface RedactedText {
  text: string;
  masks: Masks;
}

/** Forms of secrets that were typed and are remembered; nobody logs in so often on one connection. */
const LEARNT = 500;
/** How AUTH LOGIN asks for the name and the password, in base64: it is the same everywhere, and helps the reader. */
const PROMPT = /^(?:\+|334) (?:VXNlcm5hbWU6|UGFzc3dvcmQ6|VXNlciBOYW1lAA==|UGFzc3dvcmQA)$/u;
const NAME_PROMPT = /^(?:\+|334) (?:VXNlcm5hbWU6|VXNlciBOYW1lAA==)$/u;
/** Sizes of a secret are told in classes only: its exact length is a hint to whoever reads an exported transcript. */
const CLASSES = [8, 16, 32, 64, 128, 256, 1024, 4096];

/**
 * Takes secrets out of the pieces of one connection, in order. Two nets, either of which is enough:
 * the dialogue (what follows PASS, LOGIN, AUTHENTICATE, AUTH and their continuations is a secret, whatever it is),
 * and the known secrets of the account in every form in which they may stand on the wire.
 */
export class Redactor {
  readonly #rule: Rule;
  readonly #user: string;
  /** Nobody told the secrets: what the dialogue shows to be one is remembered, for a server may repeat it. */
  readonly #learns: boolean;
  #known: string[];
  /** What the client says next is the user name. */
  #asksName = false;

  /** @param secrets the password and whatever else must not be seen, in clear; the user name makes their SASL forms known. */
  constructor(protocol: Protocol, secrets: string[], user: string) {
    this.#rule = protocol === 'imap' ? new ImapRule() : protocol === 'pop3' ? new Pop3Rule() : new SmtpRule();
    this.#user = user;
    this.#learns = secrets.length === 0;
    this.#known = formsOf(secrets, user);
  }

  redact(piece: Piece): RedactedText {
    const raw = decode(piece.head);
    // The answer to a question for the user name is hidden, but is nothing to look for elsewhere: it is in every letter.
    const isName =
      (piece.from === 'client' && this.#asksName) || /^(?:\S+ )?AUTH(?:ENTICATE)? LOGIN /iu.test(raw);
    if (piece.from === 'client') this.#asksName = /^\S+ LOGIN \{\d+\+?\}$/iu.test(raw);
    else if (NAME_PROMPT.test(raw)) this.#asksName = true;
    else if (!raw.startsWith('+')) this.#asksName = false;
    const at = this.#rule.secretFrom(piece, raw);
    if (at === undefined || at >= raw.length) return this.known(raw);
    const hidden = this.#rule.hiddenPart(piece, raw, at);
    if (hidden === 0) return this.known(raw);
    const secret = raw.slice(at, at + hidden);
    const text = raw.slice(0, at) + MASK + raw.slice(at + hidden);
    const shown = this.known(text, [{ at, ...sizeClass(hidden) }]);
    if (this.#learns && piece.from === 'client' && !isName) this.#learn(secret);
    return shown;
  }

  #learn(secret: string): void {
    if (this.#known.length > LEARNT) return;
    const learnt = new Set(this.#known);
    for (const form of formsOf(secretsIn(secret), this.#user)) learnt.add(form);
    this.#known = [...learnt].sort((a, b) => b.length - a.length);
  }

  /** Takes out what is known to be secret, wherever it stands: for words that are of no dialogue, or that echo one. */
  known(given: string, masked: Masks = []): RedactedText {
    let text = given;
    const masks = masked.map((mask) => ({ ...mask }));
    for (const secret of this.#known) {
      for (let found = text.indexOf(secret); found >= 0; found = text.indexOf(secret, found)) {
        text = text.slice(0, found) + MASK + text.slice(found + secret.length);
        for (const mask of masks) if (mask.at > found) mask.at += MASK.length - secret.length;
        masks.push({ at: found, ...sizeClass(secret.length) });
        found += MASK.length;
      }
    }
    return { text, masks: masks.sort((a, b) => a.at - b.at) };
  }
}

/** What the dialogue says about a piece. Sees every piece of both sides, in order. */
interface Rule {
  /** Where a secret begins in this piece, or undefined. */
  secretFrom(piece: Piece, text: string): number | undefined;
  /** How many characters from `at` are the secret. */
  hiddenPart(piece: Piece, text: string, at: number): number;
}

/**
 * Client pieces that answer a challenge. A server may say that it is all over in the same breath as it asks,
 * and the client answers all the same: every challenge hides one piece, whatever is said in between.
 */
class Owed {
  #count = 0;
  challenge(): void {
    this.#count += 1;
  }
  /** True when the client's next piece is such an answer. */
  take(): boolean {
    if (this.#count === 0) return false;
    this.#count -= 1;
    return true;
  }
}

class ImapRule implements Rule {
  /** The tag of the authentication that runs: until it is answered, what the client says is secret. */
  #tag: string | undefined;
  readonly #owed = new Owed();

  secretFrom(piece: Piece, text: string): number | undefined {
    if (piece.from === 'server') {
      if (this.#tag === undefined || piece.kind === 'block') return undefined;
      if (text.startsWith(`${this.#tag} `)) this.#tag = undefined;
      else if (/^\+(?: |$)/u.test(text)) {
        this.#owed.challenge();
        // A SASL challenge may be made of the secret too.
        return /^\+ \S/u.test(text) && !PROMPT.test(text) ? 2 : undefined;
      }
      return undefined;
    }
    if (this.#owed.take() || this.#tag !== undefined) return 0;
    const command = /^(\S+) (LOGIN|AUTHENTICATE)(?: |$)/iu.exec(text);
    if (!command || piece.kind === 'block') return undefined;
    this.#tag = command[1];
    const after = command[0].length;
    if (command[2]?.toUpperCase() === 'LOGIN') {
      const user = /^("(?:[^"\\]|\\.)*"|[^\s{"]+) /u.exec(text.slice(after));
      // A user name sent as a literal: the password is in the client's next lines.
      return user ? after + user[0].length : undefined;
    }
    const mechanism = /^\S+ /u.exec(text.slice(after));
    return mechanism ? after + mechanism[0].length : undefined;
  }

  hiddenPart(piece: Piece, text: string, at: number): number {
    if (piece.kind === 'block') return text.length;
    // A literal's size marker is not the secret, and the reader needs it to follow the dialogue.
    const literal = /\{\d+\+?\}$/u.exec(text.slice(at));
    return literal ? literal.index : text.length - at;
  }
}

class Pop3Rule implements Rule {
  #authenticating = false;
  readonly #owed = new Owed();

  secretFrom(piece: Piece, text: string): number | undefined {
    if (piece.from === 'server') {
      if (!this.#authenticating || piece.kind === 'block') return undefined;
      if (/^(\+OK|-ERR)/u.test(text)) this.#authenticating = false;
      else if (/^\+(?: |$)/u.test(text)) {
        this.#owed.challenge();
        return /^\+ \S/u.test(text) && !PROMPT.test(text) ? 2 : undefined;
      }
      return undefined;
    }
    if (this.#owed.take() || this.#authenticating) return 0;
    const command = /^(PASS|APOP \S+|AUTH \S+)(?: |$)/iu.exec(text);
    if (!command) return undefined;
    if (/^AUTH/iu.test(text)) this.#authenticating = true;
    return command[0].endsWith(' ') ? command[0].length : undefined;
  }

  hiddenPart(_piece: Piece, text: string, at: number): number {
    return text.length - at;
  }
}

class SmtpRule implements Rule {
  #authenticating = false;
  readonly #owed = new Owed();

  secretFrom(piece: Piece, text: string): number | undefined {
    if (piece.from === 'server') {
      // No other command is answered by 334 (RFC 4954 section 4).
      if (!text.startsWith('334')) {
        this.#authenticating = false;
        return undefined;
      }
      if (!this.#authenticating) return undefined;
      this.#owed.challenge();
      return text.length > 4 && !PROMPT.test(text) ? 4 : undefined;
    }
    if (piece.kind === 'block') return undefined;
    if (this.#owed.take() || this.#authenticating) return 0;
    const command = /^AUTH \S+(?: |$)/iu.exec(text);
    if (!command) return undefined;
    this.#authenticating = true;
    return command[0].endsWith(' ') ? command[0].length : undefined;
  }

  hiddenPart(_piece: Piece, text: string, at: number): number {
    return text.length - at;
  }
}

/** UTF-8 where it is, Latin-1 where it is not: a line is always shown, byte for byte. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** What a typed secret holds: itself, without quotes; in base64, the parts of a SASL message. */
function secretsIn(typed: string): string[] {
  const found = [typed, typed.replace(/^"(.*)"$/su, '$1').replace(/\\(.)/gu, '$1')];
  if (/^[A-Za-z0-9+/]{4,}={0,2}$/u.test(typed)) {
    const message = Buffer.from(typed, 'base64').toString();
    found.push(
      message,
      message.split('\0').at(-1) ?? '',
      /auth=Bearer ([^\x01]+)/iu.exec(message)?.[1] ?? '',
    );
  }
  return found;
}

function formsOf(secrets: string[], user: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const forms = secrets.flatMap((secret) => [
    secret,
    base64(`\0${user}\0${secret}`),
    base64(`${user}\0${user}\0${secret}`),
    base64(`user=${user}\x01auth=Bearer ${secret}\x01\x01`),
    base64(secret),
    secret.replace(/[\\"]/gu, '\\$&'),
    ...insideBase64(secret),
  ]);
  // Among bytes that are no UTF-8 a line is shown as Latin-1, and a secret in it too.
  const shown = forms.flatMap((form) => [form, Buffer.from(form).toString('latin1')]);
  // What is so short stands everywhere by chance. The longest come first, so that a form which holds another goes whole.
  return [...new Set(shown)].filter((form) => form.length > 3).sort((a, b) => b.length - a.length);
}

/** How a secret reads in the middle of a longer base64 text, but for the characters that it shares with its neighbours. */
function insideBase64(secret: string): string[] {
  const { length } = Buffer.from(secret);
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.from('\0'.repeat(shift) + secret).toString('base64');
    const own = text.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + length) * 4) / 3));
    // A short one stands there by chance.
    return own.length < 8 ? [] : own;
  });
}

function sizeClass(length: number): { min: number; max: number } {
  let min = 1;
  for (const max of CLASSES) {
    if (length <= max) return { min, max };
    min = max + 1;
  }
  return { min, max: Number.MAX_SAFE_INTEGER };
}
