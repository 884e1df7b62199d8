import type { Context } from './context.ts';

const ALWAYS = 'LITERAL+ ID ENABLE IDLE NAMESPACE SPECIAL-USE LIST-STATUS UIDPLUS MOVE UNSELECT CONDSTORE';
const MECHANISMS = 'SASL-IR AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5';

/**
 * What this server can do in this state, and nothing else (RFC 9051, section 7.2.2). Never LOGINDISABLED: on
 * loopback a password may be typed in clear.
 */
export function capabilities(context: Pick<Context, 'account' | 'tls'>): string {
  const words = ['IMAP4rev1', ALWAYS];
  if (!context.account) words.push(MECHANISMS);
  if (!context.account && context.tls === 'possible') words.push('STARTTLS');
  return words.join(' ');
}
