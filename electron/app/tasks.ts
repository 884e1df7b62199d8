import type { Publisher } from './ports.ts';

type Progress = (so: { done: number; total: number }) => void;

/** ms between two words about how far something is. */
const PACE = 100;

/** What takes its time, by the name that it was given: told about, and stopped when somebody asks. */
export class Tasks {
  readonly #events: Publisher;
  readonly #running = new Map<string, AbortController>();

  constructor(events: Publisher) {
    this.#events = events;
  }

  async run<T>(task: string, work: (signal: AbortSignal, progress: Progress) => Promise<T>): Promise<T> {
    const control = new AbortController();
    this.#running.set(task, control);
    let last = 0;
    try {
      return await work(control.signal, ({ done, total }) => {
        const now = performance.now();
        if (now - last < PACE && done < total) return;
        last = now;
        this.#events.publish('progress', { task, done, total });
      });
    } finally {
      this.#running.delete(task);
    }
  }

  stop(task: string): void {
    this.#running.get(task)?.abort();
  }
}
