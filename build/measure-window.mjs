// How long the program takes from its start until letters are on the screen, in its real window.
import { _electron } from 'playwright-core';
import { buildIfNeeded } from './app.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { ROOT } from './process.mjs';
import { hasDisplay, startXvfb } from './xvfb.mjs';

const START_MS = 15_000;
const PATIENCE_MS = 60_000;

/**
 * In turn, so that all see the same machine; the first start of each is not counted.
 * @param {string[]} profiles @param {number} rounds
 * @returns {Promise<number[][]>} ms, of each profile in order
 */
export async function measureWindow(profiles, rounds) {
  const { executable, args, env } = await electronRuntime();
  await buildIfNeeded();
  const display = hasDisplay() ? undefined : await startXvfb();
  const all = { .../** @type {Record<string, string>} */ (process.env), ...env, ...display?.env };
  /** @type {number[][]} */
  const times = profiles.map(() => []);
  try {
    for (let round = 0; round <= rounds; round++)
      for (const [at, profile] of profiles.entries()) {
        const time = await startOf(profile, executable, args, all);
        if (round > 0) times[at]?.push(time);
      }
  } finally {
    await display?.stop();
  }
  return times;
}

/** @param {string} profile @param {string} executablePath @param {string[]} args @param {Record<string, string>} env */
async function startOf(profile, executablePath, args, env) {
  const start = performance.now();
  const app = await _electron.launch({
    timeout: START_MS,
    executablePath,
    args: [...args, '--log-level=3', ROOT, `--profile=${profile}`],
    env,
  });
  try {
    const isOurs = (/** @type {{ url(): string }} */ page) => page.url().startsWith('glasspost:');
    const window = app.windows().find(isOurs) ?? (await app.waitForEvent('window', { predicate: isOurs }));
    await window.getByTestId('message-row').first().waitFor({ timeout: PATIENCE_MS });
    return performance.now() - start;
  } finally {
    await app.close();
  }
}
