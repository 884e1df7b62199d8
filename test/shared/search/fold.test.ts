import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../shared/search/fold.ts';

describe('words as they are compared', () => {
  it.each([
    ['Счёт-фактура №5', 'счет фактура no5'],
    ['ЁЛКА, елка', 'елка елка'],
    // й is a letter, in one sign or in two.
    ['Йод и\u0306од', 'йод йод'],
    ['naïve Café ÀÉÎ', 'naive cafe aei'],
    ['Straße ŁÓDŹ Ærø', 'strasse lodz aero'],
    ['Vera@Example.ORG', 'vera example org'],
    ['1,234.56 €', '1 234 56'],
    ['soft\u00adhyphen zero\u200bwidth', 'softhyphen zerowidth'],
    ['東京タワー', '東 京 タ ワ ー'],
    ['ﬁle ２０２６', 'file 2026'],
    ['İstanbul ISPARTA', 'istanbul isparta'],
    ['don\'t — "quoted" * ( ) : ^ {}', 'don t quoted'],
    ['\uE000', ''],
    ['', ''],
    ['x'.repeat(100), 'x'.repeat(48)],
  ])('%j', (text, words) => expect(fold(text)).toBe(words));

  it('folding twice changes nothing, and no sign of any language of queries is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const once = fold(text);
        expect(once).not.toMatch(/["'*:(){}^+\-\0\uE000]/u);
        expect(once).not.toMatch(/^ | {2}| $/u);
        expect(fold(once)).toBe(once);
      }),
      { numRuns: 2000, seed: 20_261_121 },
    );
  });
});
