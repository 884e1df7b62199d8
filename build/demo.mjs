// `npm run demo`: the app with its own practice mail server, no account and no network needed. With a display the window
// opens and stays. Without one the app plays the demo under Xvfb and leaves screenshots and transcripts in demo-output/.
import './node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildIfNeeded } from './app.mjs';
import { playTour } from './demo-tour.mjs';
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
  const play = playTour({
    executable,
    args,
    env: /** @type {Record<string, string>} */ ({ ...process.env, ...env, ...xvfb.env }),
    output: OUTPUT,
    say: (line) => console.log(`demo: ${line}`),
  });
  const late = sleep(LIMIT_MS, undefined, { ref: false }).then(() => {
    throw new Error(`not done after ${LIMIT_MS / 1000} s`);
  });
  const code = await Promise.race([play, late]).then(
    () => 0,
    (error) => {
      console.error(`demo: ${error instanceof Error ? error.message : error}`);
      return 1;
    },
  );
  await xvfb.stop();
  return report(code);
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
  return code === 0 && missing.length === 0 && shots.length >= SCREENSHOTS ? 0 : 1;
}

process.exit(await main().catch(giveUp));
