import { fromBinary, fromUtf8, concat } from '../bytes.ts';
import { formatDate } from '../mail/date.ts';

type Trace = {
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly helo: string;
  readonly domain: string;
  readonly smtputf8: boolean;
  readonly id: string;
  readonly date: Date;
};

/**
 * The message with Return-Path and Received before it (RFC 5321, section 4.4). The recipient is named in
 * Received only where there is one: with more, each would see whom else the envelope, and so Bcc, reached.
 */
export function withTrace(message: Uint8Array, trace: Trace): Uint8Array {
  const [only, ...others] = trace.recipients;
  const forClause = only !== undefined && others.length === 0 ? `\r\n for <${only}>` : '';
  const header = [
    `Return-Path: <${trace.mailFrom}>`,
    `Received: from ${trace.helo} ([127.0.0.1])`,
    ` by ${trace.domain} (Glasspost practice server)`,
    ` with ${trace.smtputf8 ? 'UTF8SMTPA' : 'ESMTPA'} id ${trace.id}${forClause};`,
    ` ${formatDate(trace.date)}`,
    '',
  ].join('\r\n');
  // A body without a header needs no empty line of ours: RFC 5322 wants From and Date, and we add neither.
  return concat(trace.smtputf8 ? fromUtf8(header) : fromBinary(header), message);
}
