import { Parser } from 'htmlparser2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textAsHtml, viewDocument, viewOrigin } from '../../../electron/mime/document.ts';
import { quoteMessage } from '../../../electron/mime/quote.ts';
import { sanitise } from '../../../electron/mime/sanitise.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

const ORIGIN = viewOrigin(7);

/** What may stand in the document of a letter; everything else is a hole. */
const TAGS = new Set(
  (
    'html head meta style body a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn ' +
    'div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp ' +
    'section small span strike strong sub summary details sup table tbody td tfoot th thead time tr tt u ul var wbr'
  ).split(' '),
);
const ATTRIBUTES = new Set(
  (
    'align alt bgcolor border cellpadding cellspacing class color colspan dir face height href id lang nowrap rowspan scope size span src ' +
    'start style title type valign value width charset'
  ).split(' '),
);

/** What is wrong with a document, read as a browser's parser would. */
function holes(document: string): string[] {
  const found: string[] = [];
  let style = '';
  let inStyle = false;
  let styles = 0;
  const css = (text: string, where: string) => {
    // Escapes are undone first: a browser sees what they stand for.
    const plain = text
      .replace(/\/\*[\s\S]*?\*\//gu, '')
      .replace(/\\([0-9a-f]{1,6})\s?/giu, (_all, hex: string) =>
        String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)),
      )
      .replace(/\\/gu, '');
    if (
      /url\s*\(|image-set|@import|@namespace|expression|javascript:|behaviou?r\s*:|-moz-binding|https?:|\bsrc\s*\(/iu.test(
        plain,
      )
    ) {
      found.push(`${where}: ${plain.slice(0, 200)}`);
    }
    if (/position\s*:\s*(fixed|sticky|var)/iu.test(plain)) found.push(`${where}: it leaves its place`);
  };
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (!TAGS.has(name)) found.push(`<${name}>`);
      for (const [key, value] of Object.entries(attributes)) {
        if (!ATTRIBUTES.has(key)) found.push(`<${name} ${key}>`);
        // As a browser finds the scheme: blanks and controls do not count.
        const url = value.replace(/[\u0000-\u0020]/gu, '');
        const scheme = /^([a-z][a-z\d+.-]*):/iu.exec(url)?.[1]?.toLowerCase() ?? 'none';
        if (
          key === 'href' &&
          (!['none', 'http', 'https', 'mailto'].includes(scheme) || /^[\\/]{2}/u.test(url))
        ) {
          found.push(`<${name} href=${value}>`);
        }
        if (
          key === 'src' &&
          !/^(data:image\/(png|gif|jpeg|webp);base64,[\w+/=\s]*|mailview:\/\/m7\.mail\.test\/cid\/[\w%.!~*'()-]*)$/iu.test(
            value,
          )
        )
          found.push(`<${name} src=${value}>`);
        if (key === 'src' && name !== 'img') found.push(`<${name} src>`);
        if (key === 'style') css(value, `<${name} style>`);
      }
      inStyle = name === 'style';
      if (inStyle) styles += 1;
    },
    ontext: (text) => {
      if (inStyle) style += text;
    },
    onclosetag: () => {
      inStyle = false;
    },
  });
  parser.write(document);
  parser.end();
  if (styles > 1) found.push('a second style element');
  // Our own fonts are served beside the letter.
  css(style.replace(/@font-face \{ font-family: Inter;[^}]*url\(\/font\/[a-z]+\)[^}]*\}/gu, ''), '<style>');
  if (/<\/?style|<!--/iu.test(style)) found.push('markup in the style element');
  return found;
}

const letter = (html: string) => Buffer.from(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`);

const PAYLOADS: readonly string[] = [
  // Script
  '<script>alert(1)</script>',
  '<SCRIPT SRC=https://x.example/a.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="x`onerror=alert(1)`">',
  '<img/src=x/onerror=alert(1)>',
  '<body onload=alert(1)>',
  '<div onmouseover="alert(1)" ONCLICK=alert(1) on\u0000load=x>x</div>',
  '<details open ontoggle=alert(1)><summary>x</summary></details>',
  '<svg onload=alert(1)><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg><animate href=#x attributeName=href values=javascript:alert(1) /><a id=x><text>y</text></a></svg>',
  '<svg><foreignObject><iframe src="https://x.example"></iframe></foreignObject></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math href="javascript:alert(1)">x</math>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<title><img title="</title><img src=x onerror=alert(1)>"></title>',
  '<xmp><img title="</xmp><img src=x onerror=alert(1)>"></xmp>',
  '<plaintext><img src=x onerror=alert(1)>',
  '<template><img src=x onerror=alert(1)></template>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml version="1.0"?><img src=x onerror=alert(1)>',
  '<listing>&lt;img src=x onerror=alert(1)&gt;</listing>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  // Links
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" \u0001java\tscript:alert(1)">x</a>',
  '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="vbscript:x">x</a><a href="data:text/html,<script>alert(1)</script>">y</a><a href="file:///etc/passwd">z</a>',
  '<a href="smb://x/y">a</a><a href="vscode://x">b</a><a href="ms-word:x">c</a><a href="blob:x">d</a><a href="mailview://m1.mail.test/">e</a>',
  '<a href="//x.example/protocol-relative">x</a>',
  '<a href="https://x.example" target=_top ping=https://y.example download rel=opener>x</a>',
  '<area href="javascript:alert(1)"><map name=x><area href=https://x.example></map>',
  '<base href="https://x.example/"><a href="y">x</a>',
  // Loading
  '<img src="https://x.example/pixel.gif">',
  '<img src="//x.example/pixel.gif">',
  '<img src="http:\\\\x.example\\pixel.gif">',
  '<img srcset="https://x.example/1.gif 1x, https://x.example/2.gif 2x" sizes=1px>',
  '<picture><source srcset="https://x.example/1.webp"><img src="cid:a"></picture>',
  '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
  '<img src="data:text/html;base64,PHNjcmlwdD4=">',
  '<img src="file:///etc/passwd"><img src="javascript:alert(1)"><img src="mailview://m1.mail.test/cid/a">',
  '<img src="cid:../../x"><img src="cid:%2e%2e/y"><img src="cid:a?b#c">',
  '<img lowsrc=https://x.example/1.gif dynsrc=https://x.example/2.avi longdesc=https://x.example usemap=#x>',
  '<input type=image src=https://x.example/1.gif><button formaction=https://x.example>x</button>',
  '<form action=https://x.example autofocus><input name=password onfocus=alert(1) autofocus></form>',
  '<isindex action=https://x.example><keygen>',
  '<iframe src=https://x.example></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<frameset onload=alert(1)><frame src=https://x.example></frameset>',
  '<object data=https://x.example/a.swf><param name=x value=y></object><embed src=https://x.example/a.swf><applet code=x></applet>',
  '<video src=https://x.example/a.mp4 poster=https://x.example/a.gif autoplay><source src=x><track src=y></video><audio src=x autoplay></audio>',
  '<bgsound src=https://x.example/a.wav><marquee onstart=alert(1)>x</marquee><blink>y</blink>',
  '<link rel=stylesheet href=https://x.example/a.css><link rel=prefetch href=https://x.example><link rel=dns-prefetch href=//x.example>',
  '<meta http-equiv=refresh content="0;url=https://x.example"><meta http-equiv=Content-Security-Policy content="script-src *">',
  '<body background=https://x.example/a.gif><table background=https://x.example/b.gif><tr><td background=https://x.example/c.gif></table>',
  '<portal src=https://x.example></portal><dialog open>x</dialog><slot></slot>',
  // CSS
  '<style>@import url(https://x.example/a.css); @import "https://x.example/b.css";</style>',
  '<style>body{background:url(https://x.example/a.gif)}</style>',
  '<style>body{background:URL("https://x.example/a.gif")}</style>',
  '<style>body{background:u\\72l(https://x.example/a.gif)}</style>',
  '<style>body{background:url/**/(https://x.example/a.gif)}</style>',
  '<style>body{background:ur/**/l(https://x.example/a.gif)}</style>',
  '<style>@font-face{font-family:x;src:url(https://x.example/a.woff)}</style>',
  '<style>@namespace url(https://x.example);@charset "utf-7";@page{background:url(https://x.example)}</style>',
  '<style>a{--x:url(https://x.example/a.gif);background:var(--x)}</style>',
  '<style>a{background:image-set("https://x.example/a.gif" 1x)}b{background:-webkit-image-set(url(x) 1x)}</style>',
  '<style>input[value^=a]{background:url(https://x.example/a)}</style>',
  '<style>a{cursor:url(https://x.example/a.cur),auto;list-style:url(https://x.example/b);border-image:url(https://x.example/c)}</style>',
  '<style>a::after{content:url(https://x.example/a)}b{mask:url(#m);filter:url(https://x.example/f.svg#x);clip-path:url(x)}</style>',
  '<style>a{width:expression(alert(1));behavior:url(x.htc);-moz-binding:url(x.xml#y)}</style>',
  '<style>@media screen{@import "https://x.example";a{background:url(https://x.example/m)}}</style>',
  '<style>@supports(display:grid){a{background:url(https://x.example/s)}}@layer x{b{background:url(https://x.example/l)}}</style>',
  '<style>a{color:red;&:hover{background:url(https://x.example/n)}}</style>',
  '<style>a{position:fixed;top:0}b{position:sticky}c{position:var(--p);--p:fixed}d{POSITION:FI\\58 ED}</style>',
  '<div style="position:fixed;inset:0;z-index:9999">x</div>',
  '<div style="background:url(https://x.example/a.gif)">x</div>',
  '<div style="background:url(&quot;https://x.example/a.gif&quot;)">x</div>',
  '<div style="background:\\75\\72\\6c(https://x.example/a.gif)">x</div>',
  '<div style="color:red}</style><script>alert(1)</script>">x</div>',
  '<div style="} body{background:url(https://x.example)} a{">x</div>',
  '<style></style/><script>alert(1)</script></style>',
  '<style><!--</style><img src=x onerror=alert(1)>--></style>',
  '<style>a{color:red}</st<styleyle><img src=https://x.example/a.gif></style>',
  '<style></st<styleyle><script>alert(1)</script>{color:red}</style>',
  '<style>a{font-family:"</st<styleyle><img src=x onerror=alert(1)>"}</style>',
  '<style>@media </st<styleyle><img src=x onerror=alert(1)>{a{color:red}}</style>',
  '<style>a{color:red/*</st<styleyle><img src=x onerror=alert(1)>*/}</style>',
  '<style>a{color:red/* url(https://x.example) */;background:red/**/ url(https://x.example)}</style>',
  '<style>a{background:"*/url(https://x.example)/*"}</style>',
];

describe('a letter’s HTML', () => {
  it.each(PAYLOADS)('%s', async (payload) => {
    for (const html of [
      payload,
      `<p>before${payload}after</p>`,
      `<html><head>${payload}</head><body>x</body></html>`,
      `<table><tr><td>${payload}`,
    ]) {
      expect(holes(await viewDocument(7, letter(html), 'html'))).toEqual([]);
      expect(
        holes(`<html><head><style></style></head><body>${(await quoteMessage(letter(html))).html}`).filter(
          (one) => !one.includes('src='),
        ),
      ).toEqual([]);
    }
  });

  it('in whatever mixture', async () => {
    const scrap = fc.oneof(
      fc.constantFrom(...PAYLOADS),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '=',
        '<style>',
        '</style>',
        '<svg>',
        '<!--',
        '-->',
        '</',
        '<a href=',
        'javascript:',
        'url(',
        'https://x.example',
        ' onerror=',
        '{',
        '}',
        '/*',
        '*/',
        '\\',
        '&#x3c;',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(scrap, { minLength: 1, maxLength: 8 }), async (parts) => {
        expect(holes(await viewDocument(7, letter(parts.join('')), 'html'))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps what a letter looks like', async () => {
    const html =
      '<html><head><title>Not in the letter</title><style>.a { color: #123456 } @media (max-width: 600px) { .a { width: 100% } }</style></head>' +
      '<body bgcolor="#eeeeee"><table width="600" cellpadding="0"><tr><td align="center" style="padding: 4px; color: red"><h1 class="a">Hi</h1>' +
      '<p>Text &amp; <b>bold</b> <a href="https://example.org/?a=1&amp;b=2">link</a> <a href="mailto:a@b.c">mail</a></p></td></tr></table></body></html>';
    const found = await viewDocument(7, letter(html), 'html');
    for (const kept of [
      '.a { color: #123456 }',
      '@media (max-width: 600px)',
      'padding: 4px',
      '<h1 class="a">Hi</h1>',
      '<b>bold</b>',
      'href="https://example.org/?a=1&amp;b=2"',
      'href="mailto:a@b.c"',
      'width="600"',
      'align="center"',
      'color-scheme: light; }',
    ]) {
      expect(found).toContain(kept);
    }
    expect(found).not.toContain('Not in the letter');
  });

  it('shows inline images from its own place and nobody else’s', async () => {
    const found = await viewDocument(
      7,
      letter('<img src="cid:a@b c" alt=x><img src="data:image/png;base64,iVBORw0=">'),
      'html',
    );
    expect(found).toContain('src="mailview://m7.mail.test/cid/a%40b%20c"');
    expect(found).toContain('src="data:image/png;base64,iVBORw0="');
  });

  it('counts what it would have loaded, and from where', () => {
    const remote = (html: string) => sanitise(html, ORIGIN).remote;
    expect(
      remote(
        '<p>nothing</p><a href="https://x.example">link</a><img src="cid:a"><img src="data:image/png;base64,AA==">',
      ),
    ).toEqual({ count: 0, hosts: [] });
    expect(
      remote(
        '<img src="https://B.example/1"><img src="//a.example:8080/2"><table background="http://b.example/3"><div style="background:url(https://c.example/4)">' +
          '<style>@import url("https://d.example/5"); @import \'https://e.example/6\'; p{background:url(//a.example/7)}</style><link rel=stylesheet href="https://f.example/8">',
      ),
    ).toEqual({
      count: 8,
      hosts: ['a.example', 'a.example:8080', 'b.example', 'c.example', 'd.example', 'e.example', 'f.example'],
    });
  });

  it.each([
    ['30 000 nested divs', '<div>'.repeat(30_000)],
    ['50 000 open tags', '<b><i>'.repeat(25_000)],
    ['a big style sheet', `<style>${'.a{color:red}'.repeat(50_000)}</style>`],
    ['a broken style sheet', `<style>${'{'.repeat(20_000)}</style>`],
    ['many attributes', `<p ${Array.from({ length: 20_000 }, (_one, at) => `a${at}=1`).join(' ')}>`],
    ['entities', '&amp;'.repeat(200_000)],
    ['open brackets', '<'.repeat(200_000)],
  ])('is quick over %s', (_about, html) => {
    const from = performance.now();
    sanitise(html, ORIGIN);
    expect(performance.now() - from).toBeLessThan(6000);
  });
});

describe('a letter’s text', () => {
  it('is escaped, quotes are marked, links can be followed', () => {
    expect(textAsHtml('<b>&"\'')).toBe('&#60;b&#62;&#38;&#34;&#39;\n');
    expect(textAsHtml('a\n> b\n>> c\n> > d\ne')).toBe(
      'a\n<div class="q">b\n<div class="q">c\nd\n</div></div>e\n',
    );
    expect(textAsHtml('see https://example.org/?a=1&b=2, or a@b.org.')).toBe(
      'see <a href="https://example.org/?a=1&#38;b=2">https://example.org/?a=1&#38;b=2</a>, or <a href="mailto:a@b.org">a@b.org</a>.\n',
    );
    expect(textAsHtml('javascript:alert(1) data:text/html,x file:///etc')).not.toContain('<a');
    expect(textAsHtml('\r\n\r\nx\r\n \r\n\r\n')).toBe('\n\nx\n');
  });

  it('makes no hole, whatever it says', () => {
    const scrap = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      'https://x.example/',
      '<img src=x onerror=1>',
      '\n',
      '> ',
      'javascript:',
      ' ',
      'a@b.c',
      '"onclick="',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 20 }), (parts) => {
        expect(holes(textAsHtml(parts.join('')))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('is shown instead of the HTML when that is asked for', async () => {
    const raw = Buffer.from(
      'Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n<i>plain</i>\r\n--b\r\nContent-Type: text/html\r\n\r\n<i>rich</i>\r\n--b--\r\n',
    );
    expect(await viewDocument(7, raw, 'text')).toContain('&#60;i&#62;plain&#60;/i&#62;');
    expect(await viewDocument(7, raw, 'html')).toContain('<i>rich</i>');
  });

  it.each([
    ['white space', `x${' '.repeat(300_000)}y`],
    ['quotes', '>'.repeat(300_000)],
    ['deep quotes', Array.from({ length: 20_000 }, (_one, at) => `${'>'.repeat(at % 50)} x`).join('\n')],
    ['links', 'https://x.example/ '.repeat(20_000)],
    ['lines', 'a@b.c\n'.repeat(20_000)],
  ])('is quick over %s', (_about, text) => {
    const from = performance.now();
    textAsHtml(text);
    expect(performance.now() - from).toBeLessThan(6000);
  });
});
