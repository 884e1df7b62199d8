import type { ServerSettings } from '../../../shared/model/account.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import { networkError } from '../../net/policy.ts';

/** What imapflow puts on its errors, none of it in its types. */
interface ImapflowError extends Error {
  code?: unknown;
  authenticationFailed?: unknown;
  responseText?: unknown;
  responseStatus?: unknown;
  serverResponseCode?: unknown;
  response?: unknown;
}

/** `NOPERM` of `NO [NOPERM] …` (RFC 5530). */
function codeOf({ serverResponseCode, response }: ImapflowError): string {
  if (typeof serverResponseCode === 'string') return serverResponseCode;
  const { attributes } = (response ?? {}) as { attributes?: { section?: { value?: unknown }[] }[] };
  const value = attributes?.[0]?.section?.[0]?.value;
  return typeof value === 'string' ? value : '';
}

/** Turns whatever imapflow threw into words for a person. @param sawGreeting false while no IMAP greeting had come */
export function imapError(thrown: unknown, server: ServerSettings, sawGreeting: boolean): MailError {
  if (thrown instanceof MailError) return thrown;
  const where = { host: server.host, port: server.port };
  const error: ImapflowError = thrown instanceof Error ? thrown : new Error(String(thrown));
  const words =
    typeof error.responseText === 'string' && error.responseText !== '' ? error.responseText : error.message;
  if (error.authenticationFailed === true) return new MailError('wrong-password', words, where);
  if (/STARTTLS/u.test(error.message)) return new MailError('no-starttls', error.message, where);
  if (error.responseStatus === 'NO' || error.responseStatus === 'BAD') {
    const code = codeOf(error);
    return new MailError('server-refused', words, {
      ...where,
      ...(code === '' ? {} : { responseCode: code.toUpperCase().slice(0, 40) }),
    });
  }
  // A name that the library cannot say: the mailbox is what is wrong, not the line.
  if (/Unquotable character/u.test(error.message))
    return new MailError('server-refused', error.message, where);
  const mapped = networkError(error, server);
  const vague = mapped.failure.code === 'connection-lost' || mapped.failure.code === 'timeout';
  if (!sawGreeting && vague && error.code !== 'CONNECT_TIMEOUT') {
    return new MailError('not-a-mail-server', error.message, where);
  }
  return mapped;
}

/** imapflow says `false` or nothing where a command failed: that is an error like any other. */
export function must<T>(result: T | false | undefined | void, what: string, server: ServerSettings): T {
  if (result === false || result === undefined) {
    throw new MailError('server-refused', what, { host: server.host, port: server.port });
  }
  return result;
}
