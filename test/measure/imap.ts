// What `npm run measure-imap` does: see build/measure-imap.mjs.
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ImapFlow } from 'imapflow';
import type { Delta } from '../../shared/model/delta.ts';
import type { MailboxId } from '../../shared/model/ids.ts';
import { startMailServer } from '../server/dovecot.ts';
import { bundlePrograms, removePrograms } from '../server/programs.ts';
import { fill } from './fill.ts';
import { openAlone } from './open.ts';

const SCREEN = 50;
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '3' },
    bodies: { type: 'string', default: '20' },
  },
});
const [count, rounds, seconds] = [Number(values.messages), Number(values.rounds), Number(values.bodies)];

const server = await startMailServer();
const programs = await bundlePrograms();
const folder = path.dirname(server.address.usersFolder);
const user = { email: 'vera@example.test', password: 'a password' };
fs.writeFileSync(path.join(server.address.usersFolder, user.email), JSON.stringify(user));
fill(path.join(folder, 'mail', user.email), user.email, count);
const ca = fs.readFileSync(server.address.certFile, 'utf8');
await warmUp();
console.log(
  `${count} messages; ${os.cpus().length} cores, load ${os.loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}`,
);
for (let round = 0; round < rounds; round++) await measure(round === rounds - 1 ? seconds : 0);
removePrograms(programs);
await server.stop();
process.exit(0);

/** The server has read its own folder before, as a server that somebody uses has. */
async function warmUp(): Promise<void> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: server.address.ports.imaps,
    secure: true,
    tls: { ca },
    auth: { user: user.email, pass: user.password },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen('INBOX');
  for await (const _one of client.fetch('1:*', { uid: true, size: true }));
  await client.logout();
}

async function measure(bodySeconds: number): Promise<void> {
  let began = 0;
  let bytes = 0;
  const uids: number[] = [];
  const at = { screen: 0, all: 0 };
  const seen = new Set<number | undefined>();
  const known = new Set<number>();
  const scripts = {
    store: pathToFileURL(path.join(programs, 'store-worker.js')),
    mime: pathToFileURL(path.join(programs, 'mime-worker.js')),
  };
  const core = await openAlone(scripts, (name, payload) => {
    if (name !== 'delta') return;
    for (const row of (payload as Delta).messages ?? []) {
      if (row.stored && !seen.has(row.uid)) {
        seen.add(row.uid);
        bytes += row.size;
      }
      if (row.uid === undefined || known.has(row.uid)) continue;
      known.add(row.uid);
      if (known.size <= SCREEN) uids.push(row.uid);
    }
    if (known.size >= Math.min(SCREEN, count)) at.screen ||= performance.now() - began;
    if (known.size >= count) at.all ||= performance.now() - began;
  });
  const connection = {
    host: '127.0.0.1',
    port: server.address.ports.imaps,
    security: 'tls' as const,
    user: user.email,
    trusted: { pem: ca, fingerprint: new X509Certificate(ca).fingerprint256 },
  };
  began = performance.now();
  const { id } = await core.accounts.add(
    {
      name: 'Vera',
      email: user.email,
      mode: 'imap',
      imap: connection,
      leaveOnServer: 'forever',
      ...(bodySeconds === 0 ? { keep: 'headers' as const } : {}),
    },
    user.password,
  );
  while (at.all === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const inbox = (await core.ports.store.mailboxes(id)).find((one) => one.role === 'inbox');
  const { ids } = await core.ports.store.order({ kind: 'mailbox', mailbox: inbox?.id ?? (0 as MailboxId) });
  const newest = await core.ports.store.rows([...ids].slice(0, SCREEN) as never);
  const right = newest.every((row) => uids.includes(row.uid ?? 0));
  console.log(
    `first ${SCREEN} rows ${at.screen.toFixed(0)} ms (${right ? 'the newest' : 'NOT the newest'}), all ${ids.length} rows ${at.all.toFixed(0)} ms`,
  );
  if (bodySeconds > 0) {
    const [from, then] = [bytes, performance.now()];
    await new Promise((resolve) => setTimeout(resolve, bodySeconds * 1000));
    const took = (performance.now() - then) / 1000;
    console.log(
      `bodies ${((bytes - from) / 1e6 / took).toFixed(1)} MB/s, ${Math.round(seen.size / took)} a second`,
    );
  }
  await core.end();
}
