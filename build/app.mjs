// Builds the app into out/, when anything it is made of is newer than the last build.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, bin, run } from './process.mjs';

const SOURCES = ['shared', 'electron', 'renderer', 'electron.vite.config.ts', 'package-lock.json'];
const RESULT = path.join(ROOT, 'out/renderer/index.html'); // written last

/**
 * @param {object} [how]
 * @param {boolean} [how.quiet] says nothing unless it fails: the output belongs to somebody else
 */
export async function buildIfNeeded({ quiet = false } = {}) {
  const built = fs.statSync(RESULT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (SOURCES.every((name) => newest(path.join(ROOT, name)) < built)) return;
  /** @type {import('node:child_process').SpawnOptions} */
  const options = quiet ? { stdio: ['ignore', 'ignore', 'inherit'] } : {};
  const code = await run(process.execPath, [bin('electron-vite/bin/electron-vite.js'), 'build'], options);
  if (code !== 0) throw new Error(`The build failed (exit ${code}).`);
}

/**
 * When anything in it last changed; a folder's own time tells of files that were removed.
 * @param {string} entry
 * @returns {number}
 */
function newest(entry) {
  const stats = fs.statSync(entry);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...fs.readdirSync(entry).map((name) => newest(path.join(entry, name))));
}
