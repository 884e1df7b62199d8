import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../shared/search/parse.ts';
import type { Term } from '../../../shared/search/query.ts';
import { bytesOf, spanOf } from '../../../shared/search/values.ts';

const NOW = new Date(2026, 2, 31, 15, 30).getTime();
const parsed = (text: string) => parseQuery(text, NOW);
const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime();

/** A query in few signs: words as `field/a b*`, conditions as their fields. */
function told(text: string): string {
  const term = ({ not, ...rest }: Term) => {
    const minus = not ? '-' : '';
    if (rest.kind !== 'words') return `${minus}${Object.values(rest).join(' ')}`;
    const field = rest.field === undefined ? '' : `${rest.field}/`;
    return `${minus}${field}${rest.words.join(' ')}${rest.prefix ? '*' : ''}`;
  };
  return parsed(text)
    .groups.map((group) => group.map(term).join(' | '))
    .join(', ');
}

describe('a query', () => {
  it.each([
    ['Счёт invoice', 'счет*, invoice*'],
    ['"See you  tomorrow"', 'see you tomorrow'],
    ['"not closed', 'not closed'],
    ['cat OR dog fish', 'cat* | dog*, fish*'],
    ['cat ИЛИ dog | fish', 'cat* | dog* | fish*'],
    ['OR cat OR', 'cat*'],
    ['or and not', 'or*, and*, not*'],
    ['-spam -"free money"', '-spam*, -free money'],
    ['cat OR -dog', 'cat* | -dog*'],
    ['a b1 я', 'a, b1*, я'],
    ['vera@example.org', 'vera example org*'],
    ['from:vera@example.org to:"Oleg P"', 'from/vera example org*, to/oleg p'],
    ['От:вера КОМУ:олег тема:отчёт', 'from/вера*, to/олег*, subject/отчет*'],
    ['cc:x1 body:y1', 'cc/x1*, body/y1*'],
    ['-from:boss', '-from/boss*'],
    ['has:attachment есть:вложение', 'has attachment, has attachment'],
    ['is:unread is:Starred -is:draft', 'is unread, is flagged, -is draft'],
    ['in:INBOX in:"Sent Items" в:корзина', 'in INBOX, in Sent Items, in корзина'],
    ['tag:Work', 'tag Work'],
    ['larger:5M smaller:1.5k', 'size 5242880, size 1536'],
    // A colon of another kind.
    ['https://example.org/a?b=c', 'https example org a b c*'],
    ['mailto:vera', 'mailto vera*'],
    ['10:30', '10 30*'],
    // Not understood, so text.
    ['is:weird has:nothing larger:big before:soon', 'is weird*, has nothing*, larger big*, before soon*'],
    // Still being typed.
    ['cat from: -is: in:"" has:" "', 'cat*'],
    ['!!! -- * "" - : ""', ''],
    ['', ''],
  ])('%j', (text, expected) => expect(told(text)).toBe(expected));

  it('tells what it did not understand', () => {
    expect(parsed('is:weird before:2026-13 x:y from:z').notes).toEqual([
      { operator: 'is', value: 'weird' },
      { operator: 'before', value: '2026-13' },
    ]);
  });

  it.each([
    ['on:2026-01-31', day(2026, 1, 31), day(2026, 2, 1)],
    ['on:2026-01', day(2026, 1, 1), day(2026, 2, 1)],
    ['дата:2026', day(2026, 1, 1), day(2027, 1, 1)],
    ['on:today', day(2026, 3, 31), day(2026, 4, 1)],
    ['on:вчера', day(2026, 3, 30), day(2026, 3, 31)],
    ['after:7d', day(2026, 3, 24), undefined],
    ['before:2w', undefined, day(2026, 3, 17)],
    // From the 31st a month back.
    ['after:1m', day(2026, 2, 28), undefined],
    ['после:1г', day(2025, 3, 31), undefined],
    ['after:2026-02', day(2026, 2, 1), undefined],
  ])('%s', (text, from, to) => {
    const [term] = parsed(text).groups[0] ?? [];
    expect(term).toEqual({
      not: false,
      kind: 'date',
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  });

  it.each(['2026-02-30', '2026-00', '0', '99999d', 'd', '2026-1-1-1', ''])('%j is no day', (text) =>
    expect(spanOf(text, NOW)).toBeUndefined(),
  );

  it.each([
    ['500', 500],
    ['500k', 512_000],
    ['5МБ', 5_242_880],
    ['1.5 MB', 1_572_864],
    ['2GiB', 2_147_483_648],
    ['k', undefined],
    ['-5', undefined],
    ['5T', undefined],
  ])('%j bytes', (text, bytes) => expect(bytesOf(text)).toBe(bytes));

  it('is bounded, whatever was typed', () => {
    expect(parsed('word '.repeat(1000)).groups.length).toBe(64);
    expect(parsed(`${'a'.repeat(100_000)}:`).groups.length).toBe(1);
    const start = performance.now();
    parsed('-'.repeat(2000) + 'a:'.repeat(1000) + '"'.repeat(999));
    expect(performance.now() - start).toBeLessThan(200);
  });

  it('never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(parsed(text).groups.every((group) => group.length > 0)).toBe(true);
      }),
      { numRuns: 5000, seed: 20_261_121 },
    );
  });
});
