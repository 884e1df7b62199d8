// Debian and Ubuntu: the system packages that the demo and the tests need, installed where that is allowed (root, or
// sudo without a password), named in one line where it is not. Asks apt only when something is missing.
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { giveUp } from './process.mjs';
import { hasDisplay } from './xvfb.mjs';

// "a|b": the first that this release has; the t64 names came with Debian 13 and Ubuntu 24.04.
// What Electron's binary links to and GTK does not bring along.
const WINDOW = ['libgtk-3-0|libgtk-3-0t64', 'libnss3', 'libasound2|libasound2t64', 'libgbm1'];
// What a desktop has and a server has not; the fonts have Cyrillic.
const DISPLAY = ['xvfb', 'fonts-dejavu-core'];
// A keyring that unlocks without a person, on a bus of its own.
const KEYRING = ['gnome-keyring', 'dbus'];
const DOVECOT = ['dovecot-imapd', 'dovecot-pop3d', 'dovecot-submissiond', 'dovecot-lmtpd', 'openssl'];
// Clients that nobody here wrote, for the practice server.
const MAIL_CLIENTS = ['curl', 'msmtp', 'mpop', 'mutt', 'isync'];
const SETS = {
  demo: hasDisplay() ? WINDOW : [...WINDOW, ...DISPLAY],
  test: [...WINDOW, ...DISPLAY, ...KEYRING, ...DOVECOT, ...MAIL_CLIENTS],
  compiler: ['g++'],
};

/** Packages that are as good as there when their program is, however it came; all that can be told without dpkg. */
const PROGRAMS = new Map([
  ['xvfb', 'Xvfb'],
  ['dovecot-imapd', 'dovecot'],
  ['openssl', 'openssl'],
  ['curl', 'curl'],
  ['msmtp', 'msmtp'],
  ['mpop', 'mpop'],
  ['mutt', 'mutt'],
  ['isync', 'mbsync'],
  ['g++', 'g++'],
]);

// Installing a server package starts its service and enables it; ours are started by the tests, on ports of their own.
const INSTALL = `set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
  trap "rm -f $policy" EXIT
fi
apt-get install -y --no-install-recommends "$@"`;

/** @param {'demo' | 'test' | 'compiler'} set */
export function ensureSystemPackages(set) {
  if (process.platform !== 'linux') return;
  const missing = findMissing(SETS[set]);
  if (missing.length === 0) return;
  const wanted = missing.map((name) => name.replaceAll('|', ' or ')).join(', ');

  const root = process.getuid?.() === 0;
  const apt = fs.existsSync('/usr/bin/apt-get');
  if (!apt || !(root || spawnSync('sudo', ['-n', 'true']).status === 0)) {
    throw new Error(`Please install these packages (names of Debian), then try again: ${wanted}`);
  }
  console.log(`system packages: installing ${wanted}`);
  const asRoot = (/** @type {string[]} */ ...command) => {
    const [program = '', ...args] = [
      ...(root ? [] : ['sudo', '-n']),
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      ...command,
    ];
    return spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
  };
  const install = () => {
    const names = missing.map(available);
    return names.every(Boolean) && asRoot('sh', '-c', INSTALL, 'sh', ...names.map(String));
  };
  if (!install() && !(asRoot('apt-get', 'update') && install())) {
    throw new Error(`apt could not install: ${wanted}`);
  }
}

/** @param {string[]} groups */
function findMissing(groups) {
  if (!fs.existsSync('/usr/bin/dpkg-query')) {
    return groups.filter((name) => PROGRAMS.has(name) && !onPath(PROGRAMS.get(name) ?? ''));
  }
  const names = groups.flatMap((group) => group.split('|'));
  const query = ['-W', '-f', '${db:Status-Status} ${Package}\\n', ...names];
  const known = spawnSync('dpkg-query', query, { encoding: 'utf8' }).stdout.split('\n');
  return groups.filter((group) => !group.split('|').some((name) => known.includes(`installed ${name}`)));
}

/** @param {string} program */
function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin'];
  return folders.some((folder) => fs.existsSync(path.join(folder, program)));
}

/**
 * The name of the group that apt has a candidate for.
 * @param {string} group
 */
function available(group) {
  return group.split('|').find((name) => {
    const env = { ...process.env, LC_ALL: 'C' };
    const { stdout } = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8', env });
    return /Candidate: (?!\(none\))/.test(stdout);
  });
}

if (import.meta.main) {
  try {
    const [set = ''] = process.argv.slice(2);
    if (!Object.hasOwn(SETS, set)) throw new Error(`usage: system-deps.mjs ${Object.keys(SETS).join('|')}`);
    ensureSystemPackages(/** @type {keyof typeof SETS} */ (set));
  } catch (error) {
    giveUp(error);
  }
}
