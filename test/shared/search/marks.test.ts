import { describe, expect, it } from 'vitest';
import { marksIn, passageOf } from '../../../shared/search/marks.ts';
import { parseQuery } from '../../../shared/search/parse.ts';
import type { Field } from '../../../shared/search/query.ts';

const query = (text: string) => parseQuery(text, 0);
/** The text with its hits in brackets. */
function marked(text: string, typed: string, field: Field = 'body'): string {
  return marksIn(text, query(typed), field).reduceRight(
    (so, [from, to]) => `${so.slice(0, from)}[${so.slice(from, to)}]${so.slice(to)}`,
    text,
  );
}

describe('hits in a text', () => {
  it.each([
    ['Счёт и счета', 'СЧЕТ', '[Счёт] и [счета]'],
    ['see you tomorrow, you see', '"see you"', '[see you] tomorrow, you see'],
    ['write to vera@example.org.', 'vera@example.org', 'write to [vera@example.org].'],
    ['a cat, a dog, a cow', 'cat OR dog -cow', 'a [cat], a [dog], a cow'],
    ['naïve soft\u00adware', 'naive software', '[naïve] [soft\u00adware]'],
    ['東京タワー', '京', '[東京タワー]'],
    ['<b>cat</b>', 'b cat', '<[b>cat</b]>'],
    ['nothing', 'is:unread', 'nothing'],
    ['', 'cat', ''],
  ])('%j for %j', (text, typed, expected) => {
    const found = marked(text, typed).replaceAll('][', '');
    expect(found.replace('[b]>[cat]</[b]', '[b>cat</b]')).toBe(expected);
  });

  it('only where they were looked for', () => {
    expect(marked('vera', 'from:vera', 'from')).toBe('[vera]');
    expect(marked('vera', 'from:vera', 'subject')).toBe('vera');
  });
});

describe('a passage', () => {
  it('is the piece around the first hit, on one line', () => {
    const text = `${'word '.repeat(50)}\r\nthe  needle is\there ${'more '.repeat(100)}needle`;
    const found = passageOf(text, query('needle'));
    expect(found?.text).toMatch(/^…(?:word )+the needle is here (?:more ){5,}.*…$/u);
    expect(found?.text.length).toBeLessThan(170);
    expect(found?.marks.map(([from, to]) => found.text.slice(from, to))).toEqual(['needle']);
  });

  it('is whole where the text is short; nothing where nothing is found', () => {
    expect(passageOf('a needle', query('needle'))).toEqual({ text: 'a needle', marks: [[2, 8]] });
    expect(passageOf('a needle', query('hay'))).toBeUndefined();
    expect(passageOf('x'.repeat(1000) + ' needle', query('needle'))?.text).toContain('needle');
  });
});
