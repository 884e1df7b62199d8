import { fold } from './fold.ts';
import { ATTACHMENT, OPERATORS, STATES, type Operator } from './operators.ts';
import type { Meaning, Query, Term, Words } from './query.ts';
import { bytesOf, spanOf } from './values.ts';

/** Characters and terms that are looked at; nobody types more. */
const LENGTH = 2000;
const TERMS = 64;

/** One piece of what was typed: `-name:"value"`. */
const PIECE = /(?<not>-)?(?:(?<name>\p{L}+):)?(?:"(?<quoted>[^"]*)"?|(?<plain>[^\s"]+))/gu;

/**
 * Reads what a person typed. Words must all be found and may go on (`invo` finds invoices), `"phrases"` are found as they
 * are, `OR` joins what stands beside it, a minus excludes. Whatever can't be understood is looked for as words.
 * @param now ms since the epoch: what `today` and `7d` are counted from
 */
export function parseQuery(text: string, now: number): Query {
  const query: Query = { groups: [], notes: [] };
  let joined = false;
  let count = 0;
  for (const match of text.slice(0, LENGTH).matchAll(PIECE)) {
    if (isOr(match)) {
      joined = query.groups.length > 0;
      continue;
    }
    const term = termOf(match, now, query);
    if (!term) continue;
    count += 1;
    if (count > TERMS) break;
    const last = query.groups.at(-1);
    if (joined && last) last.push(term);
    else query.groups.push([term]);
    joined = false;
  }
  return query;
}

function isOr({ 0: all }: RegExpExecArray): boolean {
  return all === 'OR' || all === 'ИЛИ' || all === '|';
}

/** Nothing where there is nothing to look for: signs alone. */
function termOf({ groups = {} }: RegExpExecArray, now: number, query: Query): Term | undefined {
  const { name, quoted } = groups;
  const not = groups['not'] !== undefined;
  const value = quoted ?? groups['plain'] ?? '';
  // Not finished yet: `from:` is on its way to become more.
  if (name === undefined && OPERATORS.has(/^(\p{L}+):$/u.exec(value.toLowerCase())?.[1] ?? ''))
    return undefined;
  const operator = name === undefined ? undefined : OPERATORS.get(name.toLowerCase());
  if (operator && name !== undefined) {
    if (value.trim() === '') return undefined;
    const understood = meaningOf(operator, value, quoted !== undefined, now);
    if (understood) return { not, ...understood };
    if (operator.kind !== 'field') query.notes.push({ operator: name, value });
  }
  const words = wordsOf(name === undefined ? value : `${name}:${value}`, quoted !== undefined);
  return words && { not, ...words };
}

function meaningOf(operator: Operator, value: string, quoted: boolean, now: number): Meaning | undefined {
  const name = value.trim().toLowerCase();
  switch (operator.kind) {
    case 'field': {
      const words = wordsOf(value, quoted);
      return words && { ...words, field: operator.field };
    }
    case 'has':
      return ATTACHMENT.has(name) ? { kind: 'has', what: 'attachment' } : undefined;
    case 'is': {
      const state = STATES.get(name);
      return state && { kind: 'is', state };
    }
    case 'in':
      return { kind: 'in', mailbox: value.trim() };
    case 'tag':
      return { kind: 'tag', tag: value.trim() };
    case 'date': {
      const span = spanOf(name, now);
      if (!span) return undefined;
      const { from, to } = span;
      return {
        kind: 'date',
        ...(operator.side === 'before' ? { to: from } : operator.side === 'after' ? { from } : { from, to }),
      };
    }
    case 'size': {
      const bytes = bytesOf(name);
      if (bytes === undefined) return undefined;
      return operator.side === 'above' ? { kind: 'size', above: bytes } : { kind: 'size', below: bytes };
    }
  }
}

/** A single letter stands for itself: what begins with it is half of all words. */
function wordsOf(text: string, quoted: boolean): Words | undefined {
  const words = fold(text).split(' ');
  const last = words.at(-1) ?? '';
  if (last === '') return undefined;
  return { kind: 'words', words, prefix: !quoted && (words.length > 1 || Array.from(last).length > 1) };
}
