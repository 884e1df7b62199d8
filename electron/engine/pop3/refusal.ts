import type { Failure, FailureCode } from '../../../shared/model/failure.ts';
import { MailError } from '../../../shared/contract/mail-error.ts';
import type { ServerSettings } from '../../../shared/model/account.ts';
import type { Answer } from './protocol.ts';

/**
 * What a response code says of the failure (RFC 2449 section 8, RFC 3206 section 4): only AUTH speaks of the password, and a
 * person is asked for it for no other. A level that we don't know still belongs to the one before the slash.
 */
const CODES: readonly (readonly [pattern: RegExp, code: FailureCode])[] = [
  [/^(?:IN-USE|LOGIN-DELAY)(?:\/|$)/u, 'mailbox-locked'],
  [/^SYS(?:\/|$)/u, 'server-refused'],
  [/^AUTH(?:\/|$)/u, 'wrong-password'],
];

/** The response code of a status line without its brackets, upper case: `SYS/TEMP`. */
export function responseCode(text: string): string | undefined {
  return /^\[([^\s\]]{1,64})\]/u.exec(text)?.[1]?.toUpperCase();
}

/**
 * A negative answer as an error.
 * @param otherwise the code where the server gave none that is known
 * @param complaint what it said beside that
 */
export function refusal(
  answer: Answer,
  server: Pick<ServerSettings, 'host' | 'port'>,
  otherwise: FailureCode,
  complaint = '',
): MailError {
  const code = responseCode(answer.text);
  const more: Omit<Failure, 'code' | 'detail'> = { host: server.host, port: server.port };
  const found = code === undefined ? undefined : CODES.find(([pattern]) => pattern.test(code))?.[1];
  if (code !== undefined) more.responseCode = code;
  return new MailError(found ?? otherwise, `${answer.text} ${complaint}`.trim(), more);
}
