/** Turns the editor's HTML into plain text: quotations get their `> `, list items their sign. */
export function htmlToText(html: string): string {
  // A parsed document runs no script and loads nothing.
  const page = new DOMParser().parseFromString(html, 'text/html');
  return blocks(page.body).join('\n\n').trim();
}

function blocks(parent: Element): string[] {
  return [...parent.children].flatMap((element): string[] => {
    switch (element.tagName) {
      case 'BLOCKQUOTE': {
        const inside = blocks(element).join('\n\n');
        return [inside.replace(/^/gmu, '> ').replace(/ +$/gmu, '')];
      }
      case 'UL':
      case 'OL':
        return [
          [...element.children]
            .map((item, index) => {
              const sign = element.tagName === 'OL' ? `${index + 1}. ` : '- ';
              return (
                sign +
                blocks(item)
                  .join('\n')
                  .replaceAll('\n', `\n${' '.repeat(sign.length)}`)
              );
            })
            .join('\n'),
        ];
      case 'HR':
        return ['-----'];
      default:
        return [inline(element)];
    }
  });
}

function inline(node: Node): string {
  return [...node.childNodes]
    .map((child) => {
      if (child.nodeName === 'BR') return '\n';
      const text = child.nodeType === Node.TEXT_NODE ? (child.textContent ?? '') : inline(child);
      const target = child instanceof HTMLAnchorElement ? child.getAttribute('href') : null;
      return target !== null && target !== text ? `${text} <${target}>` : text;
    })
    .join('');
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/gu, (char) => escapes[char] ?? char);
}

/** Turns plain text into paragraphs; lines that begin with `>` become quotations. */
export function textToHtml(text: string): string {
  return text
    .split(/\n{2,}/u)
    .map((paragraph) => {
      const quoted = paragraph.split('\n').every((line) => line.startsWith('>'));
      const lines = quoted ? paragraph.replace(/^> ?/gmu, '') : paragraph;
      const html = `<p>${escape(lines).replaceAll('\n', '<br>')}</p>`;
      return quoted ? `<blockquote>${html}</blockquote>` : html;
    })
    .join('')
    .replaceAll('</blockquote><blockquote>', '');
}
