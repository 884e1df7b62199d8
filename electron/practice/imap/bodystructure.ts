import { fieldValue, parseParameterized } from '../mail/header.ts';
import type { Parameter } from '../mail/header.ts';
import type { Part } from '../mail/part.ts';
import { writeEnvelope } from './envelope.ts';
import { writeNString, writeString } from './write.ts';

/** BODYSTRUCTURE, or BODY without the extension data (RFC 9051, section 7.5.2). */
export function writeBodyStructure(part: Part, extended: boolean): string {
  return part.type.toLowerCase() === 'multipart'
    ? writeMultipart(part, extended)
    : writeSinglePart(part, extended);
}

function writeMultipart(part: Part, extended: boolean): string {
  // The grammar wants at least one part; a multipart without any shows an empty text.
  const children = part.children.map((child) => writeBodyStructure(child, extended));
  const body = children.length > 0 ? children.join('') : emptyText(extended);
  if (!extended) return `(${body} ${writeString(part.subtype)})`;
  return `(${body} ${writeString(part.subtype)} ${writeParameters(part.parameters)} ${writeTail(part)})`;
}

function writeSinglePart(part: Part, extended: boolean): string {
  const type = part.type.toLowerCase();
  const isText = type === 'text';
  const hasCharset = part.parameters.some(([name]) => name === 'charset');
  // RFC 2045, section 5.2: text without a charset is US-ASCII, and IMAP says so.
  const parameters: readonly Parameter[] =
    isText && !hasCharset ? [...part.parameters, ['charset', 'us-ascii']] : part.parameters;
  const items = [
    writeString(part.type),
    writeString(part.subtype),
    writeParameters(parameters),
    writeNString(fieldValue(part.fields, 'Content-ID')),
    writeNString(fieldValue(part.fields, 'Content-Description')),
    writeString(fieldValue(part.fields, 'Content-Transfer-Encoding')?.replace(/[\s(;].*$/s, '') ?? '7bit'),
    String(part.bodyEnd - part.bodyStart),
  ];
  if (part.message) {
    items.push(
      writeEnvelope(part.message.fields),
      writeBodyStructure(part.message, extended),
      String(part.lines),
    );
  } else if (isText) {
    items.push(String(part.lines));
  }
  if (extended) items.push(writeNString(fieldValue(part.fields, 'Content-MD5')), writeTail(part));
  return `(${items.join(' ')})`;
}

function emptyText(extended: boolean): string {
  return `("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0${extended ? ' NIL NIL NIL NIL' : ''})`;
}

/** Disposition, language, location: the end of the extension data of every part. */
function writeTail(part: Part): string {
  const disposition = parseParameterized(fieldValue(part.fields, 'Content-Disposition') ?? '');
  const languages = (fieldValue(part.fields, 'Content-Language') ?? '')
    .split(/[\s,]+/)
    .filter((tag) => tag !== '');
  return [
    disposition.value === ''
      ? 'NIL'
      : `(${writeString(disposition.value)} ${writeParameters(disposition.parameters)})`,
    languages.length === 0 ? 'NIL' : `(${languages.map(writeString).join(' ')})`,
    writeNString(fieldValue(part.fields, 'Content-Location')),
  ].join(' ');
}

function writeParameters(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return 'NIL';
  return `(${parameters.map(([name, value]) => `${writeString(name)} ${writeString(value)}`).join(' ')})`;
}
