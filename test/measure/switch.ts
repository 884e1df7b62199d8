// What `npm run measure-switch` does: see build/measure-switch.mjs.
import { createHash, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ImapFlow } from 'imapflow';
import type { MailboxChange } from '../../electron/app/ports-engine.ts';
import type { AccountStatus } from '../../shared/model/account.ts';
import type { MessageKey } from '../../shared/model/ids.ts';
import { startMailServer } from '../server/dovecot.ts';
import { lmtpDeliver } from '../server/lmtp.ts';
import { bundlePrograms, removePrograms } from '../server/programs.ts';
import { fill } from './fill.ts';
import { openAlone } from './open.ts';

/** Letters that arrive between two changes, and about how long each is; bytes. */
const ARRIVALS = 20;
const LENGTH = 20_000;
/** Letters that the person files into a folder, and that another program deletes on the server. */
const FILED = 50;
const DELETED = 100;

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '10' } },
});
const [count, rounds] = [Number(values.messages), Number(values.rounds)];

const server = await startMailServer();
const programs = await bundlePrograms();
const user = { email: 'vera@example.test', password: 'a password' };
fs.writeFileSync(path.join(server.address.usersFolder, user.email), JSON.stringify(user));
fill(path.join(path.dirname(server.address.usersFolder), 'mail', user.email), user.email, count);
const ca = fs.readFileSync(server.address.certFile, 'utf8');

let state: AccountStatus['state'] | undefined;
const core = await openAlone({ store: at('store-worker'), mime: at('mime-worker') }, (name, payload) => {
  if (name === 'status') ({ state } = payload as AccountStatus);
});
/** Bytes of whole messages that came from the server. */
let fetched = 0;
const { store } = core.ports;
core.ports.store = new Proxy(store, {
  get: (target, verb, receiver) => {
    const value: unknown = Reflect.get(target, verb, receiver);
    if (verb !== 'apply') return value;
    return (mailbox: never, change: MailboxChange) => {
      for (const one of change.added) if (one.whole) fetched += one.bytes.length;
      return store.apply(mailbox, change);
    };
  },
});

const load = os.loadavg()[0]?.toFixed(1);
console.log(`${count} messages; ${os.cpus().length} cores, load ${load}, Node ${process.versions.node}`);
const server995 = (port: number) => ({
  host: '127.0.0.1',
  port,
  security: 'tls' as const,
  user: user.email,
  trusted: { pem: ca, fingerprint: new X509Certificate(ca).fingerprint256 },
});
const { id } = await core.accounts.add(
  {
    name: 'Vera',
    email: user.email,
    mode: 'pop3',
    imap: server995(server.address.ports.imaps),
    pop3: server995(server.address.ports.pop3s),
    leaveOnServer: 'forever',
  },
  user.password,
);
await inStep(count);
const first = await rows();
const { mailbox: work } = await store.createMailbox(id, 'Work');
await store.move(
  first.slice(0, FILED).map((one) => one.id),
  work,
);
await onServer((client) => client.messageDelete(`${count - DELETED + 1}:${count}`));
const ours = new Set(first.map((one) => one.sha));
let wrong = 0;
for (let round = 0; round < rounds; round += 1) {
  const mode = round % 2 === 0 ? 'imap' : 'pop3';
  const text = 'Glass, reeded and seeded.\r\n'.repeat(LENGTH / 27);
  for (let one = 0; one < ARRIVALS; one += 1)
    await lmtpDeliver(
      server.address.ports.lmtp,
      'oleg@example.test',
      [user.email],
      arrival(round, one, text),
    );
  const before = new Set((await rows()).map((one) => one.sha));
  fetched = 0;
  const began = performance.now();
  state = undefined;
  const choices = { onlyHere: 'keep', bodies: 'fetch' } as const;
  const plan = await core.handlers['account.changeMode']({ account: id, mode, choices });
  const took = performance.now() - began;
  await inStep(0);
  const now = await rows();
  const fresh = now.filter((one) => !before.has(one.sha)).reduce((sum, one) => sum + one.size, 0);
  const there = await serverHashes();
  const here = new Set(now.map((one) => one.sha));
  const lost = [...there, ...ours].filter((sha) => !here.has(sha)).length;
  const extra = [...here].filter((sha) => !there.has(sha) && !ours.has(sha)).length;
  wrong += lost + extra;
  console.log(
    `${round + 1}: to ${mode.toUpperCase()} ${(took / 1000).toFixed(2)} s, in step after ${((performance.now() - began) / 1000).toFixed(1)} s;` +
      ` ${plan.matched.messages} matched (${plan.by.known} known, ${plan.by.format} by UIDL, ${plan.by.content} by content);` +
      ` fetched ${fetched} bytes of ${fresh} new: ${(fetched / fresh).toFixed(4)}; missing ${lost}, too many ${extra}`,
  );
}
await core.end();
removePrograms(programs);
await server.stop();
console.log(wrong === 0 ? 'every time all that the server has and all that was ours alone, once' : 'WRONG');
process.exit(wrong === 0 ? 0 : 1);

function at(name: string): URL {
  return pathToFileURL(path.join(programs, `${name}.js`));
}

function arrival(round: number, one: number, text: string): string {
  return `From: Oleg <oleg@example.test>\r\nTo: ${user.email}\r\nSubject: Round ${round} ${one}\r\nDate: ${new Date().toUTCString().replace('GMT', '+0000')}\r\nMessage-ID: <${round}.${one}@new.test>\r\n\r\n${text}`;
}

/** Until the account is online, nothing waits, and so many messages are here. */
async function inStep(least: number): Promise<void> {
  for (;;) {
    const waiting = await store.operations(id);
    if (state === 'online' && waiting.length === 0) {
      await core.accounts.sync(id);
      const all = await rows();
      if (all.length >= least && all.every((one) => one.sha !== '')) return;
    }
    await sleep(100);
  }
}

async function rows(): Promise<{ id: MessageKey; size: number; sha: string }[]> {
  const found: { id: MessageKey; size: number; sha: string }[] = [];
  for (const box of await store.mailboxes(id)) {
    const { ids } = await store.order({ kind: 'mailbox', mailbox: box.id });
    for (const row of await store.rows([...ids] as MessageKey[])) {
      const raw = row.stored ? await store.raw(row.id) : undefined;
      found.push({ id: row.id, size: row.size, sha: raw ? hash(raw) : '' });
    }
  }
  return found;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function serverHashes(): Promise<Set<string>> {
  return onServer(async (client) => {
    const all = new Set<string>();
    for await (const one of client.fetch('1:*', { source: true })) if (one.source) all.add(hash(one.source));
    return all;
  });
}

async function onServer<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
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
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}
