import { find } from 'linkifyjs';
import { readBodies } from './read.ts';
import { sanitise } from './sanitise.ts';

/** Where the view's documents live; each letter gets a host of its own below it, so letters are apart. */
export function viewOrigin(id: number): string {
  return `mailview://m${id}.mail.test`;
}

const BASE = `
:root { color-scheme: light dark; --ink: light-dark(#14201F, #E9EFEE); --ink-2: light-dark(#43514F, #B0BCBB); --ground: light-dark(#FFFFFF, #161C1D); --line: light-dark(#C9D2D2, #374445); --accent: light-dark(#0A6B66, #4FC9BE); }
html { background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
body { margin: 0; padding: 4px 16px 24px 8px; font: 14px/22px Inter, system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
a { color: var(--accent); text-underline-offset: 2px; }
blockquote { margin: 8px 0; padding-left: 14px; border-left: 2px solid var(--line); color: var(--ink-2); }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; }
.text { white-space: pre-wrap; max-width: 86ch; }
.q { border-left: 2px solid var(--line); padding-left: 14px; color: var(--ink-2); }
::-webkit-scrollbar { width: 12px; height: 12px } ::-webkit-scrollbar-thumb { background: var(--line); border: 4px solid transparent; border-radius: 6px; background-clip: padding-box }
`;
/** The interface's own face, served beside the letter: the view has no other place to get it from. */
const FACES = [
  ['latin', 'U+0000-00FF, U+0131, U+0152-0153, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2212'],
  ['cyrillic', 'U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116'],
]
  .map(
    ([subset, range]) =>
      `@font-face { font-family: Inter; font-weight: 100 900; src: url(/font/${subset}) format("woff2"); unicode-range: ${range}; }`,
  )
  .join('\n');
/** A letter that brings its own colours was drawn on white paper. */
const PAPER = ':root { color-scheme: light; }';

/** The document shown for a letter: its HTML made harmless, or its text with quotes and links marked. */
export async function viewDocument(id: number, raw: Uint8Array, as: 'html' | 'text'): Promise<string> {
  const { text, html } = await readBodies(raw);
  if (as === 'text' || html === '') return page('', `<div class="text">${textAsHtml(text)}</div>`);
  const clean = sanitise(html, viewOrigin(id));
  return page(`${clean.coloured ? PAPER : ''}\n${clean.css}`, clean.html);
}

function page(css: string, body: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><style>${FACES}${BASE}${css}</style></head><body>${body}</body></html>`;
}

/** Plain text as HTML: lines of the same quote depth (RFC 3676 section 4.5) together, links that can be followed. */
export function textAsHtml(text: string): string {
  const out: string[] = [];
  let depth = 0;
  for (const line of text.trimEnd().split(/\r?\n/u)) {
    const quote = /^(?:>\s?)+/u.exec(line)?.[0] ?? '';
    const level = Math.min(8, quote.replace(/\s/gu, '').length);
    for (; depth < level; depth += 1) out.push('<div class="q">');
    for (; depth > level; depth -= 1) out.push('</div>');
    out.push(linked(line.slice(quote.length)), '\n');
  }
  for (; depth > 0; depth -= 1) out.push('</div>');
  return out.join('');
}

function linked(line: string): string {
  let out = '';
  let at = 0;
  // A line this long is no prose; looking for links in it would only cost time.
  const links =
    line.length > 5000 ? [] : find(line).filter((one) => /^(https?:\/\/|mailto:)/iu.test(one.href));
  for (const link of links) {
    out += `${escape(line.slice(at, link.start))}<a href="${escape(link.href)}">${escape(link.value)}</a>`;
    at = link.end;
  }
  return out + escape(line.slice(at));
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/gu, (char) => `&#${char.charCodeAt(0)};`);
}
