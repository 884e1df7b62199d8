import { randomUUID } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import { parseAddresses } from '../../shared/mail/address.ts';
import type { Submission, WholeLetter } from '../app/ports.ts';

/** A header field with all its lines, as Latin-1 so that every byte is kept. */
interface Field {
  name: string;
  text: string;
}

const RECIPIENTS = new Set(['to', 'cc', 'bcc']);
/** Says who gets it in secret, or what the last server writes: neither is sent. */
const NOT_SENT = new Set(['bcc', 'resent-bcc', 'return-path']);
const BYTES_ABOVE_ASCII = /[\u0080-\u00ff]/u;

/**
 * Makes a message that came whole, as programs hand it to `sendmail`, fit to be submitted: CRLF line ends, the fields
 * that RFC 5322 section 3.6 requires, eight-bit text declared as what it is. What was right stays as it was.
 * The Bcc field stands at the front and is not sent (`skip`), as in a letter that was written here.
 */
export function completeMessage(letter: WholeLetter): Submission {
  const { fields, body } = split(lines(Buffer.from(letter.bytes).toString('latin1')));
  const has = (name: string) => fields.some((one) => one.name.toLowerCase() === name);
  const kept = fields.filter((one) => !NOT_SENT.has(one.name.toLowerCase())).map(readableEverywhere);
  const hidden = fields.filter((one) => one.name.toLowerCase() === 'bcc').map(readableEverywhere);
  const domain = letter.from.address.split('@').at(-1) ?? 'localhost';
  const added = [
    ...(has('from') ? [] : [built('From', [letter.from])]),
    ...(has('date') ? [] : [`Date: ${new Date(letter.date).toUTCString().replace('GMT', '+0000')}\r\n`]),
    ...(has('message-id') ? [] : [`Message-ID: <${randomUUID()}@${domain}>\r\n`]),
    ...(has('mime-version') || !BYTES_ABOVE_ASCII.test(body) ? [] : eightBit(body)),
  ];
  const named = letter.recipientsInHeader
    ? fields
        .filter((one) => RECIPIENTS.has(one.name.toLowerCase()))
        .flatMap((one) => parseAddresses(valueOf(one)).map(({ address, name }) => address || name))
    : [];
  const front = Buffer.from(hidden.map((one) => one.text).join(''), 'latin1');
  const rest = Buffer.from(`${added.join('')}${kept.map((one) => one.text).join('')}\r\n${body}`, 'latin1');
  return {
    bytes: Buffer.concat([front, rest]),
    skip: front.length,
    envelope: { from: letter.from.address, to: [...new Set([...letter.to, ...named])] },
  };
}

/** RFC 5321 section 2.3.8: a CR or LF alone is sent by nobody. */
function lines(text: string): string {
  const whole = text.replace(/\r\n?|\n/gu, '\r\n');
  return whole === '' || whole.endsWith('\r\n') ? whole : `${whole}\r\n`;
}

/** What begins with no header field is all body; the `From ` line of a mailbox file is neither. */
function split(text: string): { fields: Field[]; body: string } {
  const fields: Field[] = [];
  let at = /^From .*\r\n/u.exec(text)?.[0].length ?? 0;
  for (;;) {
    const end = text.indexOf('\r\n', at);
    const line = text.slice(at, end < 0 ? text.length : end + 2);
    if (line === '' || line === '\r\n') return { fields, body: text.slice(at + line.length) };
    const last = fields.at(-1);
    const name = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:/u.exec(line)?.[1];
    if (/^[ \t]/u.test(line) && last) last.text += line;
    else if (name === undefined) return { fields, body: text.slice(at) };
    else fields.push({ name, text: line });
    at += line.length;
  }
}

function valueOf({ name, text }: Field): string {
  const value = text.slice(name.length).replace(/^[ \t]*:/u, '');
  return utf8(value.replace(/\r\n(?=[ \t])/gu, '').trim()) ?? value.trim();
}

/** Raw UTF-8 in a field becomes encoded words (RFC 2047), which every server takes. */
function readableEverywhere(field: Field): Field {
  if (!BYTES_ABOVE_ASCII.test(field.text) || utf8(field.text) === undefined) return field;
  return { name: field.name, text: built(field.name, valueOf(field)) };
}

function built(name: string, value: string | { name: string; address: string }[]): string {
  const node = new MimeNode('text/plain', { keepBcc: true, textEncoding: 'B' });
  node.setHeader(name, value);
  const wanted = name.toLowerCase();
  const found = node
    .buildHeaders()
    .split(/\r\n(?![ \t])/u)
    .find((line) => line.toLowerCase().startsWith(`${wanted}:`));
  return `${found ?? `${name}: `}\r\n`;
}

function eightBit(body: string): string[] {
  const charset = utf8(body) === undefined ? 'x-unknown' : 'utf-8';
  return [
    'MIME-Version: 1.0\r\n',
    `Content-Type: text/plain; charset=${charset}\r\n`,
    'Content-Transfer-Encoding: 8bit\r\n',
  ];
}

/** @returns undefined when the bytes are no UTF-8 */
function utf8(latin1: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return undefined;
  }
}
