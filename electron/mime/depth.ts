import { Parser } from 'htmlparser2';

/** Tags within tags. Programs that write letters stay far below; what walks a tree recursively ends far above. */
const DEPTH = 250;

/** The same HTML without the tags that are nested too deep; their words stay. */
export function flattened(html: string): string {
  const kept: string[] = [];
  let from = 0;
  let depth = 0;
  const drop = (start: number, end: number) => {
    kept.push(html.slice(from, start));
    from = end + 1;
  };
  const parser = new Parser({
    onopentag: () => {
      depth += 1;
      if (depth > DEPTH) drop(parser.startIndex, parser.endIndex);
    },
    onclosetag: (_name, implied) => {
      if (depth > DEPTH && !implied) drop(parser.startIndex, parser.endIndex);
      depth -= 1;
    },
  });
  parser.write(html);
  parser.end();
  return kept.length === 0 ? html : kept.join('') + html.slice(from);
}
