import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { Call, Returned } from './answer.ts';
import { memoryOf } from './moved.ts';

/** What a call came back with when it failed in the thread: its words, and the system's code if there was one. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError';
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** This side of a worker thread that answers calls (`answer.ts`). */
export class ThreadCaller {
  readonly #worker: Worker;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #next = 1;
  #dead: Error | undefined;

  /** Resolves once the thread is ready. @throws what its program threw at start */
  static async start(script: URL, options: WorkerOptions): Promise<ThreadCaller> {
    const worker = new Worker(script, options);
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
    });
    return new ThreadCaller(worker);
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (returned: Returned) => this.#returned(returned));
    worker.on('error', (error) => this.#die(error));
    worker.on('exit', () => this.#die(new ThreadError('the thread has stopped', 'STOPPED')));
  }

  get dead(): boolean {
    return this.#dead !== undefined;
  }

  /** @param moved arrays among what is given that nobody needs here any more: large ones go over, see `memoryOf` */
  call(verb: string, given: unknown[], moved: readonly unknown[] = []): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, verb, given } satisfies Call, memoryOf(moved));
    });
  }

  /** Ends the thread now; calls under way fail. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #returned(returned: Returned): void {
    const waiting = this.#waiting.get(returned.id);
    this.#waiting.delete(returned.id);
    if (returned.ok) waiting?.resolve(returned.value);
    else waiting?.reject(new ThreadError(returned.message, returned.code));
  }

  #die(error: Error): void {
    this.#dead ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#dead);
    this.#waiting.clear();
  }
}
