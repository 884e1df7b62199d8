// The mechanisms of one or two steps.
import { createHmac } from 'node:crypto';
import { ended, SaslError, type Credentials, type Exchange } from './exchange.ts';
import { saslName } from './scram.ts';

/** RFC 4616: all at once, as it is. */
export class Plain implements Exchange {
  readonly name = 'PLAIN';
  readonly clientFirst = true;
  judged = false;
  readonly #message: string;

  constructor({ user, password }: Credentials) {
    if (`${user}${password}`.includes('\0')) {
      throw new SaslError('wrong-password', 'PLAIN: there is no room for a NUL character');
    }
    this.#message = `\0${user}\0${password}`;
  }

  async answer(): Promise<Buffer> {
    if (this.judged) throw ended(this.name);
    this.judged = true;
    return Buffer.from(this.#message);
  }

  finish(): void {}
}

/** Never standardised: the name is asked for, then the password. How a server words it does not matter. */
export class LoginMechanism implements Exchange {
  readonly name = 'LOGIN';
  readonly clientFirst = false;
  judged = false;
  readonly #words: string[];

  constructor({ user, password }: Credentials) {
    this.#words = [user, password];
  }

  async answer(): Promise<Buffer> {
    const next = this.#words.shift();
    if (next === undefined) throw ended(this.name);
    this.judged = this.#words.length === 0;
    return Buffer.from(next);
  }

  finish(): void {}
}

/** RFC 2195: the challenge, hashed with the password as key. */
export class CramMd5 implements Exchange {
  readonly name = 'CRAM-MD5';
  readonly clientFirst = false;
  judged = false;
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  async answer(challenge: Buffer): Promise<Buffer> {
    if (this.judged) throw ended(this.name);
    // An empty or endless challenge would be the same login again, or work for nothing.
    if (challenge.length === 0 || challenge.length > 4096) {
      throw new SaslError('server-refused', 'CRAM-MD5: the challenge is malformed');
    }
    this.judged = true;
    const { user, password } = this.#credentials;
    return Buffer.from(`${user} ${createHmac('md5', password).update(challenge).digest('hex')}`);
  }

  finish(): void {}
}

/** A token in the place of the password: RFC 7628, and the form that Google had before it. */
export class Bearer implements Exchange {
  readonly name: 'OAUTHBEARER' | 'XOAUTH2';
  readonly clientFirst = true;
  judged = false;
  complaint: string | undefined;
  readonly #message: string;

  constructor(name: 'OAUTHBEARER' | 'XOAUTH2', { user, token = '', host, port }: Credentials) {
    this.name = name;
    if (!/^[\x21-\x7e]+$/u.test(token)) {
      throw new SaslError('wrong-password', `${name}: this is not an access token`);
    }
    const fields =
      name === 'OAUTHBEARER'
        ? [`n,a=${saslName(user)},`, `host=${host}`, `port=${port}`, `auth=Bearer ${token}`]
        : [`user=${user}`, `auth=Bearer ${token}`];
    this.#message = [...fields, '', ''].join('\x01');
  }

  async answer(challenge: Buffer): Promise<Buffer> {
    if (!this.judged) {
      this.judged = true;
      return Buffer.from(this.#message);
    }
    if (this.complaint !== undefined) throw ended(this.name);
    // RFC 7628 section 3.2.3: what is wrong comes as a challenge, and has to be answered before the server says no.
    this.complaint = challenge.toString().slice(0, 500);
    return Buffer.from(this.name === 'OAUTHBEARER' ? '\x01' : '');
  }

  finish(): void {
    if (this.complaint !== undefined) {
      throw new SaslError('server-refused', `${this.name}: the server takes the token and refuses it`);
    }
  }
}
