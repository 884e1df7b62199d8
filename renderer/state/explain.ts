import { useEffect, useRef, useState } from 'react';
import type { Language } from '../../shared/model/language.ts';
import { Explainer } from '../../shared/wire/explain/explainer.ts';
import type { Explanation } from '../../shared/wire/explain/explanation.ts';
import type { WireConnection, WireLine } from '../../shared/wire/line.ts';

/** ms of explaining between two frames: nothing else may wait for it. */
const SLICE = 6;
/** Explanations kept; a window holds fewer lines than this. */
const KEPT = 25_000;

export type Explain = (line: WireLine) => Explanation | undefined;

const keyOf = (line: WireLine) => `${line.connection}.${line.seq}`;

/**
 * What the lines of a transcript mean. Each connection is read in its order, for an answer is explained by its question;
 * in small steps, so that a long transcript does not hold up the window.
 */
export class Explanations {
  readonly #language: Language;
  readonly #explainers = new Map<number, Explainer>();
  readonly #told = new Map<string, Explanation>();
  #last: WireLine | undefined;

  constructor(language: Language) {
    this.#language = language;
  }

  get(line: WireLine): Explanation | undefined {
    return this.#told.get(keyOf(line));
  }

  /** Explains what is new, for `ms` at most. @returns whether there is more to do */
  work(lines: readonly WireLine[], connections: ReadonlyMap<number, WireConnection>, ms: number): boolean {
    const end = performance.now() + ms;
    // After a clear or an overflow the last one may be gone: then all that is here is new, or known already.
    for (let at = this.#last ? lines.lastIndexOf(this.#last) + 1 : 0; at < lines.length; at += 1) {
      const line = lines[at];
      if (!line) continue;
      this.#explain(line, connections);
      this.#last = line;
      if (performance.now() > end) return at + 1 < lines.length;
    }
    return false;
  }

  #explain(line: WireLine, connections: ReadonlyMap<number, WireConnection>): void {
    const protocol = connections.get(line.connection)?.protocol;
    if (!protocol || this.#told.has(keyOf(line))) return;
    let explainer = this.#explainers.get(line.connection);
    if (!explainer) {
      explainer = new Explainer(protocol, this.#language);
      this.#explainers.set(line.connection, explainer);
    }
    this.#told.set(keyOf(line), explainer.next(line));
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= KEPT) break;
      this.#told.delete(oldest);
    }
  }
}

/** Explains lines beside everything else while it is on; the function it returns is another one whenever more is known. */
export function useExplanations(
  lines: readonly WireLine[],
  connections: ReadonlyMap<number, WireConnection>,
  language: Language,
  on: boolean,
): Explain | undefined {
  const made = useRef<{ language: Language; all: Explanations } | undefined>(undefined);
  const [explain, setExplain] = useState<Explain | undefined>(undefined);
  useEffect(() => {
    if (!on) return undefined;
    if (made.current?.language !== language) made.current = { language, all: new Explanations(language) };
    const { all } = made.current;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const step = () => {
      const more = all.work(lines, connections, SLICE);
      setExplain(() => (line: WireLine) => all.get(line));
      timer = more ? setTimeout(step, 0) : undefined;
    };
    step();
    return () => clearTimeout(timer);
  }, [lines, connections, language, on]);
  return on ? explain : undefined;
}
