import { MASK, type Protocol, type WireLine } from '../../shared/wire/line.ts';
import type { Piece } from './split.ts';

type Masks = NonNullable<WireLine['masks']>;
export interface RedactedText {
  text: string;
  masks: Masks;
}

/** Sizes of a secret are told in classes only: its exact length is a hint to whoever reads an exported transcript. */
const CLASSES = [8, 16, 32, 64, 128, 256, 1024, 4096];

/**
 * Takes secrets out of the pieces of one connection, in order. Two nets, either of which is enough:
 * the dialogue (what follows PASS, LOGIN, AUTHENTICATE, AUTH and their continuations is a secret, whatever it is),
 * and the known secrets of the account in every form in which they may stand on the wire.
 */
export class Redactor {
  readonly #rule: Rule;
  readonly #known: string[];

  /** @param secrets the password and whatever else must not be seen, in clear; the user name makes their SASL forms known. */
  constructor(protocol: Protocol, secrets: string[], user: string) {
    this.#rule = protocol === 'imap' ? new ImapRule() : protocol === 'pop3' ? new Pop3Rule() : new SmtpRule();
    this.#known = formsOf(secrets, user);
  }

  redact(piece: Piece): RedactedText {
    const raw = decode(piece.head);
    const at = this.#rule.secretFrom(piece, raw);
    let text = raw;
    const masks: Masks = [];
    if (at !== undefined && at < raw.length) {
      const hidden = this.#rule.hiddenPart(raw, at);
      text = raw.slice(0, at) + MASK + raw.slice(at + hidden);
      masks.push({ at, ...sizeClass(hidden) });
    }
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
  hiddenPart(text: string, at: number): number;
}

class ImapRule implements Rule {
  /** The tag of the authentication that runs: until it is answered, what the client says is secret. */
  #tag: string | undefined;

  secretFrom(piece: Piece, text: string): number | undefined {
    if (piece.from === 'server') {
      if (this.#tag !== undefined && text.startsWith(`${this.#tag} `)) this.#tag = undefined;
      // A SASL challenge may be made of the secret too.
      else if (this.#tag !== undefined && piece.kind === 'line' && /^\+ \S/u.test(text)) return 2;
      return undefined;
    }
    if (this.#tag !== undefined) return 0;
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

  hiddenPart(text: string, at: number): number {
    // A literal's size marker is not the secret, and the reader needs it to follow the dialogue.
    const literal = /\{\d+\+?\}$/u.exec(text.slice(at));
    return literal ? Math.max(0, literal.index) : text.length - at;
  }
}

class Pop3Rule implements Rule {
  #authenticating = false;

  secretFrom(piece: Piece, text: string): number | undefined {
    if (piece.from === 'server') {
      if (/^(\+OK|-ERR)/u.test(text)) this.#authenticating = false;
      else if (this.#authenticating && /^\+ \S/u.test(text)) return 2;
      return undefined;
    }
    if (this.#authenticating) return 0;
    const command = /^(PASS|APOP \S+|AUTH \S+)(?: |$)/iu.exec(text);
    if (!command) return undefined;
    if (/^AUTH/iu.test(text)) this.#authenticating = true;
    return command[0].endsWith(' ') ? command[0].length : undefined;
  }

  hiddenPart(text: string, at: number): number {
    return text.length - at;
  }
}

class SmtpRule implements Rule {
  #authenticating = false;

  secretFrom(piece: Piece, text: string): number | undefined {
    if (piece.from === 'server') {
      if (!this.#authenticating) return undefined;
      if (!text.startsWith('334')) this.#authenticating = false;
      // The prompts of AUTH LOGIN ("Username:", "Password:") are public and help the reader.
      else if (text.length > 4 && !/^334 (VXNlcm5hbWU6|UGFzc3dvcmQ6)$/u.test(text)) return 4;
      return undefined;
    }
    if (piece.kind === 'block') return undefined;
    if (this.#authenticating) return 0;
    const command = /^AUTH \S+(?: |$)/iu.exec(text);
    if (!command) return undefined;
    this.#authenticating = true;
    return command[0].endsWith(' ') ? command[0].length : undefined;
  }

  hiddenPart(text: string, at: number): number {
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

function formsOf(secrets: string[], user: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  // A very short secret would mask half of every line; the dialogue's own net takes those.
  const long = secrets.filter((secret) => secret.length > 3);
  const forms = long.flatMap((secret) => [
    secret,
    base64(`\0${user}\0${secret}`),
    base64(`${user}\0${user}\0${secret}`),
    base64(`user=${user}\x01auth=Bearer ${secret}\x01\x01`),
    base64(secret),
    secret.replace(/[\\"]/gu, '\\$&'),
  ]);
  // The longest first, so that a form which holds another is taken out whole.
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function sizeClass(length: number): { min: number; max: number } {
  let min = 1;
  for (const max of CLASSES) {
    if (length <= max) return { min, max };
    min = max + 1;
  }
  return { min, max: Number.MAX_SAFE_INTEGER };
}
