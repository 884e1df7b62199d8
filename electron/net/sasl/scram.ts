// SCRAM (RFC 5802) with SHA-256 (RFC 7677) and SHA-1. Both sides prove that they know the password; nobody sends it.
// Without channel binding: the TLS connection has verified the server's name already.
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ended, SaslError, type Credentials, type Exchange } from './exchange.ts';
import { prepare } from './prepare.ts';

const GS2_HEADER = 'n,,';
/** Fewer would make a captured login cheap to guess by (RFC 7677 section 4). */
const LEAST_ITERATIONS = 4096;
/** Two seconds of one core; a server that asks for more wants the time and not the proof. */
const MOST_ITERATIONS = 2_000_000;
const LONGEST_CHALLENGE = 4096;
const derive = promisify(pbkdf2);

type Hash = 'sha1' | 'sha256';

export class Scram implements Exchange {
  readonly name;
  readonly clientFirst = true;
  judged = false;
  readonly #hash: Hash;
  readonly #password: string;
  readonly #nonce: string;
  readonly #firstBare: string;
  #step = 0;
  #expected: Buffer | undefined;
  #proven = false;

  /** @param nonce for the examples of the RFCs */
  constructor(hash: Hash, { user, password }: Credentials, nonce = randomBytes(24).toString('base64')) {
    this.name = hash === 'sha1' ? ('SCRAM-SHA-1' as const) : ('SCRAM-SHA-256' as const);
    this.#hash = hash;
    this.#password = prepare(password);
    this.#nonce = nonce;
    this.#firstBare = `n=${saslName(prepare(user))},r=${nonce}`;
  }

  async answer(challenge: Buffer): Promise<Buffer> {
    this.#step += 1;
    if (this.#step === 1) return Buffer.from(GS2_HEADER + this.#firstBare);
    if (challenge.length > LONGEST_CHALLENGE) throw this.#nonsense('its message is too long');
    if (this.#step === 2) return this.#prove(challenge.toString());
    if (this.#step === 3) return this.#check(challenge.toString());
    throw ended(this.name);
  }

  finish(): void {
    if (!this.#proven) throw this.#impostor('it let us in without a proof of its own');
  }

  /** RFC 5802 section 3: the proof, and what the server's own must be. */
  async #prove(serverFirst: string): Promise<Buffer> {
    const [nonce, salt, count, ...more] = serverFirst.split(',');
    if (nonce?.startsWith('m=')) throw this.#nonsense('it wants an extension that nobody knows');
    if (!nonce?.startsWith('r=') || !salt?.startsWith('s=') || !/^i=[1-9]\d{0,9}$/u.test(count ?? '')) {
      throw this.#nonsense('its message is malformed');
    }
    if (more.some((one) => !/^[a-z]=/iu.test(one))) throw this.#nonsense('its message is malformed');
    const whole = nonce.slice(2);
    if (!whole.startsWith(this.#nonce) || whole.length === this.#nonce.length) {
      throw this.#impostor('its nonce does not go on from ours');
    }
    const iterations = Number(count?.slice(2));
    if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
      throw this.#nonsense(
        `it asks for ${iterations} rounds; ${LEAST_ITERATIONS} to ${MOST_ITERATIONS} are accepted`,
      );
    }
    const saltBytes = Buffer.from(salt.slice(2), 'base64');
    if (saltBytes.length === 0) throw this.#nonsense('its salt is empty');

    const size = createHash(this.#hash).digest().length;
    const salted = await derive(this.#password, saltBytes, iterations, size, this.#hash);
    const hmac = (key: Buffer, text: string): Buffer => createHmac(this.#hash, key).update(text).digest();
    const clientKey = hmac(salted, 'Client Key');
    const storedKey = createHash(this.#hash).update(clientKey).digest();
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${whole}`;
    const message = `${this.#firstBare},${serverFirst},${withoutProof}`;
    const signature = hmac(storedKey, message);
    const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)));
    this.#expected = hmac(hmac(salted, 'Server Key'), message);
    this.judged = true;
    return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`);
  }

  #check(serverFinal: string): Buffer {
    const [verifier = ''] = serverFinal.split(',');
    // `e=` is the server's no: it says so again in the protocol's own words.
    if (verifier.startsWith('e=')) return Buffer.alloc(0);
    const shown = Buffer.from(verifier.startsWith('v=') ? verifier.slice(2) : '', 'base64');
    const expected = this.#expected;
    if (!expected || shown.length !== expected.length || !timingSafeEqual(shown, expected)) {
      throw this.#impostor('its proof is wrong');
    }
    this.#proven = true;
    return Buffer.alloc(0);
  }

  #nonsense(what: string): SaslError {
    return new SaslError('server-refused', `${this.name}: ${what}`);
  }

  #impostor(what: string): SaslError {
    return new SaslError('server-unproven', `${this.name}: ${what}`);
  }
}

/** RFC 5802 section 5.1: the two characters that would end a name. */
export function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}
