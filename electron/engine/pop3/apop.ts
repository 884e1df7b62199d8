// APOP (RFC 1939 section 7): the MD5 of the server's timestamp and the password. Who controls the timestamps, a false server
// or one in the middle, can make collisions of them that give the password away character by character (RFC 6151
// section 2.2, CVE-2007-1558), and a recorded login can be guessed at for ever. So it is never chosen by itself, and no
// timestamp is digested that is not the plain message identifier that RFC 1939 asks for: known collisions need other bytes.
import { createHash } from 'node:crypto';

/** RFC 5322 section 3.2.3. */
const ATOM = String.raw`[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~-]+`;
const DOT_ATOM = String.raw`${ATOM}(?:\.${ATOM})*`;
/** RFC 5322 section 3.6.4, without what is obsolete. */
const MESSAGE_ID = new RegExp(String.raw`<${DOT_ATOM}@(?:${DOT_ATOM}|\[[\x21-\x5a\x5e-\x7e]*\])>`, 'u');
/** Characters; a greeting is one line of 512. */
const LONGEST = 500;

/** The timestamp of a greeting with its angle brackets; undefined where there is none that may be digested. */
export function apopTimestamp(greeting: string): string | undefined {
  const found = /<[^<>]*>/u.exec(greeting)?.[0];
  return found !== undefined && found.length <= LONGEST && MESSAGE_ID.exec(found)?.[0] === found
    ? found
    : undefined;
}

export function apopDigest(timestamp: string, password: string): string {
  return createHash('md5').update(timestamp).update(password).digest('hex');
}
