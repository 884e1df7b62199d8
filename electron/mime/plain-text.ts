import { convert } from 'html-to-text';
import { flattened } from './depth.ts';

/** Characters of HTML that are turned into text; no letter is longer. */
const LIMIT = 16_000_000;

/** HTML as plain text: the alternative of a rich letter, and what a list row shows of an HTML one. */
export function plainTextOf(html: string): string {
  return convert(flattened(html).slice(0, LIMIT), {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'blockquote', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    ],
  });
}
