import { skipComment } from './header.ts';

/** An address as IMAP's ENVELOPE shows it (RFC 9051, section 7.5.2): group ends and starts have no host. */
type EnvelopeAddress = {
  readonly name: string | undefined;
  readonly route: string | undefined;
  readonly mailbox: string | undefined;
  readonly host: string | undefined;
};

const GROUP_END: EnvelopeAddress = { name: undefined, route: undefined, mailbox: undefined, host: undefined };

/** Read an address list (RFC 5322, section 3.4) leniently: what cannot be read is left out, nothing throws. */
export function parseAddresses(text: string): readonly EnvelopeAddress[] {
  const result: EnvelopeAddress[] = [];
  let inGroup = false;
  let words: string[] = [];
  let angle: string | undefined;
  let comment: string | undefined;
  let at = 0;
  const close = (): void => {
    const phrase = words.join('').replace(/\s+/g, ' ').trim();
    if (angle !== undefined && angle.trim() !== '')
      result.push(addrSpec(angle, phrase === '' ? comment : phrase));
    else if (angle === undefined && phrase !== '') result.push(addrSpec(words.join(''), comment));
    words = [];
    angle = undefined;
    comment = undefined;
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '"') {
      const [quoted, next] = readQuoted(text, at);
      // Inside a bare addr-spec the quotes are part of the local part only in writing.
      words.push(quoted);
      at = next;
    } else if (char === '(') {
      const next = skipComment(text, at);
      comment = text.slice(at + 1, text[next - 1] === ')' ? next - 1 : next).trim();
      at = next;
    } else if (char === '<') {
      const end = closingAngle(text, at);
      angle = text.slice(at + 1, end);
      at = end + 1;
    } else if (char === ',') {
      close();
      at += 1;
    } else if (char === ':' && !inGroup) {
      result.push({ ...GROUP_END, mailbox: words.join('').replace(/\s+/g, ' ').trim() });
      words = [];
      inGroup = true;
      at += 1;
    } else if (char === ';' && inGroup) {
      close();
      result.push(GROUP_END);
      inGroup = false;
      at += 1;
    } else {
      words.push(char);
      at += 1;
    }
  }
  close();
  if (inGroup) result.push(GROUP_END);
  return result;
}

function addrSpec(spec: string, name: string | undefined): EnvelopeAddress {
  let address = spec.trim();
  let route: string | undefined;
  const routed = /^(@[^:]*):(.*)$/s.exec(address);
  if (routed) {
    route = routed[1];
    address = routed[2] ?? '';
  }
  const sign = address.lastIndexOf('@');
  const local = unquote((sign < 0 ? address : address.slice(0, sign)).trim());
  const host = sign < 0 ? '' : address.slice(sign + 1).replace(/\s+/g, '');
  return { name: name === '' ? undefined : name, route, mailbox: local, host };
}

function unquote(local: string): string {
  return local.startsWith('"') ? readQuoted(local, 0)[0] : local;
}

function readQuoted(text: string, start: number): [string, number] {
  let value = '';
  let at = start + 1;
  for (; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\' && at + 1 < text.length) at += 1;
    value += text[at] ?? '';
  }
  return [value, at + 1];
}

function closingAngle(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') at = readQuoted(text, at)[1] - 1;
    else if (text[at] === '>') return at;
  }
  return text.length;
}
