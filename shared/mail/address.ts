import type { Address } from '../model/message.ts';
import { decodeWords } from './encoded-word.ts';

/** A To line with more people than this is a list; the rest stays in the raw header. */
const LIMIT = 2000;

/**
 * Addresses of a From, To, Cc… field (RFC 5322 section 3.4), groups flattened, comments as names.
 * Encoded words are decoded after the structure is read, so that no encoded text can pose as an address.
 * What can't be read as an address comes back with the whole text as its name and no address.
 */
export function parseAddresses(field: string): Address[] {
  const found: Address[] = [];
  for (const item of splitList(field)) {
    if (found.length >= LIMIT) break;
    const address = parseOne(item);
    if (address) found.push(address);
  }
  return found;
}

function parseOne(item: string): Address | undefined {
  const text = item.replace(/[\r\n\t]+/gu, ' ').trim();
  if (text === '') return undefined;
  // The last bracket counts: whatever stands before it is only a name.
  const angle = /^(.*)<([^<>]*)>[^<>]*$/su.exec(text);
  if (angle) return { name: cleanName(angle[1] ?? ''), address: (angle[2] ?? '').trim() };
  const comment = /^([^\s()"]+@[^\s()"]+)\s*\((.*)\)$/su.exec(text);
  if (comment) return { name: cleanName(comment[2] ?? ''), address: comment[1] ?? '' };
  if (/^(?:"(?:[^"\\]|\\.)*"|[^\s"]+)@\S+$/u.test(text)) return { name: '', address: text };
  return { name: cleanName(text), address: '' };
}

function cleanName(raw: string): string {
  const trimmed = raw.trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$/su.exec(trimmed);
  const text = quoted ? (quoted[1] ?? '').replace(/\\(.)/gsu, '$1') : trimmed;
  return decodeWords(text)
    .replace(/[\u0000-\u001f\u007f]+/gu, ' ')
    .trim();
}

/** Splits at commas outside quotes, comments and brackets; a group's name and its semicolon fall away. */
function splitList(field: string): string[] {
  const items: string[] = [];
  let item = '';
  let quoted = false;
  let depth = 0;
  let angle = false;
  for (let at = 0; at < field.length; at += 1) {
    const char = field[at] ?? '';
    if (char === '\\') {
      item += char + (field[at + 1] ?? '');
      at += 1;
      continue;
    }
    if (char === '"' && depth === 0) quoted = !quoted;
    else if (!quoted && char === '(') depth += 1;
    else if (!quoted && char === ')' && depth > 0) depth -= 1;
    else if (!quoted && depth === 0 && char === '<') angle = true;
    else if (!quoted && depth === 0 && char === '>') angle = false;
    if (!quoted && depth === 0 && !angle) {
      if (char === ',' || char === ';') {
        items.push(item);
        item = '';
        continue;
      }
      if (char === ':' && !item.includes('@')) {
        item = '';
        continue;
      }
    }
    item += char;
  }
  items.push(item);
  return items;
}

/** Good enough to be sent to: one @, a local part, a domain with a dot or on this computer, nothing that could break a command. */
export function isSendable(address: string): boolean {
  if (address.length > 320 || /[\s<>()[\]\\,;:\p{Cc}]/u.test(address.replace(/^"(?:[^"\\]|\\.)*"/u, '')))
    return false;
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return at > 0 && /^[^.\s@]+(?:\.[^.\s@]+)+$/u.test(domain);
}
