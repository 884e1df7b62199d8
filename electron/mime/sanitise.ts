import { Parser } from 'htmlparser2';
import { flattened } from './depth.ts';
import postcss, { type ChildNode, type Container } from 'postcss';
import sanitizeHtml from 'sanitize-html';

export interface Sanitised {
  html: string;
  css: string;
  /** Remote things that were asked for and taken out. */
  remote: { count: number; hosts: string[] };
  /** True when the letter sets colours of its own, so that ours must not come between. */
  coloured: boolean;
}

const TAGS = (
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em ' +
  'figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp ' +
  'section small span strike strong sub summary details sup table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ');

const ATTRIBUTES = (
  'align alt bgcolor border cellpadding cellspacing class color colspan dir face height href id lang nowrap rowspan scope size ' +
  'span start style title type valign value width'
).split(' ');

/** Elements whose attributes name something remote; counted before they are dropped. */
const LOADING = new Set(['src', 'srcset', 'background', 'poster', 'data', 'xlink:href']);
/** CSS that could load, run or leave the frame of the letter. A backslash hides words from a reader like this one. */
const UNSAFE_VALUE =
  /url\s*\(|\/\/|image-set|image\s*\(|src\s*\(|cross-fade|expression|javascript:|@|\\|var\s*\(\s*--[^)]*url/iu;
/** No selector of an honest letter holds these; escapes hide words, the others are markup or addresses. */
const UNSAFE_SELECTOR = /[\\<@]|\/\//u;
const UNSAFE_PROPERTY =
  /^(behavior|javascript|-moz-binding|-webkit-user-modify|cursor|content|filter|-webkit-mask|mask)/iu;
const URL_IN_CSS = /(?:https?:)?\/\/[^'")\s;]+/giu;
/** Elements whose `href` is fetched, not followed. */
const FETCHING = new Set(['link', 'image', 'use', 'feimage']);
/** Places that a letter may put its things into: none outside of itself. */
const POSITION = /^\s*(static|relative|absolute)\s*$/iu;

/**
 * Takes out of a letter's HTML everything but looks: an allow-list of tags, attributes and CSS. Inline images are
 * pointed at `origin`, remote ones are removed and counted. The isolated view is the next line of defence, not this one's excuse.
 * @param origin scheme and host that serve this letter's inline parts
 */
export function sanitise(html: string, origin: string): Sanitised {
  const remote = new Remote();
  const css = cleanSheet(styleText(html), remote);
  const clean = sanitizeHtml(flattened(html), {
    allowedTags: TAGS,
    allowedAttributes: {
      '*': ATTRIBUTES,
      img: ['src', 'alt', 'width', 'height', 'style', 'class', 'title', 'border', 'align'],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['data', new URL(origin).protocol.slice(0, -1)] },
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    nestingLimit: 300,
    // What stands in these is no text of the letter.
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'template',
      'xmp',
      'noembed',
      'noframes',
    ],
    transformTags: {
      '*': (tagName, attributes) => {
        const kept: Record<string, string> = {};
        for (const [name, value] of Object.entries(attributes)) {
          const key = name.toLowerCase();
          if (LOADING.has(key)) {
            if (key === 'src' && tagName === 'img') {
              const source = imageSource(value, origin, remote);
              if (source !== undefined) kept['src'] = source;
            } else remote.saw(value);
          } else if (key === 'href' && FETCHING.has(tagName.toLowerCase())) {
            remote.saw(value);
          } else if (key === 'style') kept['style'] = cleanDeclarations(value, remote);
          else kept[key] = value;
        }
        return { tagName, attribs: kept };
      },
    },
  });
  return {
    html: clean,
    css,
    remote: remote.found(),
    coloured: /bgcolor|background|color\s*[:=]/iu.test(clean + css),
  };
}

class Remote {
  #count = 0;
  readonly #hosts = new Set<string>();
  saw(url: string): void {
    const host = /^\s*(?:https?:)?\/\/([^/?#\s]+)/iu.exec(url)?.[1];
    if (host === undefined) return;
    this.#count += 1;
    this.#hosts.add(host.toLowerCase());
  }
  found(): Sanitised['remote'] {
    return { count: this.#count, hosts: [...this.#hosts].sort() };
  }
}

function imageSource(value: string, origin: string, remote: Remote): string | undefined {
  const source = value.trim();
  if (/^cid:/iu.test(source)) return `${origin}/cid/${encodeURIComponent(source.slice(4).trim())}`;
  if (/^data:image\/(png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]*$/iu.test(source)) return source;
  remote.saw(source);
  return undefined;
}

/** The text of all style elements. */
function styleText(html: string): string {
  const parts: string[] = [];
  let inside = false;
  const parser = new Parser({
    onopentagname: (name) => (inside = name === 'style'),
    ontext: (text) => {
      if (inside) parts.push(text);
    },
    onclosetag: () => (inside = false),
  });
  parser.write(html);
  parser.end();
  return parts.join('\n').slice(0, 1_000_000);
}

function cleanSheet(text: string, remote: Remote): string {
  try {
    const root = postcss.parse(withoutComments(text.replace(/<!--|-->/gu, '')));
    cleanContainer(root, remote);
    // A declaration outside of a rule is none, and who knows for whom it was meant.
    root.each((node) => void (node.type === 'decl' && node.remove()));
    // Nothing in a sheet needs one, and without it no text of it can end the element that holds it.
    return root.toString().replaceAll('<', '');
  } catch {
    return '';
  }
}

function cleanDeclarations(text: string, remote: Remote): string {
  try {
    const root = postcss.parse(`a{${withoutComments(text)}}`);
    cleanContainer(root, remote);
    const rule = root.first;
    return root.nodes.length === 1 && rule?.type === 'rule' ? rule.nodes.map(String).join('; ') : '';
  } catch {
    return '';
  }
}

/** What is looked at has to be what is shown: a comment may hide a word from the one and not from the other. */
function withoutComments(text: string): string {
  let out = '';
  let from = 0;
  for (let at = text.indexOf('/*'); at >= 0; at = text.indexOf('/*', from)) {
    const end = text.indexOf('*/', at + 2);
    out += `${text.slice(from, at)} `;
    if (end < 0) return out;
    from = end + 2;
  }
  return out + text.slice(from);
}

function cleanContainer(container: Container, remote: Remote): void {
  for (const node of [...(container.nodes ?? [])] as ChildNode[]) {
    if (node.type === 'decl') {
      for (const [url] of node.value.matchAll(URL_IN_CSS)) remote.saw(url);
      const displaced = node.prop.toLowerCase() === 'position' && !POSITION.test(node.value);
      if (displaced || UNSAFE_VALUE.test(node.value) || UNSAFE_PROPERTY.test(node.prop)) node.remove();
    } else if (node.type === 'atrule') {
      if (node.name.toLowerCase() !== 'media' || UNSAFE_SELECTOR.test(node.params)) {
        for (const [url] of node.toString().matchAll(URL_IN_CSS)) remote.saw(url);
        node.remove();
      } else cleanContainer(node, remote);
    } else if (node.type === 'rule') {
      if (UNSAFE_SELECTOR.test(node.selector)) node.remove();
      else cleanContainer(node, remote);
    } else node.remove();
  }
}
