// A disk that fails when it is told to: see faulty-disk.c.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

const SOURCE = path.resolve(import.meta.dirname, 'faulty-disk.c');
const FOLDER = path.resolve(import.meta.dirname, '../../.cache');

/** Which calls are counted, and fail. */
export const KINDS = { writes: 1, opens: 2, syncs: 4 };

export class FaultyDisk {
  readonly env: Record<string, string>;
  readonly #fd: number;

  /** @returns nothing where there is no C compiler, or no Linux */
  static build(): string | undefined {
    const library = path.join(FOLDER, `faulty-disk-${process.pid}.so`);
    mkdirSync(FOLDER, { recursive: true });
    try {
      execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl'], { stdio: 'ignore' });
      return process.platform === 'linux' ? library : undefined;
    } catch {
      return undefined;
    }
  }

  /** @param library what `build` made @param folder whose files fail @param control a file of its own */
  constructor(library: string, folder: string, control: string) {
    this.#fd = openSync(control, 'w+');
    this.#put([0, 0, 0, 0, 0]);
    this.env = { LD_PRELOAD: library, FAULTY_DISK: control, FAULTY_DISK_UNDER: folder };
  }

  /** From the nth call on all of them fail, until `heal`. */
  break(error: keyof typeof constants.errno, nth: number, kinds = KINDS.writes): void {
    this.#put([constants.errno[error], nth, kinds, 0, 0]);
  }

  /** @returns how many calls there were, and how many of them failed */
  heal(): { count: number; failed: number } {
    const bytes = new Int32Array(5);
    readSync(this.#fd, bytes, 0, 20, 0);
    this.#put([0, 0, 0, 0, 0]);
    return { count: bytes[3] ?? 0, failed: bytes[4] ?? 0 };
  }

  close(): void {
    closeSync(this.#fd);
  }

  #put(values: number[]): void {
    writeSync(this.#fd, Int32Array.from(values), 0, 20, 0);
  }
}
