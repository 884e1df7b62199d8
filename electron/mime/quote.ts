import { escape } from './document.ts';
import { readBodies } from './read.ts';
import { sanitise } from './sanitise.ts';

/** What an answer quotes: safe HTML for the editor, without pictures and without the signature (RFC 3676 section 4.3). */
export async function quoteMessage(raw: Uint8Array): Promise<{ html: string }> {
  const { text, html } = await readBodies(raw);
  if (html === '') return { html: textAsQuote(text) };
  return { html: sanitise(html, 'about:blank').html.replace(/<img[^>]*>/giu, '') };
}

/** Plain text as paragraphs, its own quotes as quotes: what an editor can take apart again. */
function textAsQuote(text: string): string {
  const out: string[] = [];
  let depth = 0;
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) out.push(`<p>${paragraph.map(escape).join('<br>')}</p>`);
    paragraph = [];
  };
  for (const line of text
    .replace(/\r\n/gu, '\n')
    .replace(/\n-- \n[\s\S]*$/u, '')
    .split('\n')) {
    const marks = /^(?:>\s?)+/u.exec(line)?.[0] ?? '';
    const level = Math.min(8, marks.replace(/\s/gu, '').length);
    const words = line.slice(marks.length).trimEnd();
    if (level !== depth || words === '') flush();
    for (; depth < level; depth += 1) out.push('<blockquote>');
    for (; depth > level; depth -= 1) out.push('</blockquote>');
    if (words !== '') paragraph.push(words);
  }
  flush();
  for (; depth > 0; depth -= 1) out.push('</blockquote>');
  return out.join('');
}
