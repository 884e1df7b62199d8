import type { Postmark } from '../../mbox/postmark.ts';
import { lineageOf } from '../compact/editions.ts';

interface Count {
  /** In each edition; the letters taken care of in all of them. */
  found: Map<string, number>;
  settled: number;
}

/**
 * Compaction that was stopped leaves a letter in two editions of one segment: that is one letter. The line before it is
 * copied with it, the second of its arrival included, so that the same letter got twice still counts as two.
 */
export class Copies {
  readonly #counts = new Map<string, Count>();

  /** A letter of ours was met in a file. */
  found(file: string, mark: Postmark | undefined): void {
    const count = this.#of(file, mark);
    count?.found.set(file, (count.found.get(file) ?? 0) + 1);
  }

  /** It is in the new index, or known to be deleted. */
  settled(file: string, mark: Postmark | undefined): void {
    const count = this.#of(file, mark);
    if (count) count.settled += 1;
  }

  /** True when each letter like this one was taken care of: this is what another edition has too. */
  isCopy(file: string, mark: Postmark | undefined): boolean {
    const count = this.#of(file, mark);
    return count !== undefined && count.found.size > 1 && count.settled >= Math.max(...count.found.values());
  }

  #of(file: string, mark: Postmark | undefined): Count | undefined {
    if (!mark) return undefined;
    const key = `${mark.length} ${mark.sha256} ${mark.date} ${lineageOf(file)}`;
    const count = this.#counts.get(key) ?? { found: new Map<string, number>(), settled: 0 };
    this.#counts.set(key, count);
    return count;
  }
}
