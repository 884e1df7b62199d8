// A second family of servers: Cyrus IMAP (IMAP, POP3, LMTP) unpacked from Debian's packages into a temporary folder, on free
// ports, never as root. It sends nothing, so it has no submission.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cyrusConfig, imapdConfig } from './cyrus-config.ts';
import { accepts, freePorts, kill, makeCertificate } from './dovecot.ts';
import { lmtpDeliver } from './lmtp.ts';
import type { MailServer } from './mail-server.ts';

const START_MS = 20_000;
const run = promisify(execFile);
const PACKAGES = path.resolve(import.meta.dirname, '../../build/cyrus-packages.mjs');

export type CyrusServer = Pick<MailServer, 'host' | 'trusted' | 'ca' | 'certFile' | 'newUser' | 'deliver'> & {
  readonly ports: Record<'imap' | 'imaps' | 'pop3' | 'pop3s' | 'lmtp', number>;
  stop(): Promise<void>;
};

/**
 * The folder with its packages; undefined, after one line that says why, where there is no way to them. Tests that a
 * continuous integration leaves out would look like tests that passed: there it is an error.
 */
export async function cyrusPackages(): Promise<string | undefined> {
  try {
    if (process.platform !== 'linux') throw new Error('Cyrus IMAP is started on Linux only');
    return (await run(process.execPath, [PACKAGES])).stdout.trim();
  } catch (thrown) {
    const { stderr = '', message } = thrown as Error & { stderr?: string };
    const why = stderr.trim() || message;
    if (process.env.CI !== undefined) throw new Error(why, { cause: thrown });
    console.warn(`left out: ${why}`);
    return undefined;
  }
}

export async function startCyrus(packages: string): Promise<CyrusServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-cyrus-'));
  fs.chmodSync(folder, 0o755);
  const programs = path.join(folder, 'programs');
  for (const name of fs.readdirSync(packages)) {
    if (name.endsWith('.deb')) await run('dpkg-deb', ['-x', path.join(packages, name), programs]);
  }
  const root = process.getuid?.() === 0;
  const user = root ? 'nobody' : os.userInfo().username;
  const [uid = '', gid = ''] = (await run('id', ['-u', user])).stdout
    .trim()
    .concat(' ', (await run('id', ['-g', user])).stdout.trim())
    .split(' ');
  const certFile = await makeCertificate(folder);
  const ports = await freePorts(['imap', 'imaps', 'pop3', 'pop3s', 'lmtp'] as const);
  const data = path.join(folder, 'data');
  for (const name of ['proc', 'db', 'socket', 'log', 'msg', 'ptclient', 'quota', 'sieve', 'user', 'lock'])
    fs.mkdirSync(path.join(data, 'conf', name), { recursive: true });
  fs.mkdirSync(path.join(data, 'spool'));
  fs.writeFileSync(path.join(data, 'imapd.conf'), imapdConfig({ folder, data, user }));
  fs.writeFileSync(path.join(data, 'cyrus.conf'), cyrusConfig({ programs, data, ports }));
  if (root) await run('chown', ['-R', `${uid}:${gid}`, data, path.join(folder, 'key.pem')]);
  const options = {
    env: { ...process.env, ...libraries(programs) },
    ...(root ? { uid: Number(uid), gid: Number(gid) } : {}),
    cwd: data,
  };
  const config = ['-C', path.join(data, 'imapd.conf')];
  const where = ['-M', path.join(data, 'cyrus.conf'), '-p', path.join(data, 'master.pid')];
  const master = spawn(path.join(programs, 'usr/lib/cyrus/bin/master'), [...config, ...where], {
    ...options,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killGroup = (): void => kill(master);
  process.once('exit', killGroup);
  let noise = '';
  master.stderr.on('data', (chunk) => (noise += String(chunk)));
  const deadline = Date.now() + START_MS;
  while (!(await Promise.all([ports.imap, ports.lmtp].map(accepts))).every(Boolean)) {
    if (master.exitCode !== null || Date.now() > deadline) {
      killGroup();
      throw new Error(`Cyrus IMAP did not start: ${noise}`);
    }
    await sleep(20);
  }
  const ca = fs.readFileSync(certFile, 'utf8');
  return {
    host: '127.0.0.1',
    ports,
    ca,
    certFile,
    trusted: { pem: ca, fingerprint: new X509Certificate(ca).fingerprint256 },
    newUser: (name = 'user') => {
      const local = `${name}-${randomBytes(4).toString('hex')}`;
      const password = randomBytes(6).toString('hex');
      const database = ['-f', path.join(data, 'sasldb2'), '-u', 'example.test'];
      execFileSync(path.join(programs, 'usr/sbin/saslpasswd2'), ['-p', '-c', ...database, local], {
        ...options,
        input: password,
      });
      return { email: `${local}@example.test`, password };
    },
    deliver: async (email, raw) => {
      await lmtpDeliver(ports.lmtp, 'sender@example.test', [email], raw);
    },
    stop: async () => {
      process.off('exit', killGroup);
      killGroup();
      if (master.exitCode === null && master.signalCode === null) await once(master, 'exit');
      await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Where its libraries and the mechanisms of its logins are found: unpacked, or else the system's. */
function libraries(programs: string): Record<string, string> {
  const folders = ['usr/lib', 'lib'].flatMap((base) => {
    const at = path.join(programs, base);
    const names = fs.existsSync(at) ? fs.readdirSync(at).filter((name) => name.includes('-linux-')) : [];
    return [...names.map((name) => path.join(at, name)), at];
  });
  const plugins = folders.map((one) => path.join(one, 'sasl2')).filter((one) => fs.existsSync(one));
  return {
    LD_LIBRARY_PATH: [...folders, path.join(programs, 'usr/lib/cyrus')].join(':'),
    ...(plugins.length > 0 ? { SASL_PATH: plugins.join(':') } : {}),
  };
}
