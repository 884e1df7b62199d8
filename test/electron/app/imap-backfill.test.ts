// Bodies are fetched behind the rows: that can be paused, and goes on where it stopped, also in the next run.
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { closeAll, headless, letter, settingsFor, temporaryFolder } from '../../double/headless.ts';
import { hiding, type Hiding } from '../../double/hiding.ts';
import { mailServer, type MailServer } from '../../server/mail-server.ts';

const COUNT = 256;
let server: MailServer;
let way: Hiding;
beforeAll(async () => {
  server = await mailServer();
  way = await hiding(server.ports.imap, ['NOTHING']);
});
afterAll(() => way.close());
afterEach(closeAll);

it('is paused, and goes on where it stopped after a restart', { timeout: 60_000 }, async () => {
  const user = server.newUser();
  const client = new ImapFlow({
    host: server.host,
    port: server.ports.imaps,
    secure: true,
    tls: { ca: server.ca },
    auth: { user: user.email, pass: user.password },
    logger: false,
  });
  await client.connect();
  await client.append('INBOX', letter('Many', `${'x'.repeat(70)}\r\n`.repeat(1000)), []);
  await client.mailboxOpen('INBOX');
  for (let count = 1; count < COUNT; count *= 2) await client.messageCopy('1:*', 'INBOX');
  await client.logout();

  const profile = temporaryFolder();
  const first = await headless(profile);
  const imap = { host: '127.0.0.1', port: way.port, security: 'none' as const, user: user.email };
  const { id } = await first.accounts.add({ ...settingsFor(server, user, 'imap'), imap }, user.password);
  const stored = async () => (await first.rows(id, 'inbox')).filter((row) => row.stored).length;
  await first.until('some bodies', async () => (await stored()) > 0);
  first.accounts.pause(id, true);
  // What was asked for already may still come.
  let before = -1;
  await first.until('nothing more comes', async () => {
    const last = before;
    before = await stored();
    await sleep(1000);
    return before === last;
  });
  expect(before).toBeLessThan(COUNT);
  await first.close();

  const fetched = () =>
    way.said
      .flatMap((line) => /UID FETCH (\S+) \(.*BODY\.PEEK\[\]/u.exec(line)?.[1]?.split(',') ?? [])
      .flatMap((range) => {
        const [from = 0, to = from] = range.split(':').map(Number);
        return Array.from({ length: to - from + 1 }, (_one, at) => from + at);
      });
  const had = new Set(fetched());
  const until = fetched().length;
  expect(had.size).toBe(before);
  const second = await headless(profile);
  await second.until('the rest', async () => {
    const rows = await second.rows(id, 'inbox');
    return rows.length === COUNT && rows.every((row) => row.stored);
  });
  const all = fetched();
  expect(new Set(all).size).toBe(COUNT);
  const again = all.slice(until).filter((uid) => had.has(uid));
  expect(again.length).toBeLessThanOrEqual(1);
});
