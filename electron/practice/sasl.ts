/** What a SASL answer said, or why it could not be read. */
type PlainCredentials = { readonly user: string; readonly password: string } | { readonly problem: string };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text in a base64 answer; undefined where it is not base64 (RFC 4648, section 4). */
export function decodeBase64(text: string): string | undefined {
  return BASE64.test(text) ? Buffer.from(text, 'base64').toString('utf8') : undefined;
}

/** SASL PLAIN: authorization identity, NUL, user, NUL, password (RFC 4616, section 2). "=" is an empty answer. */
export function readPlain(base64: string): PlainCredentials {
  const text = decodeBase64(base64 === '=' ? '' : base64);
  if (text === undefined) return { problem: 'this is not base64' };
  const [, user, password, ...more] = text.split('\0');
  if (user === undefined || password === undefined || more.length > 0) {
    return { problem: 'PLAIN is the base64 of NUL user NUL password' };
  }
  return { user, password };
}
