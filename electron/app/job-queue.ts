/** Runs jobs one at a time, the most urgent first; equals in their order. */
export class JobQueue {
  readonly #waiting: { urgency: number; run(): Promise<void> }[] = [];
  #running = false;

  /** @param urgency higher runs earlier */
  add<T>(urgency: number, job: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const entry = { urgency, run: () => job().then(resolve, reject) };
      const behind = this.#waiting.findIndex((one) => one.urgency < urgency);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, entry);
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await next.run();
    this.#running = false;
  }
}
