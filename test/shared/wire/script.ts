import type { Language } from '../../../shared/model/language.ts';
import type { ConnectionId } from '../../../shared/model/ids.ts';
import { Explainer } from '../../../shared/wire/explain/explainer.ts';
import type { Explanation } from '../../../shared/wire/explain/explanation.ts';
import type { Protocol, WireLine } from '../../../shared/wire/line.ts';

/**
 * Lines of a transcript out of a script: `C: ` and `S: ` before lines, `C| ` and `S| ` before blocks (`\n` in them is a
 * line end, a number and a blank before the text the size), `N: ` before notes.
 */
export function linesOf(script: string): WireLine[] {
  return script
    .split('\n')
    .map((row) => row.trimStart())
    .filter((row) => row !== '')
    .map((row, index) => {
      const kind = row[0] === 'N' ? 'note' : row[1] === '|' ? 'block' : 'line';
      const block = /^(\d+) (.*)$/su.exec(row.slice(3));
      const text = kind === 'block' ? (block?.[2] ?? row.slice(3)).replaceAll('\\n', '\r\n') : row.slice(3);
      return {
        connection: 1 as ConnectionId,
        seq: index + 1,
        at: 0,
        direction: row[0] === 'C' ? 'client' : row[0] === 'S' ? 'server' : 'none',
        kind,
        text,
        bytes: kind === 'block' ? Number(block?.[1] ?? text.length) : text.length + 2,
      };
    });
}

export interface ExplainedLine {
  line: WireLine;
  explanation: Explanation;
}

export function explain(protocol: Protocol, lines: readonly WireLine[], language: Language): ExplainedLine[] {
  const explainer = new Explainer(protocol, language);
  return lines.map((line) => ({ line, explanation: explainer.next(line) }));
}
