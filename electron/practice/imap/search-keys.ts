import type { Args } from './args.ts';
import { Complaint } from './complaint.ts';
import type { SequenceSet } from './sequence-set.ts';

/** A search key (RFC 9051, section 6.4.4) as a tree. */
export type SearchKey =
  | { readonly key: 'all' }
  | { readonly key: 'flag'; readonly flag: string; readonly set: boolean }
  | { readonly key: 'seq' | 'uid'; readonly set: SequenceSet }
  | { readonly key: 'internal' | 'sent'; readonly when: 'before' | 'on' | 'since'; readonly day: Date }
  | { readonly key: 'header'; readonly name: string; readonly text: string }
  | { readonly key: 'body' | 'text'; readonly text: string }
  | { readonly key: 'larger' | 'smaller'; readonly octets: number }
  | { readonly key: 'modseq'; readonly from: number }
  | { readonly key: 'not'; readonly of: SearchKey }
  | { readonly key: 'or'; readonly either: SearchKey; readonly other: SearchKey }
  | { readonly key: 'and'; readonly of: readonly SearchKey[] };

const FLAG_KEYS: ReadonlySet<string> = new Set(['ANSWERED', 'DELETED', 'DRAFT', 'FLAGGED', 'SEEN']);
const MAX_DEPTH = 100;

/** One or more search keys with a space between them; all must match. */
export function parseSearchKeys(args: Args, decode: (octets: string) => string, depth = 0): SearchKey {
  if (depth > MAX_DEPTH) throw new Complaint('this search is nested too deeply');
  const keys = [parseSearchKey(args, decode, depth)];
  while (!args.atEnd && !args.peek(')')) {
    args.space('the next search key');
    if (args.atEnd) break;
    keys.push(parseSearchKey(args, decode, depth));
  }
  return keys.length === 1 && keys[0] ? keys[0] : { key: 'and', of: keys };
}

function parseSearchKey(args: Args, decode: (octets: string) => string, depth: number): SearchKey {
  if (args.skip('(')) {
    const inner = parseSearchKeys(args, decode, depth + 1);
    args.expect(')', ') after the search keys');
    return inner;
  }
  if (args.match(/(?=[\d*])/) !== undefined) return { key: 'seq', set: args.sequenceSet() };
  const word = args.atom('a search key such as ALL, UNSEEN or FROM').toUpperCase();
  const nested = (): SearchKey => {
    args.space(`a search key after ${word}`);
    if (depth > MAX_DEPTH) throw new Complaint('this search is nested too deeply');
    return parseSearchKey(args, decode, depth + 1);
  };
  const text = (): string => {
    args.space(`what to look for after ${word}`);
    return decode(args.astring('what to look for'));
  };
  const number = (): number => {
    args.space(`a number after ${word}`);
    return args.number(`a number after ${word}`);
  };
  const day = (): Date => {
    args.space(`a date after ${word}`);
    return args.date();
  };
  const bare = word.replace(/^UN/, '');
  if (FLAG_KEYS.has(bare)) return { key: 'flag', flag: `\\${bare}`, set: bare === word };
  switch (word) {
    case 'ALL':
      return { key: 'all' };
    case 'NEW':
      return { key: 'and', of: [flag('\\Recent', true), flag('\\Seen', false)] };
    case 'OLD':
      return flag('\\Recent', false);
    case 'RECENT':
      return flag('\\Recent', true);
    case 'KEYWORD':
    case 'UNKEYWORD':
      args.space('a keyword');
      return flag(args.flag(), word === 'KEYWORD');
    case 'UID':
      args.space('a UID set');
      return { key: 'uid', set: args.sequenceSet() };
    case 'BEFORE':
    case 'ON':
    case 'SINCE':
      return { key: 'internal', when: dayRelation(word), day: day() };
    case 'SENTBEFORE':
    case 'SENTON':
    case 'SENTSINCE':
      return { key: 'sent', when: dayRelation(word.slice(4)), day: day() };
    case 'FROM':
    case 'TO':
    case 'CC':
    case 'BCC':
    case 'SUBJECT':
      return { key: 'header', name: word, text: text() };
    case 'HEADER': {
      args.space('a header field name');
      return { key: 'header', name: args.astring('a header field name'), text: text() };
    }
    case 'BODY':
      return { key: 'body', text: text() };
    case 'TEXT':
      return { key: 'text', text: text() };
    case 'LARGER':
      return { key: 'larger', octets: number() };
    case 'SMALLER':
      return { key: 'smaller', octets: number() };
    case 'MODSEQ': {
      args.space('a modification sequence after MODSEQ');
      // The optional entry name and type (RFC 7162, section 3.1.5) make no difference: flags share one MODSEQ.
      if (args.match(/"[^"]*" (?:priv|shared|all) /) === undefined && args.peek('"')) {
        throw new Complaint('expected MODSEQ "/flags/\\\\seen" all 1 or MODSEQ 1');
      }
      return { key: 'modseq', from: args.number('a modification sequence') };
    }
    case 'NOT':
      return { key: 'not', of: nested() };
    case 'OR':
      return { key: 'or', either: nested(), other: nested() };
    default:
      throw new Complaint(
        `${word} is no search key; try ALL, UNSEEN, FROM vera, SINCE 1-Feb-2026 or TEXT glass`,
      );
  }
}

function flag(name: string, set: boolean): SearchKey {
  return { key: 'flag', flag: name, set };
}

function dayRelation(word: string): 'before' | 'on' | 'since' {
  if (word === 'BEFORE') return 'before';
  return word === 'ON' ? 'on' : 'since';
}

/** Whether MODSEQ is among the keys: then the answer says the highest one (RFC 7162, section 3.1.5). */
export function asksForModseq(key: SearchKey): boolean {
  if (key.key === 'and') return key.of.some(asksForModseq);
  if (key.key === 'not') return asksForModseq(key.of);
  if (key.key === 'or') return asksForModseq(key.either) || asksForModseq(key.other);
  return key.key === 'modseq';
}
