/** A word of an IMAP line: enough to be talked about, not a validator. */
export type Node =
  | { kind: 'atom' | 'string'; text: string }
  /** The bytes stand elsewhere: in the block that follows the line. */
  | { kind: 'literal'; bytes: number }
  | { kind: 'list'; items: Node[]; closed: boolean };

/** Lists within lists; deeper ones are flattened, for whoever reads them goes down by calling itself. */
const DEPTH = 50;

/**
 * Cuts a line into words (RFC 9051 section 9): atoms, quoted strings, literals' sizes, lists. What is in the square
 * brackets of `BODY[HEADER.FIELDS (From)]<0>` belongs to the atom. Broken lines give what there is; nothing is thrown.
 */
export function parse(line: string): Node[] {
  const stack: Node[][] = [[]];
  const lists: Extract<Node, { kind: 'list' }>[] = [];
  let at = 0;
  const put = (node: Node) => stack.at(-1)?.push(node);
  while (at < line.length) {
    const character = line[at] ?? '';
    if (character === ' ') at += 1;
    else if (character === '(' && lists.length >= DEPTH) at += 1;
    else if (character === '(') {
      const list = { kind: 'list' as const, items: [], closed: false };
      put(list);
      lists.push(list);
      stack.push(list.items);
      at += 1;
    } else if (character === ')') {
      const list = lists.pop();
      if (list) {
        list.closed = true;
        stack.pop();
      }
      at += 1;
    } else if (character === '"') {
      const found = /^"((?:[^"\\]|\\.)*)"?/su.exec(line.slice(at));
      put({ kind: 'string', text: (found?.[1] ?? '').replace(/\\(.)/gsu, '$1') });
      at += found?.[0].length ?? 1;
    } else {
      const literal = /^~?\{(\d{1,15})\+?\}/u.exec(line.slice(at, at + 24));
      const text = literal ? literal[0] : atom(line, at);
      put(literal ? { kind: 'literal', bytes: Number(literal[1]) } : { kind: 'atom', text });
      at += text.length;
    }
  }
  return stack[0] ?? [];
}

function atom(line: string, from: number): string {
  let at = from;
  let brackets = 0;
  let quoted = false;
  for (; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '[') brackets += 1;
    else if (character === ']') brackets -= 1;
    else if (brackets > 0) quoted = character === '"';
    else if (character === ' ' || character === '(' || character === ')' || character === '"') break;
  }
  return line.slice(from, Math.max(at, from + 1));
}

/** The text of a word; of a list, its words with blanks; of a literal, nothing. */
export function textOf(node: Node | undefined): string {
  if (!node || node.kind === 'literal') return '';
  if (node.kind !== 'list') return node.text;
  return `(${node.items.map(textOf).join(' ')})`;
}

export const itemsOf = (node: Node | undefined): Node[] => (node?.kind === 'list' ? node.items : []);
/** Words in capitals, as keywords are compared. */
export const upper = (node: Node | undefined): string => textOf(node).toUpperCase();
export const isNil = (node: Node | undefined): boolean => node?.kind === 'atom' && upper(node) === 'NIL';
