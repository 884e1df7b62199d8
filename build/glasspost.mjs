#!/usr/bin/env node
// `npx glasspost` in a checkout: builds the command line when anything changed since, and runs it on the Node that the
// project pins. The system's own may be older, and the SQLite addon's prebuilt file ends that one with a crash.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

const WANTED = 24;

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  const { buildIfNeeded } = await import('./app.mjs');
  await buildIfNeeded({ quiet: true });
  await import(path.resolve(import.meta.dirname, '../out/main/cli.js'));
} else {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = path.resolve(import.meta.dirname, '../node_modules/node/bin', name);
  if (!fs.existsSync(pinned)) {
    console.error(
      `This needs Node ${WANTED} or newer and runs under ${process.version}: run \`npm ci\` (with install scripts allowed, they bring Node ${WANTED}).`,
    );
    process.exit(1);
  }
  const child = spawn(pinned, [import.meta.filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends them to both; from elsewhere they reach this process alone.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}
