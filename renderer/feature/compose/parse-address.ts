import type { Address } from '../../../shared/model/message.ts';

/** Splits typed text at commas, semicolons and line ends that stand outside quotes, brackets and comments. */
function split(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  let angle = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    if (quoted && char === '\\') {
      part += char + text.charAt(i + 1);
      i += 1;
      continue;
    }
    if (char === '"') quoted = !quoted;
    else if (!quoted && char === '<') angle = true;
    else if (char === '>') angle = false;
    if (!quoted && !angle && /[,;\r\n]/u.test(char)) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  parts.push(part);
  return parts.map((one) => one.trim()).filter((one) => one !== '');
}

function parseOne(text: string): Address {
  const match = /^(.*?)<\s*([^<>]*?)\s*>\s*$/su.exec(text);
  if (!match) return { name: '', address: text.replace(/^mailto:/iu, '') };
  const name = (match[1] ?? '')
    .trim()
    .replace(/^"(.*)"$/su, '$1')
    .replace(/\\(.)/gu, '$1');
  return { name, address: match[2] ?? '' };
}

/** Reads what a person typed or pasted into a recipient field: `a@b`, `Name <a@b>`, several at once. */
export function parseAddresses(text: string): Address[] {
  return split(text).flatMap((one) => {
    // Addresses copied from a column come with blanks between them.
    const words = one.split(/\s+/u);
    if (words.length > 1 && words.every((word) => /^[^\s@<>"]+@[^\s@<>"]+$/u.test(word)))
      return words.map(parseOne);
    return [parseOne(one)];
  });
}

/** What is wrong with an address, as a key of the texts. */
export interface AddressFault {
  key: 'address.noAt' | 'address.noLocal' | 'address.noDomain' | 'address.badCharacter' | 'address.blank';
  character?: string;
}

/** Why no server would take an address; undefined when nothing speaks against it. */
export function faultOf(address: string): AddressFault | undefined {
  const at = address.lastIndexOf('@');
  if (at < 0) return { key: 'address.noAt' };
  // Named by a word, since it cannot be seen.
  if (/^[^"]*\s/u.test(address)) return { key: 'address.blank' };
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (local === '') return { key: 'address.noLocal' };
  const bad = /^"(?:[^"\\]|\\.)*"$/u.test(local)
    ? null
    : /[^\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~.-]/u.exec(local);
  if (bad) return { key: 'address.badCharacter', character: bad[0] };
  // An address literal, as in a test network.
  if (/^\[[0-9A-Fa-f:.]+\]$|^\[IPv6:[0-9A-Fa-f:.]+\]$/u.test(domain)) return undefined;
  const badInDomain = /[^\p{L}\p{N}\p{M}.-]/u.exec(domain);
  if (badInDomain) return { key: 'address.badCharacter', character: badInDomain[0] };
  const labels = domain.split('.');
  if (
    labels.length < 2 ||
    labels.some((label) => label === '' || label.startsWith('-') || label.endsWith('-'))
  ) {
    return { key: 'address.noDomain' };
  }
  return undefined;
}
