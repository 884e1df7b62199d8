import type { Step } from './steps.ts';

/** Who there is and what there is to do with; the seed decides in which order. */
export interface Mix {
  seed: number;
  pop: string;
  imap: string;
  friend: string;
  /** A folder for what is exported. */
  folder: string;
  /** An mbox to import. */
  archive: string;
  /** Subjects of letters that may be moved, flagged and deleted. */
  tokens: string[];
}

/** Numbers between 0 and 1, the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** All that people do, without end. */
export function* randomSteps(mix: Mix): Generator<Step> {
  const next = random(mix.seed);
  const among = <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T;
  const { pop, imap, friend, folder, archive } = mix;
  for (let count = 0; ; count += 1) {
    const name = `${mix.seed}-${count}`;
    const token = among(mix.tokens);
    const format = among(['mbox', 'maildir', 'eml'] as const);
    const chosen = among<() => Step | Step[]>([
      () => ({ do: 'sync', email: pop }),
      () => ({ do: 'sync', email: pop }),
      () => ({ do: 'sync', email: imap }),
      () => ({ do: 'sync', email: imap }),
      () => ({ do: 'send', email: imap, to: friend, token: `sent ${name}` }),
      () => ({ do: 'send', email: pop, to: friend, token: `sent ${name}` }),
      () => ({ do: 'draft', email: imap, token: `draft ${name}` }),
      () => ({ do: 'flag', email: imap, token }),
      () => ({ do: 'move', email: imap, token }),
      () => ({ do: 'copy', email: imap, token }),
      () => ({ do: 'remove', email: among([pop, imap]), token }),
      () => [
        { do: 'remove', email: pop, token },
        { do: 'remove', email: imap, token },
        { do: 'compact', step: among([1, 4096]) },
      ],
      () => ({ do: 'compact', step: among([1, 4096]) }),
      () => ({ do: 'settings', dock: next() < 0.5 }),
      () => ({ do: 'import', email: among([pop, imap]), path: archive, into: 'archive' }),
      () => ({ do: 'export', email: among([pop, imap]), format, target: `${folder}/${name}` }),
      () => ({ do: 'reopen' }),
      () => ({ do: 'rebuild' }),
    ])();
    yield* Array.isArray(chosen) ? chosen : [chosen];
  }
}
