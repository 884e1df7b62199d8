import { fold } from './fold.ts';
import type { Field, Query, Words } from './query.ts';

/** From and to, in UTF-16 units of the text. */
export type Mark = [from: number, to: number];

/** Characters of a passage, and how many of them stand before the first hit. */
const PASSAGE = 160;
const BEFORE = 40;

interface Place {
  from: number;
  to: number;
  word: string;
}

/** Where in a text a query's words stand: to be emphasised. @param field what the text is; its words for other fields don't count */
export function marksIn(text: string, query: Query, field: Field): Mark[] {
  const places = placesOf(text);
  const marks: Mark[] = [];
  for (const { words, prefix } of wanted(query, field)) {
    for (let at = 0; at + words.length <= places.length; at += 1) {
      if (!matches(places, at, words, prefix)) continue;
      marks.push([places[at]?.from ?? 0, places[at + words.length - 1]?.to ?? 0]);
    }
  }
  return merged(marks);
}

/**
 * The piece of a letter's text in which a query's words stand first, on one line, and where they stand in it. Undefined when
 * none of them is there.
 */
export function passageOf(text: string, query: Query): { text: string; marks: Mark[] } | undefined {
  const line = text.replace(/\s+/gu, ' ').trim();
  const [first] = marksIn(line, query, 'body');
  if (!first) return undefined;
  const blank = first[0] <= BEFORE ? -1 : line.indexOf(' ', first[0] - BEFORE);
  const from = blank >= 0 && blank < first[0] ? blank + 1 : Math.max(0, first[0] - BEFORE);
  const piece = Array.from(line.slice(from, from + 2 * PASSAGE))
    .slice(0, PASSAGE)
    .join('');
  const head = from > 0 ? '…' : '';
  const cut = head + piece + (from + piece.length < line.length ? '…' : '');
  return { text: cut, marks: marksIn(cut, query, 'body') };
}

function wanted(query: Query, field: Field): Words[] {
  return query.groups
    .flat()
    .filter((one) => !one.not)
    .filter((one) => one.kind === 'words')
    .filter((one) => one.field === undefined || one.field === field);
}

function placesOf(text: string): Place[] {
  const places: Place[] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}\u00ad\u200b-\u200d\u2060\ufeff]+/gu)) {
    // A run without spaces may be several words; then they share its place.
    for (const word of fold(match[0]).split(' '))
      if (word !== '') places.push({ from: match.index, to: match.index + match[0].length, word });
  }
  return places;
}

function matches(places: Place[], at: number, words: string[], prefix: boolean): boolean {
  return words.every((word, index) => {
    const found = places[at + index]?.word;
    return prefix && index === words.length - 1 ? found?.startsWith(word) : found === word;
  });
}

function merged(marks: Mark[]): Mark[] {
  const all: Mark[] = [];
  for (const [from, to] of marks.toSorted((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}
