import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { closeAll, headless, letter, settingsFor } from '../../double/headless.ts';
import { mailServer, type MailServer } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
const ways: net.Server[] = [];
afterEach(async () => {
  await closeAll();
  for (const way of ways.splice(0)) way.close();
});

/** A way to the server on which connections die without a word, as they do while a computer sleeps. */
async function sleepyWay(port: number): Promise<{ port: number; sleep: () => void }> {
  let asleep = new WeakSet<net.Socket>();
  const awake = new Set<net.Socket>();
  const way = net.createServer((client) => {
    const real = net.connect(port, '127.0.0.1');
    awake.add(client);
    for (const [from, to] of [
      [client, real],
      [real, client],
    ] as const) {
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      from.on('data', (chunk) => {
        if (!asleep.has(client)) to.write(chunk);
      });
    }
  });
  way.listen(0, '127.0.0.1');
  await once(way, 'listening');
  ways.push(way);
  return {
    port: (way.address() as net.AddressInfo).port,
    sleep: () => {
      asleep = new WeakSet(awake);
    },
  };
}

it('after a sleep in which the connections died it is there again as soon as it is awake', async () => {
  const user = server.newUser();
  await server.deliver(user.email, letter('Before'));
  const way = await sleepyWay(server.ports.imaps);
  const app = await headless();
  const settings = settingsFor(server, user, 'imap');
  const imap = { ...settings.imap, port: way.port } as typeof settings.imap;
  const { id } = await app.accounts.add({ ...settings, ...(imap ? { imap } : {}) }, user.password);
  await app.until('rest', () =>
    app.payloads('wire').some((batch) => batch.lines.some((line) => /^\S+ IDLE$/u.test(line.text))),
  );
  way.sleep();
  await server.deliver(user.email, letter('While asleep'));
  app.heard.length = 0;
  await app.handlers['account.wake']();
  await app.until('the letter', async () => (await app.rows(id, 'inbox')).length === 2);
  await app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
  expect(await app.rows(id, 'inbox')).toHaveLength(2);
});

it('while the server is not to be reached a person who is back does not wait for the next try', async () => {
  const user = server.newUser();
  const app = await headless();
  const settings = settingsFor(server, user, 'imap');
  const closed = { ...settings.imap, port: 9 } as typeof settings.imap;
  const { id } = await app.accounts.add({ ...settings, ...(closed ? { imap: closed } : {}) }, user.password);
  const tries = () => app.payloads('status').filter((status) => status.state === 'offline').length;
  await app.until('three tries', () => tries() >= 3);
  const before = tries();
  await app.handlers['account.wake']();
  // The next one by itself would come after five seconds.
  await app.until('another try', () => tries() > before);
  expect((await app.ports.store.account(id))?.email).toBe(user.email);
});
