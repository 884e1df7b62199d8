// @ts-nocheck: it calls what Electron and Node have for this purpose alone, and type no one.
// What `electron <folder>` does in a stock Electron; the fallback runtime comes without it.
// A module with a top-level await: 'ready' must wait until the app's own entry has run, as it does there.
import { app } from 'electron';
import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import url from 'node:url';

const args = process.argv.slice(1);
if (args.includes('--version')) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
}

// Playwright starts us as `electron -r loader.js <folder> <arguments>`.
const preloads = [];
let target;
for (let i = 0; i < args.length && target === undefined; i++) {
  if (args[i] === '-r' || args[i] === '--require') preloads.push(args[++i]);
  else if (!args[i].startsWith('-')) target = path.resolve(args[i]);
}

try {
  if (target === undefined) throw new Error('usage: electron <folder of the app>');
  for (const file of preloads) Module._load(file, null, true);
  Object.defineProperty(process, 'defaultApp', { enumerable: true, value: true });

  const manifest = path.join(target, 'package.json');
  if (fs.existsSync(manifest)) {
    const { name, productName, version, desktopName } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    app.name = productName ?? name;
    if (version) app.setVersion(version);
    app.setDesktopName(desktopName ?? `${app.name}.desktop`);
  }
  const entry = Module._resolveFilename(target, null, true);
  app.setAppPath(fs.existsSync(manifest) ? target : path.dirname(entry));
  await import(url.pathToFileURL(entry).href);
} catch (error) {
  console.error('App threw an error during load');
  console.error(error);
  process.exit(1);
}
