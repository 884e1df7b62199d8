// A victim that lives on and does what it is told, one step after the other.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Said, Step } from './steps.ts';
import type { Orders } from './victim.ts';

export class Servant {
  readonly said: Said[] = [];
  stderr = '';
  readonly #child: ChildProcess;
  #told: (() => void) | undefined;

  /** @param program see `bundleVictim` @param around a program that starts it, with its arguments */
  static async start(
    program: string,
    profile: string,
    env: Record<string, string> = {},
    around: string[] = [],
  ): Promise<Servant> {
    const orders: Orders = { profile, steps: [], serve: true };
    const words = [...around, process.execPath, program, JSON.stringify(orders)];
    const child = spawn(words[0] ?? '', words.slice(1), {
      env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: '', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const servant = new Servant(child);
    await servant.until(() => servant.said.some((one) => one['open'] === true));
    return servant;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    if (!child.stdout) throw new Error('no pipe');
    createInterface(child.stdout).on('line', (line) => {
      this.said.push(JSON.parse(line) as Said);
      this.#told?.();
    });
    child.on('exit', () => this.#told?.());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Does a step. @returns what it said in the end */
  async does(step: Step): Promise<Said> {
    const before = this.said.length;
    const end = () => this.said.slice(before).find((one) => one.done === step.do || one.failed === step.do);
    this.#child.stdin?.write(`${JSON.stringify(step)}\n`);
    await this.until(() => end() !== undefined);
    return end() ?? {};
  }

  async until(condition: () => boolean, ms = 30_000): Promise<void> {
    const end = performance.now() + ms;
    while (!condition()) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`it ended: ${this.stderr}`);
      const left = end - performance.now();
      if (left <= 0) throw new Error(`not within ${ms} ms; it said ${JSON.stringify(this.said.slice(-3))}`);
      await new Promise<void>((resolve) => {
        this.#told = resolve;
        setTimeout(resolve, Math.min(left, 200));
      });
    }
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async end(): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}
