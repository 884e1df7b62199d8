// The `glasspost` command as a person or a script runs it: a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { command } from '../../double/programs.ts';

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
  bytes: Buffer;
  /** Standard output as JSON, an object a line. */
  objects: Record<string, unknown>[];
}

interface Options {
  input?: string | Uint8Array;
  env?: Record<string, string>;
}

/** Starts it. Whatever desktop the tests run on, it finds no keyring there. */
export function start(words: readonly string[], options: Options = {}): ChildProcess {
  const child = spawn(process.execPath, [command, ...words], {
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/no/bus/here', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input ?? '');
  return child;
}

/** Runs it to its end. */
export async function glasspost(words: readonly string[], options: Options = {}): Promise<Ended> {
  const child = start(words, options);
  if (!child.stdout || !child.stderr) throw new Error('no pipes');
  const [bytes, stderr, [code]] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  const stdout = bytes.toString();
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return {
    code,
    stdout,
    stderr,
    bytes,
    get objects() {
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}
