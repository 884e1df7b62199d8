// `npm run demo`: the app with its own practice mail server, no account and no network needed. With a display the window
// opens and stays. Without one the app plays the demo under Xvfb and leaves screenshots and transcripts in demo-output/.
import './node-version.mjs';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildIfNeeded } from './app.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { ROOT, giveUp, run } from './process.mjs';
import { ensureSystemPackages } from './system-deps.mjs';
import { hasDisplay, startXvfb } from './xvfb.mjs';

const OUTPUT = path.join(ROOT, 'demo-output');
const TRANSCRIPTS = ['imap.txt', 'pop3.txt', 'smtp.txt'];
const SCREENSHOTS = 4;
const LIMIT_MS = 120_000;

async function main() {
  ensureSystemPackages('demo');
  const { executable, args, env } = await electronRuntime();
  await buildIfNeeded();
  if (hasDisplay()) {
    const options = { stdio: /** @type {const} */ ('inherit'), env: { ...process.env, ...env } };
    return run(executable, [...args, ROOT, '--demo'], options);
  }

  console.log('demo: no display here, so it plays on a virtual one');
  fs.rmSync(OUTPUT, { recursive: true, force: true });
  fs.mkdirSync(OUTPUT);
  const xvfb = await startXvfb();
  // Level 3: without a desktop around it Chromium reports a missing bus and GPU, which says nothing about us.
  const code = await play(executable, [...args, '--log-level=3', ROOT, '--demo'], {
    ...process.env,
    ...env,
    ...xvfb.env,
    GLASSPOST_DEMO_OUTPUT: OUTPUT,
  });
  await xvfb.stop();
  return report(code);
}

/**
 * Runs the demo to its end, or for two minutes, whichever comes first, with its children.
 * @param {string} executable
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function play(executable, args, env) {
  return new Promise((resolve, reject) => {
    const app = spawn(executable, args, { env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    const kill = () => process.kill(-Number(app.pid), 'SIGKILL');
    process.once('SIGINT', () => kill());
    const timer = setTimeout(() => {
      console.error(`demo: not done after ${LIMIT_MS / 1000} s, stopped`);
      kill();
    }, LIMIT_MS);
    app.once('error', reject);
    app.once('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? 128);
    });
  });
}

/** @param {number} code */
function report(code) {
  const files = fs.readdirSync(OUTPUT, { recursive: true, encoding: 'utf8' }).sort();
  const filled = files.filter((name) => fs.statSync(path.join(OUTPUT, name)).size > 0);
  const shots = filled.filter((name) => name.endsWith('.png'));
  const missing = TRANSCRIPTS.filter((name) => !filled.includes(name));
  for (const name of [...shots, ...TRANSCRIPTS.filter((name) => filled.includes(name))]) {
    console.log(path.join(OUTPUT, name));
  }
  if (missing.length > 0) console.error(`demo: missing or empty: ${missing.join(', ')}`);
  if (shots.length < SCREENSHOTS) console.error(`demo: ${shots.length} screenshots, ${SCREENSHOTS} expected`);
  if (code !== 0) console.error(`demo: the app ended with ${code}`);
  return code === 0 && missing.length === 0 && shots.length >= SCREENSHOTS ? 0 : 1;
}

process.exitCode = await main().catch(giveUp);
