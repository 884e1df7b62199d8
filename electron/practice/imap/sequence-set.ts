/** `1:4,7,9:*` (RFC 9051, section 9): ranges in the order given; Infinity stands for `*`. */
export type SequenceSet = readonly (readonly [from: number, to: number])[];

/** Read a sequence set; undefined where it is none. */
export function parseSequenceSet(text: string): SequenceSet | undefined {
  const ranges: [number, number][] = [];
  for (const item of text.split(',')) {
    const match = /^(\*|[1-9]\d{0,9})(?::(\*|[1-9]\d{0,9}))?$/.exec(item);
    if (!match) return undefined;
    const from = bound(match[1] ?? '');
    const to = match[2] === undefined ? from : bound(match[2]);
    ranges.push([from, to]);
  }
  return ranges;
}

function bound(text: string): number {
  return text === '*' ? Infinity : Number(text);
}

/** A test for membership, `*` being the largest number in use. */
export function membership(set: SequenceSet, largest: number): (number: number) => boolean {
  const ranges = set.map(([from, to]) => {
    const a = from === Infinity ? largest : from;
    const b = to === Infinity ? largest : to;
    // The ends may stand in any order, so "559:*" holds the last message even where its UID is below 559.
    return [Math.min(a, b), Math.max(a, b)] as const;
  });
  return (number) => ranges.some(([from, to]) => number >= from && number <= to);
}

/** Numbers in ascending order as a set: 1,2,3,7 -> "1:3,7". */
export function formatSequenceSet(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}:${to}`)).join(',');
}
