// A way to an IMAP server on which it seems to be able to do less: what is hidden is taken out of its lists of capabilities,
// and with CONDSTORE all that tells of mod-sequences. What the client says can be read. In clear, on this computer alone.
import { between, type Between } from './between.ts';

export interface Hiding extends Between {
  /** Every line that a client said. */
  readonly said: string[];
}

export async function hiding(port: number, capabilities: readonly string[]): Promise<Hiding> {
  const said: string[] = [];
  const words = new RegExp(` (?:${capabilities.join('|')})(?=[ \\]\r])`, 'gu');
  const edit = (line: string) => {
    if (/^(?:\* CAPABILITY|\S+ OK \[CAPABILITY)/u.test(line)) return line.replace(words, '');
    if (!capabilities.includes('CONDSTORE')) return line;
    return line.replace(/^\* OK \[HIGHESTMODSEQ \d+\]/u, '* OK [NOMODSEQ]');
  };
  const way = await between(port, ({ toClient, toServer }) => ({
    fromClient: (line) => {
      said.push(line.trimEnd());
      toServer(line);
    },
    fromServer: (line) => toClient(edit(line)),
  }));
  return { ...way, said };
}
