import type { Pop3Listing } from '../../app/ports-engine.ts';

/**
 * Longest name that is taken for one, characters; RFC 1939 section 7 allows 70, and some servers have longer ones. A longer
 * one is left out: the bytes of the message stand for it.
 */
const LONGEST_NAME = 1000;

/** A line of LIST or UIDL: the message's number, and what is said of it. */
function numbered(line: string): [number: number, rest: string] | undefined {
  const found = /^\s*(\d{1,10})(?:\s+(.*?))?\s*$/su.exec(line);
  return found ? [Number(found[1]), found[2] ?? ''] : undefined;
}

/** Figures of STAT; undefined where they are none. */
export function parseStat(text: string): { count: number; bytes: number } | undefined {
  const found = /^\s*(\d{1,15})\s+(\d{1,15})/u.exec(text);
  return found ? { count: Number(found[1]), bytes: Number(found[2]) } : undefined;
}

/**
 * Puts LIST and UIDL together. A size that is none counts as 0: the bytes will tell. A message that UIDL says nothing of, or
 * no name, has an empty one.
 * @param names the lines of UIDL; undefined where the server has none
 * @returns a sentence where STAT, LIST and UIDL contradict each other: no number can be trusted then
 */
export function parseListing(
  count: number,
  sizes: readonly string[],
  names: readonly string[] | undefined,
): Pop3Listing[] | string {
  const listed = new Map<number, Pop3Listing>();
  let lines = 0;
  for (const line of sizes) {
    const found = numbered(line);
    if (!found) continue;
    lines += 1;
    const [number, rest] = found;
    const size = /^\d{1,15}(?!\S)/u.exec(rest)?.[0] ?? '0';
    listed.set(number, { number, size: Number(size), uidl: '' });
  }
  const named = new Set<number>();
  let strangers = 0;
  for (const line of names ?? []) {
    const [number, name] = numbered(line) ?? [];
    if (number === undefined || name === undefined) continue;
    const one = listed.get(number);
    if (!one || named.has(number)) strangers += 1;
    else if (name.length <= LONGEST_NAME) one.uidl = name;
    named.add(number);
  }
  if (lines === count && listed.size === count && strangers === 0 && (!names || named.size === count))
    return [...listed.values()];
  return `STAT says ${count} messages, LIST ${lines}, UIDL ${names ? named.size : 'nothing'}`;
}
