import type { Language } from '../../model/language.ts';
import type { WireLine } from '../line.ts';
import type { Transcript } from '../transcript.ts';
import { clock, harmless, headingOf, wordsOf } from './words.ts';

const ARROW = { client: '→', server: '←', none: '·' } as const;
/** Where a line's text begins: under it stands what belongs to it. */
const INDENT = ' '.repeat('00:00:00.000  → '.length);

/** One line of a transcript for a terminal or a text file: time, direction, what was said. No line end at the end. */
export function lineAsText(line: WireLine, language: Language, explanation?: string): string {
  const words = wordsOf(language);
  const start = `${clock(line.at)}  ${ARROW[line.direction]} `;
  const rows: string[] = [];
  if (line.kind === 'block') {
    rows.push(start + words.block(line.bytes));
    const shown = line.text.replace(/\r?\n$/u, '').split(/\r?\n/u);
    for (const row of shown) rows.push(`${INDENT}| ${harmless(row, '\t')}`);
    if (isCut(line)) rows.push(`${INDENT}| ${words.rest(line.bytes)}`);
  } else if (line.kind === 'gap') {
    rows.push(start + words.block(line.bytes));
  } else {
    rows.push(start + harmless(line.text, '\t'));
  }
  if (explanation !== undefined) rows.push(`${INDENT}# ${harmless(explanation)}`);
  return rows.join('\n');
}

/** A whole transcript as a text file. @param explain is asked once for each line, in order */
export function transcriptAsText(
  { info, lines, damaged }: Transcript,
  language: Language,
  explain?: (line: WireLine) => string | undefined,
): string {
  const heading = headingOf(info, damaged, language).map((row) => harmless(row));
  const rows = lines.map((line) => lineAsText(line, language, explain?.(line)));
  return `${[...heading, '', ...rows].join('\n')}\n`;
}

/** Only the beginning of a long block is kept; the text of a block has at most as many characters as bytes. */
export const isCut = (line: WireLine): boolean => line.kind === 'block' && line.bytes > 4096;
