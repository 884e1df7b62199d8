// A virtual X display for machines without a screen.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

/** Is there a display that a window would open on? A stale DISPLAY=:99 is not one. */
export function hasDisplay() {
  if (process.platform !== 'linux' || process.env.WAYLAND_DISPLAY) return true;
  const display = process.env.DISPLAY;
  const local = /^(?:unix)?:(\d+)/.exec(display ?? '');
  return local ? fs.existsSync(`/tmp/.X11-unix/X${local[1]}`) : Boolean(display);
}

/**
 * Starts an Xvfb on a display that it finds free.
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>}
 */
export async function startXvfb() {
  // -displayfd: the server picks the number itself, which no check beforehand could do without a race.
  const args = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let noise = '';
  server.stderr?.on('data', (chunk) => (noise += chunk));
  /** @type {Promise<void>} */
  const closed = new Promise((resolve) => server.once('close', () => resolve()));
  const kill = () => server.kill();
  process.once('exit', kill);

  /** @type {string} */
  const number = await new Promise((resolve, reject) => {
    let text = '';
    server.once('error', reject);
    void closed.then(() => reject(new Error(`Xvfb did not start: ${noise.trim()}`)));
    server.stdio[3]?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.trim());
    });
  });
  return {
    env: { DISPLAY: `:${number}` },
    stop: async () => {
      process.off('exit', kill);
      kill();
      await closed;
    },
  };
}
