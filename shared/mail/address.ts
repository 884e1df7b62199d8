import type { Address } from '../model/message.ts';
import { decodeWords, WORD } from './encoded-word.ts';

/** A To line with more people than this is a list; the rest stays in the raw header. */
const LIMIT = 2000;

/**
 * Addresses of a From, To, Cc… field (RFC 5322 section 3.4), groups flattened, comments as names.
 * Encoded words are decoded after the structure is read, so that no encoded text can pose as an address.
 * What can't be read as an address comes back with the whole text as its name and no address.
 */
export function parseAddresses(field: string): Address[] {
  const found: Address[] = [];
  for (const item of splitList(field.replace(/[\r\n\t]+/gu, ' '))) {
    if (found.length >= LIMIT) break;
    const address = parseOne(item);
    if (address) found.push(address);
  }
  return found;
}

/** One entry of a list: its text, and the same with a mark for each character that has no say in its structure. */
interface Item {
  text: string;
  shape: string;
}

const WORD_MARK = '\uE000';
const QUOTE_MARK = '\uE001';
const COMMENT_MARK = '\uE002';

function parseOne({ text, shape }: Item): Address | undefined {
  if (text.trim() === '') return undefined;
  // The last bracket counts: whatever stands before it is only a name.
  const open = shape.lastIndexOf('<');
  const close = open < 0 ? -1 : shape.indexOf('>', open);
  if (close > 0) return { name: cleanName(text.slice(0, open)), address: text.slice(open + 1, close).trim() };
  const from = text.length - text.trimStart().length;
  const written = shape.trim();
  // What follows an address in parentheses is the name of old (RFC 5322 appendix A.5).
  let end = written.length;
  while (written[end - 1] === COMMENT_MARK) end -= 1;
  const bare = written.slice(0, end).trimEnd();
  if (isBare(bare)) {
    const comment = text.slice(from + bare.length).trim();
    return { name: cleanName(comment.slice(1, -1)), address: text.slice(from, from + bare.length) };
  }
  return { name: cleanName(text), address: '' };
}

/** One address and nothing else; a quoted part stands at its beginning only. */
function isBare(shape: string): boolean {
  return shape.indexOf('@') > 0 && !shape.endsWith('@') && /^\uE001*[^\s\uE000-\uE002]*$/u.test(shape);
}

function cleanName(raw: string): string {
  const trimmed = raw.trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$/su.exec(trimmed);
  const text = quoted ? (quoted[1] ?? '').replace(/\\(.)/gsu, '$1') : trimmed;
  return decodeWords(text)
    .replace(/[\u0000-\u001f\u007f]+/gu, ' ')
    .trim();
}

/**
 * Splits at commas outside quotes, comments, brackets and encoded words; a group's name and its semicolon fall away.
 * Careless programs write `=?utf-8?Q?Doe,_John?=`: such a comma separates nobody.
 */
function splitList(field: string): Item[] {
  const masked = field.replace(WORD, (word) => WORD_MARK.repeat(word.length));
  const items: Item[] = [];
  let item: Item = { text: '', shape: '' };
  let quoted = false;
  let depth = 0;
  let angle = false;
  for (let at = 0; at < field.length; at += 1) {
    const char = masked[at] ?? '';
    const inside = quoted ? QUOTE_MARK : depth > 0 ? COMMENT_MARK : '';
    if (char === '\\') {
      const pair = field.slice(at, at + 2);
      item.text += pair;
      item.shape += inside === '' ? pair : inside.repeat(pair.length);
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
        item = { text: '', shape: '' };
        continue;
      }
      if (char === ':' && !item.shape.includes('@')) {
        item = { text: '', shape: '' };
        continue;
      }
    }
    item.text += field[at] ?? '';
    // The character that opens or closes belongs to what it encloses.
    item.shape += quoted ? QUOTE_MARK : depth > 0 ? COMMENT_MARK : inside === '' ? char : inside;
  }
  items.push(item);
  return items;
}

/** Good enough to be sent to: one @, a local part, a domain with a dot, nothing that could break a command. */
export function isSendable(address: string): boolean {
  // A quoted local part may hold much, but never a line end or a bracket.
  if (address.length > 320 || /[<>\p{Cc}]/u.test(address)) return false;
  if (/[\s()[\]\\,;:]/u.test(address.replace(/^"(?:[^"\\]|\\.)*"/u, ''))) return false;
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return at > 0 && /^[^.\s@]+(?:\.[^.\s@]+)+$/u.test(domain);
}
