import { domainToASCII } from 'node:url';
import { concat, fromUtf8 } from '../bytes.ts';
import { formatDate } from '../mail/date.ts';

type Trace = {
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly helo: string;
  /** The protocol, such as ESMTPSA (RFC 3848). */
  readonly protocol: string;
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
  const written = (address: string): string => (trace.smtputf8 ? address : asciiAddress(address));
  const forClause = only !== undefined && others.length === 0 ? `\r\n for <${written(only)}>` : '';
  // What a client calls itself may be anything; here it must be one harmless word.
  const helo = trace.helo.replace(/[^\x21-\x7e]|[()<>;"\\]/g, '?');
  // RFC 6531, section 4.3.
  const protocol = trace.smtputf8 ? trace.protocol.replace(/^E?SMTP/, 'UTF8SMTP') : trace.protocol;
  const header = [
    `Return-Path: <${written(trace.mailFrom)}>`,
    `Received: from ${helo} ([127.0.0.1])`,
    ` by ${trace.domain} (Glasspost practice server)`,
    ` with ${protocol} id ${trace.id}${forClause};`,
    ` ${formatDate(trace.date)}`,
    '',
  ].join('\r\n');
  // A body without a header needs no empty line of ours: RFC 5322 wants From and Date, and we add neither.
  return concat(fromUtf8(header), message);
}

/** The domain as it stands in DNS (RFC 5891); without SMTPUTF8 the part before @ is ASCII already. */
function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + domainToASCII(address.slice(at));
}
