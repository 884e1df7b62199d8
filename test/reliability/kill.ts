// Starts a victim, lets it die, and tells what it said before.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Said } from './steps.ts';
import type { Orders } from './victim.ts';

export interface Death {
  said: Said[];
  /** What ended it: a signal's name, or an exit code. */
  by: string | number;
  stderr: string;
}

/**
 * @param program see `bundleVictim`
 * @param when ms until it is killed, from its start or from the moment at which it has opened the profile
 */
export async function victim(
  program: string,
  orders: Orders,
  env: Record<string, string> = {},
  when?: { start: number } | { open: number },
): Promise<Death> {
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const die = () => child.kill('SIGKILL');
  const patience = sleepThen(when && 'start' in when ? when.start : 60_000, die);
  if (when && 'open' in when) child.stdout.once('data', () => setTimeout(die, when.open));
  const ended = new Promise<string | number>((resolve) =>
    child.on('exit', (code, signal) => resolve(signal ?? code ?? -1)),
  );
  const [stdout, stderr, by] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  patience.abort();
  return { said: linesOf(stdout), by, stderr };
}

/** The last line may be half of one. */
function linesOf(stdout: string): Said[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Said);
}

function sleepThen(ms: number, then: () => void): AbortController {
  const stop = new AbortController();
  sleep(ms, undefined, { signal: stop.signal }).then(then, () => undefined);
  return stop;
}
