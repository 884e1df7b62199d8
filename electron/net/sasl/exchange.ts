import type { Failure } from '../../../shared/model/failure.ts';

/** The SASL mechanisms that we speak (RFC 4422), by their registered names. */
export type MechanismName =
  'SCRAM-SHA-256' | 'SCRAM-SHA-1' | 'CRAM-MD5' | 'PLAIN' | 'LOGIN' | 'OAUTHBEARER' | 'XOAUTH2';

/** Who logs in, with a password or with an access token. */
export interface Credentials {
  user: string;
  password: string;
  /** Where there is one the password is not shown to the server at all. */
  token?: string | undefined;
  /** Of the server (RFC 7628 section 3.1). */
  host: string;
  port: number;
}

/**
 * One login, without I/O: what the server asks goes in, what is answered comes out. How the two are dressed is the
 * protocol's affair, base64 included.
 */
export interface Exchange {
  readonly name: MechanismName;
  /** The client speaks first: its first answer may stand on the command's own line where the protocol allows that. */
  readonly clientFirst: boolean;
  /** True once an answer held what the server can judge the password or the token by. */
  readonly judged: boolean;
  /**
   * The next answer. The first challenge of a mechanism in which the client speaks first is empty.
   * @throws SaslError when the exchange must not go on
   */
  answer(challenge: Buffer): Promise<Buffer>;
  /** The server says that we are in. @throws SaslError when it has not shown what it had to */
  finish(): void;
  /** What the server said is wrong with a token. */
  readonly complaint?: string | undefined;
}

/** The exchange must be broken off: nothing more is said, and no weaker mechanism is tried in its place. */
export class SaslError extends Error {
  readonly code: Failure['code'];
  constructor(code: Failure['code'], detail: string) {
    super(detail);
    this.name = 'SaslError';
    this.code = code;
  }
}

export const ended = (name: MechanismName): SaslError =>
  new SaslError('server-refused', `${name}: the server asks for more than the mechanism has`);
