import { randomUUID } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import MimeNode from 'nodemailer/lib/mime-node';
import type { Address } from '../../shared/model/message.ts';
import type { Composition } from '../app/ports.ts';
import { plainTextOf } from './plain-text.ts';

/**
 * Composes a draft into RFC 5322 bytes. The Bcc field stands alone at the very front, so that what is sent is exactly
 * the rest: it can't slip into the data by any other way.
 */
export async function composeMessage(
  composition: Composition,
): Promise<{ bytes: Uint8Array; skip: number; envelope: { from: string; to: string[] } }> {
  const { draft, from, attachments, date } = composition;
  const html = draft.format === 'rich' ? draft.body : undefined;
  const text = html === undefined ? draft.body : plainTextOf(html);
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
      contentType: oneLine(file.type),
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

/** A line end in a header would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
