import { createHash } from 'node:crypto';
import { utf8InBinary } from '../bytes.ts';
import type { PostOffice } from '../post-office.ts';
import { MECHANISMS, newChallenge, sameText, startSasl } from '../sasl.ts';
import type { Credentials } from '../sasl.ts';

/** What a session lets its AUTHORIZATION state do. */
type Door = {
  ok(text: string): void;
  err(text: string): void;
  line(text: string): void;
  multiline(lines: readonly string[]): void;
  enter(credentials: Credentials): void;
};

/** The AUTHORIZATION state (RFC 1939, section 4): the ways to say who one is. */
export class Authorization {
  /** Stands in the greeting, and is what APOP digests (RFC 1939, section 7). */
  readonly timestamp: string;
  #door: Door;
  #domain: string;
  #user: string | undefined;
  #answer: ((line: string) => ReturnType<typeof startSasl>) | undefined;

  constructor(office: PostOffice, door: Door) {
    this.#domain = office.domain;
    this.timestamp = newChallenge(office.domain);
    this.#door = door;
  }

  /** Whether the next line is an answer to a challenge. */
  get challenged(): boolean {
    return this.#answer !== undefined;
  }

  /** Forget what was said so far: TLS begins (RFC 2595, section 4). */
  forget(): void {
    this.#user = undefined;
    this.#answer = undefined;
  }

  user(argument: string): void {
    if (argument === '') return this.#door.err('write: USER name');
    this.#user = argument;
    // Yes to any name: who has a mailbox here is nobody's business before the password.
    return this.#door.ok('now PASS password');
  }

  pass(argument: string): void {
    const user = this.#user;
    if (user === undefined) return this.#door.err('first USER name, then PASS password');
    this.#user = undefined;
    // A password may hold spaces: the whole rest of the line is the argument (RFC 1939, section 7).
    const password = utf8InBinary(argument) ?? argument;
    return this.#door.enter({ user, proves: (right) => sameText(right, password) });
  }

  /** The MD5 of the timestamp and the password, so that the password never travels (RFC 1939, section 7). */
  apop(argument: string): void {
    const [, user = '', digest = ''] = /^(\S+) ([0-9a-f]{32})$/i.exec(argument) ?? [];
    if (user === '')
      return this.#door.err(
        `write: APOP name digest, the MD5 of ${this.timestamp} and the password, in hexadecimal`,
      );
    const proves = (password: string): boolean =>
      sameText(md5(this.timestamp + password), digest.toLowerCase());
    return this.#door.enter({ user, proves });
  }

  /** RFC 5034; without an argument, the list of mechanisms. */
  auth(argument: string): void {
    const [mechanism = '', initial, ...more] = argument.split(' ');
    if (mechanism === '') {
      this.#door.ok('these are the mechanisms');
      return this.#door.multiline(MECHANISMS);
    }
    if (more.length > 0) return this.#door.err('write: AUTH PLAIN, or AUTH PLAIN and the answer in base64');
    const step = startSasl(mechanism, this.#domain, initial === '' ? undefined : initial);
    if (!step) return this.#door.err(`the mechanisms here are ${MECHANISMS.join(', ')}`);
    return this.#advance(step);
  }

  /** The client's line after a challenge; undefined where it was too long to be read. */
  answer(line: string | undefined): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (!answer || line === undefined) return this.#door.err('this answer is too long');
    if (line === '*') return this.#door.err('you took AUTH back');
    return this.#advance(answer(line));
  }

  #advance(step: ReturnType<typeof startSasl>): void {
    if (!step) return;
    if ('problem' in step) return this.#door.err(step.problem);
    if ('credentials' in step) return this.#door.enter(step.credentials);
    this.#answer = step.next;
    return this.#door.line(`+ ${step.ask}`);
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
