import { describe, expect, it } from 'vitest';
import { Keyword } from '../../../shared/model/message.ts';
import {
  ATOM,
  isTag,
  keywordOf,
  knownTags,
  tagColour,
  tagsOf,
  tagState,
} from '../../../renderer/state/tags.ts';

describe('tags', () => {
  it('are not what programs tell one another', () => {
    const keywords = [
      '$MDNSent',
      '$Junk',
      '$NotJunk',
      'NonJunk',
      '$Forwarded',
      '\\Recent',
      'Work',
      '$label1',
    ];
    expect(tagsOf({ keywords })).toEqual(['Work', '$label1']);
    expect(isTag('nonjunk')).toBe(false);
  });

  it('take what IMAP takes, and blanks as underlines', () => {
    expect(keywordOf('  Big  order ')).toBe('Big_order');
    for (const bad of ['', ' ', 'a(b', 'per%cent', 'Срочно', '"x"', '$Junk'])
      expect(keywordOf(bad)).toBeUndefined();
  });

  it('follow the schema of the contract', () => {
    for (const sample of ['Work', 'a b', 'Срочно', '', 'x'.repeat(101), 'a]', 'a\\b', '$Label*'])
      expect(ATOM.test(sample)).toBe(Keyword.safeParse(sample).success);
  });

  it('keep their colour, and are one tag however they are written', () => {
    expect(tagColour('Work')).toBe(tagColour('work'));
    expect(knownTags([{ keywords: ['work', '$Junk'] }, { keywords: ['Work', 'Art'] }, {}])).toEqual([
      'Art',
      'work',
    ]);
    expect(tagState([{ keywords: ['Work'] }, {}], 'work')).toBe('some');
    expect(tagState([{ keywords: ['Work'] }], 'work')).toBe('all');
    expect(tagState([{}], 'work')).toBe('none');
  });
});
