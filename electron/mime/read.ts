import { simpleParser } from 'mailparser';
import type { Attachment, MessageContent, MessageRow, StructurePart } from '../../shared/model/message.ts';
import { addressesOf } from '../../shared/mail/envelope.ts';
import { decodeCharset, fieldValue, headerEnd, parseFields, readable } from '../../shared/mail/header.ts';
import type { Digest } from '../app/ports-engine.ts';
import { bounded } from './bounded.ts';
import { plainTextOf } from './plain-text.ts';
import { sanitise } from './sanitise.ts';
import { searchText } from './search-text.ts';
import { decodedLength, decodePart, leaves, readStructure } from './structure.ts';

/** Characters of a list row's third line. */
const SNIPPET = 160;

/** The texts of a message; one or both may be empty. */
export interface Bodies {
  text: string;
  html: string;
  problems: string[];
}

/** Text and HTML by mailparser. What it can't read is said, and the raw text of the first part is shown instead. */
export async function readBodies(letter: Uint8Array): Promise<Bodies> {
  const raw = bounded(letter);
  try {
    const parsed = await simpleParser(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), {
      skipImageLinks: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      // Its own gives up on deep HTML, and with that on the whole letter.
      skipHtmlToText: true,
    });
    const html = typeof parsed.html === 'string' ? parsed.html : '';
    const text = parsed.text ?? '';
    if (text !== '') return { text, html, problems: [] };
    if (html !== '') return { text: plainTextOf(html), html, problems: [] };
    const found = firstText(raw);
    return {
      text: found,
      html: '',
      problems: found === '' ? [] : ['the parts of this letter could not be told apart'],
    };
  } catch (thrown) {
    return {
      text: firstText(raw),
      html: '',
      problems: [thrown instanceof Error ? thrown.message : String(thrown)],
    };
  }
}

/** The first part that could be the letter's words, whatever the parser said; empty when there is none. */
function firstText(raw: Uint8Array): string {
  const part = leaves(readStructure(raw)).find((one) => isBody(one) || one.type.startsWith('multipart/'));
  return part ? decodeCharset(decodePart(raw, part), part.charset ?? 'utf-8').trim() : '';
}

/** Everything the reader shows but the HTML itself, which goes to the isolated view only. */
export async function readMessage(row: MessageRow, raw: Uint8Array): Promise<MessageContent> {
  const fields = parseFields(raw);
  const structure = readStructure(raw);
  const { text, html, problems } = await readBodies(raw);
  return {
    id: row.id,
    row,
    cc: addressesOf(fields, 'cc'),
    bcc: addressesOf(fields, 'bcc'),
    replyTo: addressesOf(fields, 'reply-to'),
    headers: fields.map(({ name, raw: value }) => ({ name, value: readable(value), raw: value })),
    text,
    hasHtml: html !== '',
    remote: html === '' ? { count: 0, hosts: [] } : sanitise(html, 'about:blank').remote,
    attachments: attachmentsOf(raw, structure),
    structure,
    problems,
  };
}

/** Every part that is not shown as the letter's own text. */
export function attachmentsOf(raw: Uint8Array, structure: StructurePart): Attachment[] {
  const parts = leaves(structure);
  return parts
    .filter((part) => !isBody(part))
    .map((part) => {
      const cid = contentId(raw, part);
      return {
        part: part.part,
        name: part.name || nameFor(part),
        type: part.type,
        size: decodedLength(raw, part),
        encodedSize: part.end - part.bodyStart,
        inline: part.disposition !== 'attachment' && cid !== '' && part.type.startsWith('image/'),
      };
    });
}

export async function digestMessage(raw: Uint8Array): Promise<Digest> {
  const { text } = await readBodies(raw);
  const structure = readStructure(raw);
  const words = text
    .split('\n')
    .filter((line) => !/^\s*>/u.test(line))
    .join(' ')
    .replace(/\[https?:[^\]\s]*\]|https?:\/\/\S+/gu, ' ')
    .replace(/[\s\u00a0\u200b-\u200f\u2060\ufeff_=*-]{2,}|\s+/gu, ' ')
    .trim();
  return {
    snippet: Array.from(words).slice(0, SNIPPET).join(''),
    attachments: attachmentsOf(raw, structure).filter((one) => !one.inline).length,
    search: searchText(raw, structure),
  };
}

export function attachmentBytes(
  raw: Uint8Array,
  number: string,
): { name: string; type: string; bytes: Uint8Array } | undefined {
  const part = leaves(readStructure(raw)).find((one) => one.part === number);
  return part && { name: part.name || nameFor(part), type: part.type, bytes: decodePart(raw, part) };
}

/** An inline part by Content-ID; in a URL it is percent-encoded (RFC 2392 section 2). */
export function inlineBytes(raw: Uint8Array, id: string): { type: string; bytes: Uint8Array } | undefined {
  const wanted = new Set([id, percentDecoded(id)]);
  const part = leaves(readStructure(raw)).find((one) => {
    const found = contentId(raw, one);
    return found !== '' && wanted.has(found);
  });
  return part?.type.startsWith('image/') ? { type: part.type, bytes: decodePart(raw, part) } : undefined;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isBody(part: StructurePart): boolean {
  return (
    (part.type === 'text/plain' || part.type === 'text/html') &&
    part.disposition !== 'attachment' &&
    !part.name
  );
}

function contentId(raw: Uint8Array, part: StructurePart): string {
  const fields = parseFields(raw, part.start, headerEnd(raw, part.start, part.end).body);
  return (fieldValue(fields, 'content-id') ?? '').replace(/^<|>$/gu, '');
}

/** A part without a name gets one that says what it is. */
function nameFor(part: StructurePart): string {
  if (part.type === 'message/rfc822') return `message-${part.part}.eml`;
  return `part-${part.part}.${part.type.split('/')[1]?.replace(/^x-|[^\w].*$/gu, '') || 'bin'}`;
}
