// Debian and Ubuntu: Cyrus IMAP for the tests. Its packages can't be installed beside Dovecot's, so they are only downloaded
// (into .cache/cyrus, by anyone) and unpacked by whoever starts it. Prints the folder; where there is no apt or no network, why.
import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, giveUp } from './process.mjs';

const WANTED = ['cyrus-common', 'cyrus-imapd', 'cyrus-pop3d', 'sasl2-bin'];
const FOLDER = path.join(ROOT, '.cache', 'cyrus');

/** @param {string} cwd @param {string[]} args */
function apt(cwd, ...args) {
  const env = { ...process.env, LC_ALL: 'C' };
  const { status, stdout, stderr } = spawnSync('apt-get', args, { cwd, encoding: 'utf8', env });
  if (status !== 0) {
    const why = (stderr ?? '').split('\n').find((line) => line.startsWith('E: ')) ?? 'there is no apt-get';
    throw new Error(`Cyrus IMAP can't be had: ${why}`);
  }
  return stdout;
}

function download() {
  // What it would install tells which libraries are missing; what it would remove for that (Dovecot) stays.
  const plan = () => apt(ROOT, 'install', '--simulate', '--no-install-recommends', ...WANTED);
  const root = process.getuid?.() === 0;
  /** @param {() => string} work */
  const withLists = (work) => {
    try {
      return work();
    } catch (error) {
      // Lists that are missing or too old; only root may have new ones.
      if (!root) throw error;
      apt(ROOT, 'update');
      return work();
    }
  };
  const part = fs.mkdtempSync(`${FOLDER}-`);
  try {
    withLists(() => {
      const names = [...plan().matchAll(/^Inst (\S+)/gmu)].map(([, name = '']) => name);
      const needed = names.filter((name) => name.startsWith('lib') || WANTED.includes(name));
      return apt(part, 'download', ...needed);
    });
    fs.renameSync(part, FOLDER);
  } finally {
    fs.rmSync(part, { recursive: true, force: true });
  }
}

try {
  if (!fs.existsSync(FOLDER)) {
    fs.mkdirSync(path.dirname(FOLDER), { recursive: true });
    download();
  }
  console.log(FOLDER);
} catch (error) {
  // Another run may have been quicker.
  if (fs.existsSync(FOLDER)) console.log(FOLDER);
  else giveUp(error);
}
