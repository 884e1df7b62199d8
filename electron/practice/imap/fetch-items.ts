import type { Args } from './args.ts';
import { Complaint } from './complaint.ts';
import { parseSection, writeSection } from './section.ts';
import type { Section } from './section.ts';

type SimpleItem =
  'FLAGS' | 'UID' | 'INTERNALDATE' | 'RFC822.SIZE' | 'ENVELOPE' | 'BODYSTRUCTURE' | 'BODY' | 'MODSEQ';

export type FetchItem =
  | { readonly kind: SimpleItem }
  | {
      readonly kind: 'section';
      readonly section: Section;
      /** What the response calls it. */
      readonly label: string;
      readonly peek: boolean;
      readonly partial: { readonly offset: number; readonly length: number } | undefined;
    };

/** Longer names first: BODY is the beginning of BODYSTRUCTURE. */
const SIMPLE: readonly SimpleItem[] = [
  'FLAGS',
  'UID',
  'INTERNALDATE',
  'RFC822.SIZE',
  'ENVELOPE',
  'BODYSTRUCTURE',
  'MODSEQ',
];

const MAX_ITEMS = 50;
const FAST: readonly SimpleItem[] = ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'];
const MACROS: readonly (readonly [string, readonly SimpleItem[]])[] = [
  ['ALL', [...FAST, 'ENVELOPE']],
  ['FAST', FAST],
  ['FULL', [...FAST, 'ENVELOPE', 'BODY']],
];

/** The data item names of FETCH: one, a macro, or a list (RFC 9051, section 6.4.5). */
export function parseFetchItems(args: Args): readonly FetchItem[] {
  if (args.peek('(')) {
    const items = args.list('what to fetch', () => parseItem(args));
    if (items.length === 0) throw new Complaint('the list of what to fetch is empty');
    if (items.length > MAX_ITEMS) throw new Complaint(`at most ${MAX_ITEMS} things are fetched at once here`);
    return items;
  }
  for (const [name, items] of MACROS) {
    if (args.match(new RegExp(`${name}(?= |$)`)) !== undefined) return items.map((kind) => ({ kind }));
  }
  return [parseItem(args)];
}

function parseItem(args: Args): FetchItem {
  for (const kind of SIMPLE) {
    if (args.match(new RegExp(`${kind.replace('.', '\\.')}(?=[ )]|$)`)) !== undefined) return { kind };
  }
  if (args.skip('BODY.PEEK[')) return parseSectionItem(args, true);
  if (args.skip('BODY[')) return parseSectionItem(args, false);
  if (args.match(/BODY(?=[ )]|$)/) !== undefined) return { kind: 'BODY' };
  if (args.match(/RFC822\.HEADER(?=[ )]|$)/) !== undefined) return rfc822('RFC822.HEADER', 'HEADER', true);
  if (args.match(/RFC822\.TEXT(?=[ )]|$)/) !== undefined) return rfc822('RFC822.TEXT', 'TEXT', false);
  if (args.match(/RFC822(?=[ )]|$)/) !== undefined) return rfc822('RFC822', undefined, false);
  const word = args.atom('something to fetch, such as FLAGS, ENVELOPE or BODY.PEEK[]');
  throw new Complaint(`${word} cannot be fetched; try FLAGS, UID, ENVELOPE, BODYSTRUCTURE or BODY.PEEK[]`);
}

function rfc822(label: string, text: 'HEADER' | 'TEXT' | undefined, peek: boolean): FetchItem {
  return { kind: 'section', section: { path: [], text, names: [] }, label, peek, partial: undefined };
}

function parseSectionItem(args: Args, peek: boolean): FetchItem {
  const section = parseSection(args);
  const label = `BODY[${writeSection(section)}]`;
  if (!args.skip('<')) return { kind: 'section', section, label, peek, partial: undefined };
  const offset = args.number('the first octet in <first.count>');
  args.expect('.', '. in <first.count>');
  const length = args.number('the count in <first.count>');
  if (length === 0) throw new Complaint('the count in <first.count> cannot be 0');
  args.expect('>', '> after <first.count');
  return { kind: 'section', section, label: `${label}<${offset}>`, peek, partial: { offset, length } };
}
