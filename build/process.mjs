// Small helpers to run other programs, shared by the build scripts.
import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');

/** The script behind a dependency's command, to be run with the Node that runs us: no shim, no shell, any platform. */
export const bin = (/** @type {string} */ file) => path.join(ROOT, 'node_modules', file);

/**
 * Runs a program with its output passed through; resolves to its exit code (128 when a signal ended it).
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], ...options });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 128));
  });
}

/**
 * Ends a script with one plain line instead of a stack: for failures that the reader can do something about.
 * @param {unknown} error
 * @returns {never}
 */
export function giveUp(error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
