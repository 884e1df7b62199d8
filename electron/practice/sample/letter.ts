import { concat, fromBinary } from '../bytes.ts';
import { formatDate } from '../mail/date.ts';
import { base64Lines, encodeParameter, encodeWords, quotedPrintable, UTF_8 } from '../mail/encode.ts';
import type { CharsetEncoder } from '../mail/encode.ts';

export type Person = { readonly name: string; readonly email: string };

/** A letter of the sample: where it lies, how it is flagged, its octets. */
export type SampleLetter = {
  readonly mailbox: string;
  readonly flags: readonly string[];
  readonly date: Date;
  readonly raw: Uint8Array;
};

/** A MIME entity: its Content fields (lines without ends) and its octets. */
type Entity = { readonly fields: readonly string[]; readonly body: Uint8Array };

type LetterOptions = {
  readonly mailbox?: string;
  readonly flags?: readonly string[];
  readonly from: Person;
  readonly to: readonly Person[];
  readonly cc?: readonly Person[];
  readonly subject: string;
  readonly date: Date;
  readonly zoneHours?: number;
  /** Without < and >. */
  readonly id: string;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  readonly extra?: readonly string[];
  readonly charset?: CharsetEncoder;
  /** It came from outside: with the traces of the way. A letter of one's own has none. */
  readonly received?: boolean;
  readonly returnPath?: string;
  /** It came from a host that has no business with the domain in From: the checks of RFC 8601 fail. */
  readonly forgedBy?: string;
  readonly body: Entity;
};

/** A whole message (RFC 5322) as exact octets. */
export function letter(options: LetterOptions): SampleLetter {
  const charset = options.charset ?? UTF_8;
  const zone = options.zoneHours ?? 3;
  const people = (list: readonly Person[]): string =>
    list.map((person) => address(person, charset)).join(',\r\n ');
  const lines = [
    ...(options.received === false ? [] : trace(options, zone)),
    `Message-ID: <${options.id}>`,
    `Date: ${formatDate(options.date, zone)}`,
    `From: ${address(options.from, charset)}`,
    `To: ${people(options.to)}`,
    ...(options.cc ? [`Cc: ${people(options.cc)}`] : []),
    `Subject: ${encodeWords(options.subject, charset)}`,
    ...(options.inReplyTo === undefined ? [] : [`In-Reply-To: <${options.inReplyTo}>`]),
    ...(options.references ? [`References: ${options.references.map((id) => `<${id}>`).join('\r\n ')}`] : []),
    ...(options.extra ?? []),
    'MIME-Version: 1.0',
    ...options.body.fields,
    '',
    '',
  ];
  return {
    mailbox: options.mailbox ?? 'INBOX',
    flags: options.flags ?? [],
    date: options.date,
    raw: concat(fromBinary(lines.join('\r\n')), options.body.body),
  };
}

/** RFC 5321, section 4.4 and RFC 8601: what the servers on the way have added, the last one on top. */
function trace(options: LetterOptions, zone: number): string[] {
  const returnPath = options.returnPath ?? options.from.email;
  const domain = (returnPath === '' ? options.from.email : returnPath).replace(/^.*@/, '');
  const host = options.forgedBy ?? domain;
  const arrived = new Date(options.date.getTime() + 2000);
  const serial = Math.floor(options.date.getTime() / 1000)
    .toString(36)
    .toUpperCase();
  const results =
    options.forgedBy === undefined
      ? [
          `spf=pass smtp.mailfrom=${domain}`,
          `dkim=pass header.d=${domain} header.s=mail`,
          `dmarc=pass header.from=${domain}`,
        ]
      : [`spf=fail smtp.mailfrom=${domain}`, 'dkim=none', `dmarc=fail header.from=${domain}`];
  return [
    `Return-Path: <${returnPath}>`,
    `Received: from mx.${host} (mx.${host} [192.0.2.25])\r\n by mail.practice.test with ESMTPS id ${serial}A;\r\n ${formatDate(arrived)}`,
    ...(domain === 'practice.test'
      ? []
      : [`Authentication-Results: mail.practice.test;\r\n ${results.join(';\r\n ')}`]),
    `Received: from desk.${host} (unknown [198.51.100.7])\r\n by mx.${host} with ESMTPSA id ${serial}B;\r\n ${formatDate(options.date, zone)}`,
  ];
}

function address(person: Person, charset: CharsetEncoder): string {
  return person.name === '' ? person.email : `${encodeWords(person.name, charset)} <${person.email}>`;
}

type TextOptions = {
  readonly charset?: CharsetEncoder;
  readonly encoding?: '7bit' | '8bit' | 'base64' | 'quoted-printable';
  readonly subtype?: 'plain' | 'html';
  readonly flowed?: boolean;
};

/** A text part; lines are given with \n. */
export function text(content: string, options: TextOptions = {}): Entity {
  const charset = options.charset ?? UTF_8;
  const encoding = options.encoding ?? '8bit';
  const octets = charset.encode(content.replace(/\r?\n/g, '\r\n'));
  const type = `text/${options.subtype ?? 'plain'}; charset=${charset.name.toLowerCase()}`;
  const fields = [
    `Content-Type: ${type}${options.flowed === true ? '; format=flowed; delsp=no' : ''}`,
    `Content-Transfer-Encoding: ${encoding}`,
  ];
  if (encoding === 'base64') return { fields, body: fromBinary(base64Lines(octets)) };
  if (encoding === 'quoted-printable') return { fields, body: fromBinary(quotedPrintable(octets)) };
  return { fields, body: octets };
}

/** A file in base64, attached or (with a Content-ID) shown inline. */
export function file(type: string, name: string, content: Uint8Array, contentId?: string): Entity {
  const disposition = contentId === undefined ? 'attachment' : 'inline';
  const fields = [
    `Content-Type: ${type};\r\n ${encodeParameter('name', name)}`,
    `Content-Disposition: ${disposition};\r\n ${encodeParameter('filename', name)}`,
    'Content-Transfer-Encoding: base64',
    ...(contentId === undefined ? [] : [`Content-ID: <${contentId}>`]),
  ];
  return { fields, body: fromBinary(base64Lines(content)) };
}

/** A multipart (RFC 2046, section 5.1); the boundary must not occur in the parts. */
export function multipart(
  subtype: string,
  boundary: string,
  parts: readonly Entity[],
  parameters = '',
): Entity {
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    chunks.push(
      fromBinary(`--${boundary}\r\n${part.fields.join('\r\n')}\r\n\r\n`),
      part.body,
      fromBinary('\r\n'),
    );
  }
  chunks.push(fromBinary(`--${boundary}--\r\n`));
  return {
    fields: [`Content-Type: multipart/${subtype}; boundary="${boundary}"${parameters}`],
    body: concat(...chunks),
  };
}
