// `npm run package`: the unpacked app in dist/. Other arguments go to electron-builder (`npm run package -- --linux deb`).
// Where only the fallback Electron is at hand the result is good for a smoke test, not for anyone's use, and says so.
import './node-version.mjs';
import path from 'node:path';
import { buildIfNeeded } from './app.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { bin, giveUp, run } from './process.mjs';

async function main() {
  const given = process.argv.slice(2);
  await buildIfNeeded();
  const { kind, dist, version } = await electronRuntime();
  const fallback = [
    `-c.electronDist=${path.join(dist, 'dist')}`,
    `-c.electronVersion=${version}`,
    `-c.afterPack=${path.join(import.meta.dirname, 'electron-fallback/after-pack.cjs')}`,
    '-c.directories.output=dist/not-for-use',
  ];
  if (kind === 'fallback') console.log('package: made of the fallback Electron, for a smoke test only');
  const args = [...(given.length > 0 ? given : ['--dir']), ...(kind === 'fallback' ? fallback : [])];
  return run(process.execPath, [bin('electron-builder/cli.js'), ...args, '--publish=never'], {
    env: { ...process.env, GLASSPOST_FALLBACK: dist },
  });
}

process.exitCode = await main().catch(giveUp);
