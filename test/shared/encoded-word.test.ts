import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWords, fromBase64 } from '../../shared/mail/encoded-word.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

const b = (charset: string, bytes: Uint8Array | string) =>
  `=?${charset}?B?${Buffer.from(bytes as string).toString('base64')}?=`;

describe('decodeWords', () => {
  const table: readonly (readonly [written: string, read: string])[] = [
    ['plain', 'plain'],
    ['', ''],
    ['=?utf-8?B?0J/RgNC40LLQtdGC?=', 'Привет'],
    ['=?UTF-8?b?0J/RgNC40LLQtdGC?=', 'Привет'],
    ['=?utf-8?Q?=D0=9F=D1=80=D0=B8?=', 'При'],
    ['=?utf-8?q?a_b=5Fc?=', 'a b_c'],
    ['=?koi8-r?B?8NLJ18XU?=', 'Привет'],
    ['=?KOI8-R?Q?=F0=D2=C9=D7=C5=D4?=', 'Привет'],
    ['=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=', 'Привет'],
    ['=?windows-1251?B?z/Do4uXy?=', 'Привет'],
    ['=?iso-8859-1?Q?caf=E9?=', 'café'],
    ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['=?utf-8*ru?Q?=D0=9F?=', 'П'],
    ['=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
    ['=?utf-8?Q?a?=\t  =?koi8-r?B?8A==?=', 'aП'],
    ['=?utf-8?Q?a?= and =?utf-8?Q?b?=', 'a and b'],
    ['x=?utf-8?Q?a?=y', 'xay'],
    ['(=?utf-8?Q?a?= b)', '(a b)'],
    ['=?utf-8?Q??=', ''],
    ['=?utf-8?Q?_?=', ' '],
    // A character between two words, in both encodings.
    ['=?utf-8?Q?=D0?= =?utf-8?Q?=9F?=', 'П'],
    ['=?UTF-8?B?0A==?= =?utf-8?B?nw==?=', 'П'],
    ['=?utf-8?Q?=D0?= =?UTF-8?B?nw==?=', 'П'],
    // No padding, padding too much, junk between.
    ['=?utf-8?B?0J/RgNC4?=', 'При'],
    ['=?utf-8?B?QQ?=', 'A'],
    ['=?utf-8?B?QQ====?=', 'A'],
    ['=?utf-8?B?Q-Q=?=', 'A'],
    // Raw characters in a word, as careless programs write them.
    ['=?utf-8?Q?Привет?=', 'Привет'],
    ['=?utf-8?Q?smile_😀?=', 'smile 😀'],
  ];
  it.each(table)('%s', (written, read) => {
    expect(decodeWords(written)).toBe(read);
  });

  it.each([
    '=?utf-8?X?abc?=',
    '=?utf-8?Q?abc',
    '=?utf-8?Q?abc?',
    '=??Q?abc?=',
    '=?utf-8?Q?a b?=',
    '=?utf-8Q?ab?=',
    '?utf-8?Q?abc?=',
    '=?=?=?=?',
  ])('a broken word stays visible: %s', (written) => {
    expect(decodeWords(written)).toBe(written);
  });

  it('keeps = that is no escape', () => {
    expect(decodeWords('=?utf-8?Q?1=2_=ZZ_=4?=')).toBe('1=2 =ZZ =4');
  });

  it('shows the bytes of an unknown charset as Latin-1', () => {
    expect(decodeWords('=?x-klingon?Q?caf=E9?=')).toBe('café');
    expect(decodeWords('=?utf-7?Q?+AGE-?=')).toBe('+AGE-');
  });

  it('marks bytes that are not of the charset', () => {
    expect(decodeWords('=?utf-8?Q?a=FFb?=')).toBe('a\uFFFDb');
  });

  it('reads thousands of words quickly and leaves what comes after them as it stands', () => {
    const one = b('utf-8', 'слово ');
    const from = performance.now();
    const read = decodeWords(Array.from({ length: 20_000 }, () => one).join('\n '));
    expect(performance.now() - from).toBeLessThan(2000);
    expect(read.startsWith('слово слово ')).toBe(true);
    expect(read.endsWith('?=')).toBe(true);
  });

  it.each([
    ['openings', '=?'.repeat(200_000)],
    ['half words', '=?utf-8?q?'.repeat(50_000)],
    ['one long word', `=?utf-8?q?${'=41'.repeat(300_000)}?=`],
    ['white space', `=?utf-8?q?a?=${' '.repeat(300_000)}x`],
  ])('is quick over %s', (_name, written) => {
    const from = performance.now();
    decodeWords(written);
    expect(performance.now() - from).toBeLessThan(2000);
  });

  it('reads back whatever text was encoded, however its bytes are cut into words', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (text, size) => {
          const bytes = Buffer.from(text);
          const words: string[] = [];
          for (let at = 0; at < bytes.length; at += size)
            words.push(b('utf-8', bytes.subarray(at, at + size)));
          expect(decodeWords(words.join('\r\n '))).toBe(new TextDecoder().decode(bytes));
        },
      ),
    );
  });

  it('throws at nothing', () => {
    const scrap = fc.constantFrom('=?', '?=', '?', 'utf-8', 'B', 'Q', '=', 'Zm9v', ' ', '\n ', 'ж', '😀');
    fc.assert(
      fc.property(fc.array(fc.oneof(scrap, fc.string()), { maxLength: 30 }), (parts) => {
        expect(typeof decodeWords(parts.join(''))).toBe('string');
      }),
    );
  });
});

describe('fromBase64', () => {
  it('agrees with the platform on anything encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(fromBase64(text)).toEqual([...bytes]);
        expect(fromBase64(text.replace(/(.{7})/gu, '$1\r\n '))).toEqual([...bytes]);
      }),
    );
  });
});
