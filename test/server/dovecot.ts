// Real servers for tests: Dovecot (IMAP, POP3, submission, LMTP) under a temporary folder, on free ports, as root or as
// anyone, and the relay that its submission service hands mail to. Nothing of the system's own Dovecot is touched.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { dovecotConfig, oauth2Config, passdbConfig, type Ports, type Setting } from './dovecot-config.ts';
import { startRelay } from './relay.ts';
import { startTokens } from './tokens.ts';

/** What a test needs to know; the `MailServer` of mail-server.ts is made from it. */
export interface MailServerAddress {
  readonly ports: Ports;
  readonly certFile: string;
  readonly usersFolder: string;
}

export interface RunningMailServer {
  readonly address: MailServerAddress;
  stop(): Promise<void>;
}

const START_MS = 10_000;
const PORTS = ['imap', 'imaps', 'pop3', 'pop3s', 'submission', 'submissions', 'lmtp', 'relay'] as const;
const run = promisify(execFile);

export async function startMailServer({
  shared = false,
  format = 'maildir',
}: Pick<Setting, 'shared' | 'format'> = {}): Promise<RunningMailServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'glasspost-mail-'));
  const { uid } = os.userInfo();
  // Dovecot never serves mail as root: started by root it hands everything to `nobody`, who must be able to get in.
  const user = uid === 0 ? 'nobody' : os.userInfo().username;
  const group = (await run('id', ['-gn', user])).stdout.trim();
  fs.chmodSync(folder, 0o755);
  for (const name of ['run', 'mail', 'public']) fs.mkdirSync(path.join(folder, name));
  if (shared) makePublic(path.join(folder, 'public'));
  fs.writeFileSync(path.join(folder, 'acl'), 'Public anyone lr\nPublic/* anyone lrs\n');
  for (const name of ['mail', 'public'])
    if (uid === 0) await run('chown', ['-R', `${user}:${group}`, path.join(folder, name)]);
  const usersFolder = path.join(folder, 'users');
  fs.mkdirSync(usersFolder);
  fs.writeFileSync(path.join(folder, 'passdb.conf'), passdbConfig(folder));
  const tokens = await startTokens(usersFolder);
  fs.writeFileSync(path.join(folder, 'oauth2.conf'), oauth2Config(tokens.port));
  const certFile = await makeCertificate(folder);

  const ports: Ports = await freePorts(PORTS);
  const configFile = path.join(folder, 'dovecot.conf');
  fs.writeFileSync(configFile, dovecotConfig({ folder, user, group, ports, shared, format }));
  const relay = await startRelay(ports.relay, ports.lmtp);
  // In the foreground and in a process group of its own: whatever it forks can be ended with it.
  const dovecot = spawn(dovecotProgram(), ['-F', '-c', configFile], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const killGroup = (): void => kill(dovecot);
  process.once('exit', killGroup);
  await answering(dovecot, ports, path.join(folder, 'dovecot.log'));

  return {
    address: { ports, certFile, usersFolder },
    stop: async () => {
      process.off('exit', killGroup);
      relay.close();
      tokens.close();
      // SIGKILL: its own orderly end takes seconds, and nothing of it is kept.
      kill(dovecot);
      if (dovecot.exitCode === null && dovecot.signalCode === null) await once(dovecot, 'exit');
      await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** A mailbox that belongs to nobody, with one letter. */
function makePublic(folder: string): void {
  for (const name of ['cur', 'new', 'tmp', '.News/cur', '.News/new', '.News/tmp'])
    fs.mkdirSync(path.join(folder, name), { recursive: true });
  fs.writeFileSync(
    path.join(folder, '.News/cur/1000000000.M1P1.host:2,'),
    'From: News <news@example.test>\r\nSubject: For everybody\r\nMessage-ID: <news@example.test>\r\n\r\nHello\r\n',
  );
}

export async function makeCertificate(folder: string): Promise<string> {
  const certFile = path.join(folder, 'cert.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    `${folder}/key.pem`,
  ];
  await run('openssl', ['req', '-x509', '-days', '30', ...subject, ...key, '-out', certFile]);
  return certFile;
}

/** Ports that were free a moment ago, all held open until the last one is known, so that none comes twice. */
export async function freePorts<N extends string>(names: readonly N[]): Promise<Record<N, number>> {
  const held = await Promise.all(
    names.map(async (name) => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { name, server, port: (server.address() as net.AddressInfo).port };
    }),
  );
  await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(held.map(({ name, port }) => [name, port])) as Record<N, number>;
}

/** Debian keeps it in /usr/sbin, which is not on everyone's PATH. */
function dovecotProgram(): string {
  return fs.existsSync('/usr/sbin/dovecot') ? '/usr/sbin/dovecot' : 'dovecot';
}

async function answering(dovecot: ChildProcess, ports: Ports, logFile: string): Promise<void> {
  let noise = '';
  dovecot.stderr?.on('data', (chunk) => (noise += String(chunk)));
  let failure: Error | undefined;
  dovecot.once('error', (error) => (failure = error));
  const deadline = Date.now() + START_MS;
  while (!(await Promise.all([ports.imap, ports.lmtp].map(accepts))).every(Boolean)) {
    if (failure || dovecot.exitCode !== null || Date.now() > deadline) {
      const log = fs.existsSync(logFile) ? fs.readFileSync(logFile, 'utf8') : '';
      kill(dovecot);
      throw new Error(`Dovecot did not start (2.3 is needed): ${failure?.message ?? ''}${noise}${log}`);
    }
    await sleep(20);
  }
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody left to end.
  }
}
