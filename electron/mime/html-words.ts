import { Parser } from 'htmlparser2';

/** Characters of HTML that are looked at for words. */
const LIMIT = 4_000_000;

/** Tags within a word: all others end one. */
const WITHIN = new Set(
  'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
);
const UNSEEN = new Set(['script', 'style', 'template', 'noscript']);

/** What can be read in HTML, as text without any order of its own: for the search. Works on anything, at any depth. */
export function htmlWords(html: string): string {
  const found: string[] = [];
  let unseen = 0;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (UNSEEN.has(name)) unseen += 1;
        if (!WITHIN.has(name)) found.push(' ');
        if (name === 'img' && attributes['alt']) found.push(attributes['alt'], ' ');
      },
      onclosetag: (name) => {
        if (UNSEEN.has(name)) unseen -= 1;
        if (!WITHIN.has(name)) found.push(' ');
      },
      ontext: (text) => {
        if (unseen === 0) found.push(text);
      },
    },
    { decodeEntities: true },
  );
  parser.write(html.slice(0, LIMIT));
  parser.end();
  return found.join('');
}
