import { setTimeout as sleep } from 'node:timers/promises';
import type { Ports } from './ports.ts';
import type { CompactStep } from './ports-store.ts';

/** ms until the first look, when the program has got over its start, and between two looks. */
const FIRST = 5 * 60_000;
const PAUSE = 60 * 60_000;
/** For each ms of work so many are left to everyone else; and ms until the checkpoint is asked about again. */
const REST = 4;
const WAIT = 3000;

/** Gives back the room of deleted letters while the program is open, when nobody notices. */
export class Compaction {
  readonly #store: Pick<Ports['store'], 'compact'>;
  readonly #times: { first: number; pause: number; wait: number };
  readonly #leftAlone: (step: CompactStep) => void;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  /** @param leftAlone told of each file that is not as the index says */
  constructor(
    { store }: { store: Pick<Ports['store'], 'compact'> },
    times: { first?: number; pause?: number; wait?: number } = {},
    leftAlone: (step: CompactStep) => void = () => undefined,
  ) {
    this.#leftAlone = leftAlone;
    this.#store = store;
    this.#times = { first: FIRST, pause: PAUSE, wait: WAIT, ...times };
  }

  start(): void {
    this.#running ??= this.#run().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Ends by the abort of a pause. */
  async #run(): Promise<void> {
    for (let pause = this.#times.first; ; pause = this.#times.pause) {
      await this.#rest(pause);
      await this.#work().catch(() => undefined);
    }
  }

  async #work(): Promise<void> {
    for (let step: CompactStep = { state: 'working' }; step.state !== 'idle';) {
      const began = performance.now();
      step = await this.#store.compact();
      if (step.state === 'left-alone') this.#leftAlone(step);
      await this.#rest(step.state === 'waiting' ? this.#times.wait : REST * (performance.now() - began));
    }
  }

  async #rest(ms: number): Promise<void> {
    await sleep(ms, undefined, { ref: false, signal: this.#stop.signal });
  }
}
