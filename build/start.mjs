// `npm start` runs the built app, `npm run dev` the one that reloads as you edit.
import './node-version.mjs';
import { buildIfNeeded } from './app.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { ROOT, bin, giveUp, run } from './process.mjs';

const [mode, ...rest] = process.argv.slice(2);

async function main() {
  const { executable, args, env } = await electronRuntime();
  const options = { stdio: /** @type {const} */ ('inherit'), env: { ...process.env, ...env } };
  if (mode === 'dev') {
    const vite = [bin('electron-vite/bin/electron-vite.js'), 'dev'];
    if (args.includes('--no-sandbox')) vite.push('--noSandbox');
    return run(process.execPath, [...vite, '--', ...rest], options);
  }
  await buildIfNeeded();
  return run(executable, [...args, ROOT, ...rest], options);
}

process.exitCode = await main().catch(giveUp);
