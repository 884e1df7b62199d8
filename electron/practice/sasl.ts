import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

// SASL (RFC 4422) for the three protocols: what differs between them is only how a line is dressed.

/** What a client has shown of itself: a password to compare, or a way to tell whether one is right. */
export type Credentials = { readonly user: string; readonly proves: (password: string) => boolean };

/** What comes after an answer of the client: another question, the credentials, or what was wrong with it. */
type Step =
  | { readonly ask: string; readonly next: (answer: string) => Step }
  | { readonly credentials: Credentials }
  | { readonly problem: string };

export const MECHANISMS = ['PLAIN', 'LOGIN', 'CRAM-MD5'] as const;

/**
 * Begin an exchange; undefined for a mechanism that is not spoken here. Challenges and answers are base64, as
 * they travel; `initial` is the initial response, if the client sent one.
 */
export function startSasl(mechanism: string, domain: string, initial: string | undefined): Step | undefined {
  switch (mechanism.toUpperCase()) {
    case 'PLAIN':
      return initial === undefined ? { ask: '', next: plain } : plain(initial);
    case 'LOGIN':
      return initial === undefined ? { ask: base64('Username:'), next: loginUser } : loginUser(initial);
    case 'CRAM-MD5':
      if (initial !== undefined)
        return { problem: 'CRAM-MD5 begins with a question of mine: no initial response' };
      return cramMd5(newChallenge(domain));
    default:
      return undefined;
  }
}

/** What a server says that nobody can have said before: `<random.time@domain>` (RFC 1939, section 7; RFC 2195, section 2). */
export function newChallenge(domain: string): string {
  return `<${randomBytes(12).toString('hex')}.${Date.now()}@${domain}>`;
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** SASL PLAIN: authorization identity, NUL, user, NUL, password (RFC 4616, section 2). "=" is an empty answer. */
function plain(answer: string): Step {
  const text = decode(answer === '=' ? '' : answer);
  if (text === undefined) return NOT_BASE64;
  const [, user, password, ...more] = text.split('\0');
  if (user === undefined || password === undefined || more.length > 0)
    return { problem: 'PLAIN is the base64 of NUL user NUL password' };
  return { credentials: { user, proves: (right) => sameText(right, password) } };
}

/** LOGIN, never standardised: the user name, then the password. */
function loginUser(answer: string): Step {
  const user = decode(answer);
  if (user === undefined) return NOT_BASE64;
  return {
    ask: base64('Password:'),
    next: (line) => {
      const password = decode(line);
      if (password === undefined) return NOT_BASE64;
      return { credentials: { user, proves: (right) => sameText(right, password) } };
    },
  };
}

/** RFC 2195, section 2: the answer is user, space, HMAC-MD5 of the challenge with the password as its key. */
function cramMd5(challenge: string): Step {
  return {
    ask: base64(challenge),
    next: (line) => {
      const text = decode(line);
      if (text === undefined) return NOT_BASE64;
      const space = text.lastIndexOf(' ');
      const digest = text.slice(space + 1).toLowerCase();
      if (space <= 0 || !/^[0-9a-f]{32}$/.test(digest))
        return { problem: 'CRAM-MD5 is the base64 of user, space, 32 hexadecimal digits' };
      const proves = (password: string): boolean =>
        sameText(createHmac('md5', password).update(challenge).digest('hex'), digest);
      return { credentials: { user: text.slice(0, space), proves } };
    },
  };
}

const NOT_BASE64 = { problem: 'this is not base64' } as const;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** RFC 4648, section 4; undefined where it is not base64. */
function decode(text: string): string | undefined {
  return BASE64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : undefined;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
