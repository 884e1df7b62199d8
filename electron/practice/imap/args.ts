import { binary } from '../bytes.ts';
import { Complaint } from './complaint.ts';
import { parseSequenceSet } from './sequence-set.ts';
import type { SequenceSet } from './sequence-set.ts';
import { MONTHS } from '../mail/date.ts';

/** A command as it came: text (one character per octet) and, between the texts, literals. */
export type CommandParts = readonly (string | Uint8Array)[];

const LITERAL_MARK = /^\{\d+\+?\}$/;

/** Reads the arguments of a command one by one (RFC 9051, section 9); what is wrong is thrown as a Complaint. */
export class Args {
  #parts: CommandParts;
  #part = 0;
  #at = 0;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  get #text(): string {
    const part = this.#parts[this.#part];
    return typeof part === 'string' ? part : '';
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length && this.#part >= this.#parts.length - 1;
  }

  peek(text: string): boolean {
    return this.#text.slice(this.#at, this.#at + text.length).toUpperCase() === text;
  }

  /** Step over the text (upper case) if it comes next. */
  skip(text: string): boolean {
    if (!this.peek(text)) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string, what: string): void {
    if (!this.skip(text)) throw new Complaint(`expected ${what}${this.#found()}`);
  }

  space(before: string): void {
    if (!this.skip(' '))
      throw new Complaint(
        this.atEnd ? `${before} is missing` : `expected a space before ${before}${this.#found()}`,
      );
    // Two spaces are a common slip of the hand; nothing else can be meant.
    while (this.skip(' '));
  }

  end(): void {
    while (this.skip(' '));
    if (!this.atEnd) throw new Complaint(`this is more than the command takes${this.#found()}`);
  }

  match(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, 'iy');
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  atom(what: string): string {
    const found = this.match(/[^\x00-\x20\x7f(){%*"\\\]]+/); // oxlint-disable-line no-control-regex -- atoms are defined by them
    if (found === undefined) throw new Complaint(`expected ${what}${this.#found()}`);
    return found;
  }

  /** An atom (with `]`), a quoted string or a literal. */
  astring(what: string): string {
    const given = this.#stringOrUndefined(what);
    if (given !== undefined) return given;
    const found = this.match(/[^\x00-\x20\x7f(){%*"\\]+/); // oxlint-disable-line no-control-regex -- atoms are defined by them
    if (found === undefined) throw new Complaint(`expected ${what}${this.#found()}`);
    return found;
  }

  /** As astring, with the wildcards of LIST. */
  listMailbox(what: string): string {
    const given = this.#stringOrUndefined(what);
    if (given !== undefined) return given;
    const found = this.match(/[^\x00-\x20\x7f(){"\\]+/); // oxlint-disable-line no-control-regex -- atoms are defined by them
    if (found === undefined) throw new Complaint(`expected ${what}${this.#found()}`);
    return found;
  }

  nstring(what: string): string | undefined {
    return this.match(/NIL(?=[ )]|$)/) === undefined ? this.astring(what) : undefined;
  }

  number(what: string): number {
    const found = this.match(/\d{1,15}/);
    if (found === undefined) throw new Complaint(`expected ${what}${this.#found()}`);
    return Number(found);
  }

  sequenceSet(): SequenceSet {
    const found = this.match(/[\d:*,]+/);
    const set = found === undefined ? undefined : parseSequenceSet(found);
    if (!set)
      throw new Complaint(
        `expected message numbers such as 1 or 2:4,7 or 1:*${found === undefined ? this.#found() : `, found ${found}`}`,
      );
    return set;
  }

  /** `(item item ...)`; the function reads one item. */
  list<T>(what: string, item: () => T): T[] {
    this.expect('(', `( before ${what}`);
    const items: T[] = [];
    while (!this.skip(')')) {
      if (items.length > 0) this.space(what);
      items.push(item());
      while (this.peek(' )')) this.skip(' ');
    }
    return items;
  }

  flag(): string {
    const found = this.match(/\\?[^\x00-\x20\x7f(){%*"\\\]]+/); // oxlint-disable-line no-control-regex -- atoms are defined by them
    if (found === undefined) throw new Complaint(`expected a flag such as \\Seen${this.#found()}`);
    if (found.toLowerCase() === '\\recent') throw new Complaint('\\Recent is given by the server alone');
    return found;
  }

  /** A literal as bytes; undefined where none comes next. */
  literal(): Uint8Array | undefined {
    const next = this.#parts[this.#part + 1];
    if (next === undefined || typeof next === 'string' || !LITERAL_MARK.test(this.#text.slice(this.#at)))
      return undefined;
    this.#part += 2;
    this.#at = 0;
    return next;
  }

  /** `1-Feb-1994`, quoted or not, as midnight UTC. */
  date(): Date {
    const found = this.match(/"?(\d{1,2})-([A-Z]{3})-(\d{4})"?/);
    const match = /(\d{1,2})-([A-Z]{3})-(\d{4})/i.exec(found ?? '');
    const month = monthIndex(match?.[2]);
    if (!match || month < 0) throw new Complaint(`expected a date such as 1-Feb-2026${this.#found()}`);
    return new Date(Date.UTC(Number(match[3]), month, Number(match[1])));
  }

  /** `"17-Jul-1996 02:44:25 -0700"`. */
  dateTime(): Date {
    const found = this.match(/"[^"]*"/);
    const match = /^"([ \d]?\d)-([A-Z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"$/i.exec(
      found ?? '',
    );
    const month = monthIndex(match?.[2]);
    if (!match || month < 0)
      throw new Complaint('expected a date and time such as "17-Jul-2026 02:44:25 +0300"');
    const [, day, , year, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
    const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -1 : 1);
    const local = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
    return new Date(local - zone * 60_000);
  }

  #stringOrUndefined(what: string): string | undefined {
    if (this.peek('"')) {
      const found = this.match(/"(?:[^"\\]|\\["\\])*"/);
      if (found === undefined)
        throw new Complaint(
          `the quoted string of ${what} has no end: a " is missing, or a \\ that is not \\\\ or \\"`,
        );
      return found.slice(1, -1).replace(/\\(.)/gs, '$1');
    }
    if (!this.peek('{')) return undefined;
    const bytes = this.literal();
    if (!bytes)
      throw new Complaint(
        `expected ${what}: a literal is {count} at the end of the line, then that many octets`,
      );
    return binary(bytes);
  }

  #found(): string {
    const rest = this.#text.slice(this.#at, this.#at + 20).replace(/[^\x20-\x7e]/g, '?');
    return rest === '' ? ', found the end of the line' : `, found ${rest}`;
  }
}

function monthIndex(name: string | undefined): number {
  return MONTHS.findIndex((month) => month.toLowerCase() === name?.toLowerCase());
}
