import { decodeTextPart, decodeWords } from '../mail/decode.ts';
import { fieldValue } from '../mail/header.ts';
import { parseMessage } from '../mail/part.ts';
import type { Parsed, Part } from '../mail/part.ts';
import type { SearchKey } from './search-keys.ts';
import { membership } from './sequence-set.ts';
import type { SequenceSet } from './sequence-set.ts';
import type { Entry, View } from './view.ts';

/** The messages that match (RFC 9051, section 6.4.4). Text is compared decoded and without regard to case. */
export function search(view: View, key: SearchKey): Entry[] {
  const entries = view.entries();
  const last = entries.at(-1);
  const largest = { seq: last?.seq ?? 0, uid: last?.message.uid ?? 0 };
  const matches = compile(view, key, largest);
  return entries.filter((entry) => !view.isGhost(entry.message.uid) && matches(entry));
}

type Test = (entry: Entry) => boolean;

function compile(view: View, key: SearchKey, largest: { seq: number; uid: number }): Test {
  switch (key.key) {
    case 'all':
      return () => true;
    case 'flag':
      return ({ message }) => hasFlag(view, message.uid, message.flags, key.flag) === key.set;
    case 'seq':
      return numbers(key.set, largest.seq, (entry) => entry.seq);
    case 'uid':
      return numbers(key.set, largest.uid, (entry) => entry.message.uid);
    case 'internal':
      return ({ message }) => compareDay(message.internalDate, key.when, key.day);
    case 'sent':
      return ({ message }) => {
        const sent = sentDay(fieldValue(parseMessage(message.raw).root.fields, 'Date') ?? '');
        return sent !== undefined && compareDay(sent, key.when, key.day);
      };
    case 'header': {
      const wanted = key.text.toLowerCase();
      const name = key.name.toLowerCase();
      return ({ message }) =>
        parseMessage(message.raw).root.fields.some(
          (field) =>
            field.name.toLowerCase() === name && decodeWords(field.value).toLowerCase().includes(wanted),
        );
    }
    case 'body':
    case 'text': {
      const wanted = key.text.toLowerCase();
      return ({ message }) => {
        const parsed = parseMessage(message.raw);
        return (
          (key.key === 'text' && someHeaderHas(parsed.root, wanted)) || bodyHas(parsed, parsed.root, wanted)
        );
      };
    }
    case 'larger':
      return ({ message }) => message.raw.length > key.octets;
    case 'smaller':
      return ({ message }) => message.raw.length < key.octets;
    case 'modseq':
      return ({ message }) => message.modseq >= key.from;
    case 'not': {
      const inner = compile(view, key.of, largest);
      return (entry) => !inner(entry);
    }
    case 'or': {
      const either = compile(view, key.either, largest);
      const other = compile(view, key.other, largest);
      return (entry) => either(entry) || other(entry);
    }
    case 'and': {
      const tests = key.of.map((inner) => compile(view, inner, largest));
      return (entry) => tests.every((test) => test(entry));
    }
  }
}

function numbers(set: SequenceSet, largest: number, of: (entry: Entry) => number): Test {
  const wanted = membership(set, largest);
  return (entry) => wanted(of(entry));
}

function hasFlag(view: View, uid: number, flags: ReadonlySet<string>, flag: string): boolean {
  const lower = flag.toLowerCase();
  if (lower === '\\recent') return view.isRecent(uid);
  return [...flags].some((other) => other.toLowerCase() === lower);
}

const DAY_MS = 86_400_000;

function compareDay(date: Date, when: 'before' | 'on' | 'since', day: Date): boolean {
  const start = day.getTime();
  const time = date.getTime();
  if (when === 'before') return time < start;
  return time >= start && (when === 'since' || time < start + DAY_MS);
}

/** The day written in a Date field, its time and zone disregarded (RFC 9051, SENTON). */
function sentDay(value: string): Date | undefined {
  const match = /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{4})/.exec(value);
  const time = match ? Date.parse(`${match[1]} ${match[2]} ${match[3]} 00:00:00 GMT`) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}

function headerHas(part: Part, wanted: string): boolean {
  return part.fields.some((field) =>
    `${field.name}: ${decodeWords(field.value)}`.toLowerCase().includes(wanted),
  );
}

/** The header of the message, and those of its parts. */
function someHeaderHas(part: Part, wanted: string): boolean {
  return headerHas(part, wanted) || part.children.some((child) => someHeaderHas(child, wanted));
}

function bodyHas(parsed: Parsed, part: Part, wanted: string): boolean {
  if (part.message) return headerHas(part.message, wanted) || bodyHas(parsed, part.message, wanted);
  if (part.children.length > 0) return part.children.some((child) => bodyHas(parsed, child, wanted));
  const type = part.type.toLowerCase();
  if (type !== 'text' && type !== 'message') return false;
  return decodeTextPart(parsed.text, part).toLowerCase().includes(wanted);
}
