import { addressesOf, readEnvelope } from '../../shared/mail/envelope.ts';
import { decodeCharset, parseFields } from '../../shared/mail/header.ts';
import type { Address, StructurePart } from '../../shared/model/message.ts';
import { fold } from '../../shared/search/fold.ts';
import { passageOf, type Mark } from '../../shared/search/marks.ts';
import type { Query } from '../../shared/search/query.ts';
import type { SearchText } from '../app/ports-engine.ts';
import { READABLE } from './bounded.ts';
import { htmlWords } from './html-words.ts';
import { decodePart, readStructure } from './structure.ts';

/** Characters of one letter that can be found; the rest of a longer one can't. */
const LIMIT = 512 * 1024;
/** A plain alternative this short may only say that the letter is in the other one. */
const STUB = 500;

/** All words of a message as they are searched. */
export function searchText(raw: Uint8Array, structure: StructurePart): SearchText {
  const { subject, from, to, cc } = readEnvelope(raw);
  const bcc = addressesOf(parseFields(raw), 'bcc');
  return {
    subject: fold(subject),
    from: peopleOf(from),
    to: peopleOf(to),
    cc: peopleOf([...cc, ...bcc]),
    body: fold(textOf(raw, structure)),
    files: fold(namesOf(structure).join(' ').slice(0, LIMIT)),
  };
}

/** Where in a message's text a query's words stand first. */
export function passage(raw: Uint8Array, query: Query): { text: string; marks: Mark[] } | undefined {
  return passageOf(textOf(raw, readStructure(raw)), query);
}

function peopleOf(all: Address[]): string {
  return fold(all.map((one) => `${one.name} ${one.address}`).join(' '));
}

/** What can be read in all its parts, letters within the letter too. */
function textOf(raw: Uint8Array, structure: StructurePart): string {
  const found: string[] = [];
  let left = LIMIT;
  const add = (text: string) => {
    // Data in letters of the alphabet, and what follows the readable part of an address on the web, is no text.
    const words = text
      .replace(/^[A-Za-z0-9+/=]{60,}\r?$/gmu, '')
      .replace(/(https?:\/\/[^\s<>"]{80})[^\s<>"]+/gu, '$1')
      .slice(0, left);
    left -= words.length;
    found.push(words);
  };
  const read = (part: StructurePart): void => {
    if (left <= 0) return;
    if (part.type === 'message/rfc822') {
      const inner = raw.subarray(part.bodyStart, part.end);
      const { subject, from, to } = readEnvelope(inner);
      add([subject, ...[...from, ...to].map((one) => `${one.name} ${one.address}`)].join('\n'));
    }
    if (part.children.length > 0) {
      for (const child of part.type === 'multipart/alternative' ? chosen(raw, part) : part.children)
        read(child);
    } else if (part.type === 'text/html') {
      add(htmlWords(decoded(raw, part)));
    } else if (isText(part)) {
      add(decoded(raw, part));
    }
  };
  read(structure);
  return found.join('\n');
}

/** The plain text, and the HTML where that may be the only one with the words. */
function chosen(raw: Uint8Array, { children }: StructurePart): StructurePart[] {
  const plain = children.find((one) => one.type === 'text/plain');
  if (!plain || plain.end - plain.bodyStart < STUB) return children;
  return decoded(raw, plain).trim().length < STUB
    ? children
    : children.filter((one) => one.type !== 'text/html');
}

function isText({ type }: StructurePart): boolean {
  return type === 'text/plain' || type === 'text/calendar' || type.startsWith('multipart/');
}

function decoded(raw: Uint8Array, part: StructurePart): string {
  const end = Math.min(part.end, part.bodyStart + READABLE);
  return decodeCharset(decodePart(raw, { ...part, end }), part.charset ?? 'utf-8');
}

function namesOf(part: StructurePart): string[] {
  return [...(part.name ? [part.name] : []), ...part.children.flatMap(namesOf)];
}
