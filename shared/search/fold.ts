/** Letters that are one sign and have no decomposition, as people type them. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Nothing that was written by a person is longer; both what is searched and what is searched for is cut here. */
const LONGEST = 48;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts without spaces: each sign is a word, and a phrase finds them together. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}]/gu;
/** Within a word and not to be seen: soft hyphens, joiners, places to break a line. */
const UNSEEN = /[\u00ad\u200b-\u200d\u2060\ufeff]/gu;

/**
 * The words of a text as they are compared: without case, accents, ё and other ways to write the same sign, one space
 * between them. й stays: it is a letter of its own.
 */
export function fold(text: string): string {
  if (/^[\u0000-\u007f]*$/u.test(text)) return cut(text.toLowerCase().match(/[a-z0-9]+/gu) ?? []);
  const plain = text
    .replace(UNSEEN, '')
    .normalize('NFKD')
    .toLowerCase()
    // Points and strokes above letters (Latin, Greek, Cyrillic, Hebrew, Arabic), but not the one that makes й.
    .replace(/(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05c7\u064b-\u0652]/gu, '')
    .normalize('NFC')
    .replace(/[ßæœøłđðþı]/gu, (letter) => PLAIN[letter] ?? letter);
  return cut(plain.replace(UNSPACED, ' $& ').match(WORD) ?? []);
}

function cut(words: string[]): string {
  return words
    .map((word) => (word.length > LONGEST ? Array.from(word).slice(0, LONGEST).join('') : word))
    .join(' ');
}
