import { Tokenizer } from 'htmlparser2';

/** Characters of HTML that are looked at for words. */
const LIMIT = 4_000_000;

/** Tags within a word: all others end one. */
const WITHIN = new Set(
  'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
);
const UNSEEN = new Set(['script', 'style']);

/**
 * What can be read in HTML, as text without any order of its own: for the search. Works on anything; no tree is built, so
 * that depth costs nothing.
 */
export function htmlWords(html: string): string {
  const text = html.slice(0, LIMIT);
  const found: string[] = [];
  let tag = '';
  let attribute = '';
  let unseen = false;
  const nameAt = (start: number, end: number) => text.slice(start, end).toLowerCase();
  const boundary = (name: string) => {
    if (!WITHIN.has(name)) found.push(' ');
  };
  const isAlt = () => tag === 'img' && attribute === 'alt';
  const nothing = () => undefined;
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname: (start, end) => {
        tag = nameAt(start, end);
        boundary(tag);
      },
      onopentagend: () => {
        unseen = UNSEEN.has(tag);
      },
      onclosetag: (start, end) => {
        unseen = false;
        boundary(nameAt(start, end));
      },
      ontext: (start, end) => {
        if (!unseen) found.push(text.slice(start, end));
      },
      ontextentity: (code) => void found.push(String.fromCodePoint(code)),
      onattribname: (start, end) => {
        attribute = nameAt(start, end);
      },
      onattribdata: (start, end) => {
        if (isAlt()) found.push(text.slice(start, end));
      },
      onattribentity: (code) => {
        if (isAlt()) found.push(String.fromCodePoint(code));
      },
      onattribend: () => {
        if (isAlt()) found.push(' ');
      },
      onselfclosingtag: nothing,
      oncdata: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onprocessinginstruction: nothing,
    },
  );
  tokenizer.write(text);
  tokenizer.end();
  return found.join('');
}
