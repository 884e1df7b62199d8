import { randomUUID } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import MimeNode from 'nodemailer/lib/mime-node';
import type { Address } from '../../shared/model/message.ts';
import type { Composition, Submission } from '../app/ports.ts';
import { plainTextOf } from './plain-text.ts';

/**
 * Composes a draft into RFC 5322 bytes. The Bcc field stands alone at the very front, so that what is sent is exactly
 * the rest: it can't slip into the data by any other way.
 */
export async function composeMessage(composition: Composition): Promise<Submission> {
  const { draft, from, attachments, date } = composition;
  const html = draft.format === 'rich' ? lines(draft.body) : undefined;
  const text = html === undefined ? lines(draft.body) : lines(plainTextOf(html));
  const domain = from.address.split('@').at(-1) ?? 'localhost';
  const built = await new MailComposer({
    from: named(from),
    to: draft.to.map(named),
    cc: draft.cc.map(named),
    subject: oneLine(draft.subject),
    messageId: `<${randomUUID()}@${domain}>`,
    date: new Date(date),
    ...(draft.inReplyTo === ''
      ? {}
      : { inReplyTo: oneLine(draft.inReplyTo), references: oneLine(draft.references) }),
    text,
    ...(html === undefined ? {} : { html: `<!doctype html><html><body>${html}</body></html>` }),
    attachments: attachments.map((file) => ({
      filename: oneLine(file.name),
      ...contentType(file),
      content: Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength),
    })),
    // Russian subjects are three times shorter in base64.
    textEncoding: 'B',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
  const bcc = draft.bcc.length === 0 ? Buffer.alloc(0) : bccField(draft.bcc);
  const everyone = [...draft.to, ...draft.cc, ...draft.bcc].map((one) => one.address);
  return {
    bytes: Buffer.concat([bcc, built]),
    skip: bcc.length,
    envelope: { from: from.address, to: [...new Set(everyone)] },
  };
}

function bccField(addresses: Address[]): Buffer {
  const node = new MimeNode('text/plain', { keepBcc: true, textEncoding: 'B' });
  node.setHeader('Bcc', addresses.map(named));
  const field = /^Bcc: .*(?:\r\n[ \t].*)*/mu.exec(node.buildHeaders());
  return Buffer.from(field ? `${field[0]}\r\n` : '');
}

function named({ name, address }: Address): Address {
  return { name: oneLine(name), address: oneLine(address) };
}

/** Every line ends in CRLF: a lone CR or LF would end a line for one server and not for the next (RFC 5321 section 2.3.8). */
function lines(text: string): string {
  return text.replace(/\r\n?|\n/gu, '\r\n');
}

/**
 * A file is sent as what it says it is, but a container is not taken apart: a message goes as one only when it could
 * stand in ours as it is (RFC 2046 section 5.2.1 forbids it base64), everything else of that kind as bytes.
 */
function contentType({ type, bytes }: { type: string; bytes: Uint8Array }): { contentType?: string } {
  const opaque = { contentType: 'application/octet-stream' };
  // Then it is guessed by the name.
  if (type.trim() === '') return {};
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?$/u.test(type)) return opaque;
  if (/^multipart\//iu.test(type)) return opaque;
  if (!/^message\//iu.test(type)) return { contentType: type };
  const text = Buffer.from(bytes).toString('latin1');
  const proper = !/[^\x01-\x7f]|\r(?!\n)|(?<!\r)\n|[^\n]{999}/u.test(text);
  return proper ? { contentType: type } : opaque;
}

/** A line end in a header would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
