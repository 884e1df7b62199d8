import type { Language } from '../../model/language.ts';
import type { WireLine } from '../line.ts';
import type { Transcript } from '../transcript.ts';
import { isCut } from './text.ts';
import { clock, harmless, headingOf, wordsOf } from './words.ts';

/** Nothing is loaded and nothing runs, whatever a server wrote: the page says so to the browser itself. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
const STYLE = `
:root { color-scheme: light dark; font: 13px/1.5 ui-monospace, monospace; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 72rem; }
h1 { font-size: 1.2rem; }
table { border-collapse: collapse; width: 100%; }
td { padding: .15rem .5rem; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; }
td:first-child, td:nth-child(2) { white-space: nowrap; opacity: .6; width: 1px; }
.client td:last-child { color: light-dark(#0a4b8f, #8ec5ff); }
.none { opacity: .7; font-style: italic; }
.block td:last-child { border-inline-start: 3px solid #8888; }
small { display: block; opacity: .75; font-family: system-ui, sans-serif; font-style: normal; color: CanvasText; }
`;
const ARROW = { client: '→', server: '←', none: '·' } as const;

/** A whole transcript as one page that needs nothing else. @param explain is asked once for each line, in order */
export function transcriptAsHtml(
  { info, lines, damaged }: Transcript,
  language: Language,
  explain?: (line: WireLine) => string | undefined,
): string {
  const [title = '', ...heading] = headingOf(info, damaged, language).map((row) => escaped(harmless(row)));
  const rows = lines.map((line) => row(line, language, explain?.(line)));
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p>${heading.join('<br>\n')}</p>
<table>
${rows.join('\n')}
</table>
</body>
</html>
`;
}

function row(line: WireLine, language: Language, explanation: string | undefined): string {
  const words = wordsOf(language);
  const text = escaped(harmless(line.text.replaceAll('\r\n', '\n'), '\n\t'));
  const size = line.kind === 'block' || line.kind === 'gap' ? `${escaped(words.block(line.bytes))}\n` : '';
  const rest = isCut(line) ? `\n${escaped(words.rest(line.bytes))}` : '';
  const told = explanation === undefined ? '' : `<small>${escaped(harmless(explanation))}</small>`;
  return `<tr class="${line.direction} ${line.kind}"><td>${clock(line.at)}</td><td>${ARROW[line.direction]}</td><td>${size}${text}${rest}${told}</td></tr>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${String(character.codePointAt(0))};`);
}
