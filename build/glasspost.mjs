#!/usr/bin/env node
// `npx glasspost` in a checkout: the command line from its sources, on the Node that the project pins. The system's own
// may be older: it can't read the sources, and the SQLite addon's prebuilt file ends it with a crash.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

const WANTED = 24;
const program = path.resolve(import.meta.dirname, '../electron/cli-main.ts');

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  await import(program);
} else {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = path.resolve(import.meta.dirname, '../node_modules/node/bin', name);
  if (!fs.existsSync(pinned)) {
    console.error(
      `This needs Node ${WANTED} or newer and runs under ${process.version}: run \`npm ci\` (with install scripts allowed, they bring Node ${WANTED}).`,
    );
    process.exit(1);
  }
  const child = spawn(pinned, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends them to both; from elsewhere they reach this process alone.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}
