import { fromBinary } from '../bytes.ts';
import { formatDate } from '../mail/date.ts';

type Delivered = {
  readonly domain: string;
  readonly id: string;
  readonly date: Date;
  /** Who asked for the report: the reverse-path. */
  readonly to: string;
  /** The ENVID parameter of MAIL. */
  readonly envelopeId: string | undefined;
  readonly recipients: readonly {
    readonly address: string;
    /** The ORCPT parameter of RCPT, such as `rfc822;oleg@practice.test`. */
    readonly original: string | undefined;
  }[];
  readonly letter: Uint8Array;
};

/**
 * What NOTIFY=SUCCESS asks for (RFC 3461, section 5.2.1): a report that the letter was delivered, for people and for
 * programs (RFC 3464), with its header alone, since nothing failed (RFC 3461, section 4.3).
 */
export function deliveryReport(delivered: Delivered): Uint8Array {
  const { domain, id, recipients } = delivered;
  const boundary = `=_report_${id}`;
  const mta = `dns; ${domain}`;
  const lines = [
    `Return-Path: <>`,
    `From: Mail delivery system <mailer-daemon@${domain}>`,
    `To: <${delivered.to}>`,
    'Subject: Delivered: your letter has arrived',
    `Date: ${formatDate(delivered.date)}`,
    `Message-ID: <report-${id}@${domain}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'Your letter has been put into the mailbox of:',
    '',
    ...recipients.map(({ address }) => `  ${harmless(address)}`),
    '',
    'You get this because the letter was sent with NOTIFY=SUCCESS.',
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    `Reporting-MTA: ${mta}`,
    ...(delivered.envelopeId === undefined
      ? []
      : [`Original-Envelope-Id: ${harmless(delivered.envelopeId)}`]),
    `Arrival-Date: ${formatDate(delivered.date)}`,
    ...recipients.flatMap(({ address, original }) => [
      '',
      ...(original === undefined ? [] : [`Original-Recipient: ${harmless(original)}`]),
      `Final-Recipient: rfc822; ${harmless(address)}`,
      'Action: delivered',
      'Status: 2.0.0',
    ]),
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
    headerOf(delivered.letter),
    `--${boundary}--`,
    '',
  ];
  return fromBinary(lines.join('\r\n'));
}

function harmless(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

function headerOf(letter: Uint8Array): string {
  const text = Buffer.from(letter).toString('latin1');
  const end = text.search(/(?:^|\r\n)\r\n/);
  return end < 0 ? text : text.slice(0, end + 2);
}
