// New mail while the program runs: its body is there at once, however it came.
import { ImapFlow } from 'imapflow';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { AccountId } from '../../../shared/model/ids.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

async function resting(letters: number): Promise<{ app: Headless; user: MailUser; id: AccountId }> {
  const user = server.newUser();
  for (let count = 0; count < letters; count += 1) await server.deliver(user.email, letter(`Old ${count}`));
  const app = await headless();
  const { id } = await app.accounts.add(settingsFor(server, user, 'imap'), user.password);
  const idles = (line: { text: string }) => /^\S+ IDLE$/u.test(line.text);
  await app.until('idle', () => app.payloads('wire').some((batch) => batch.lines.some(idles)));
  await app.until('old ones', async () => {
    const rows = await app.rows(id, 'inbox');
    return rows.length === letters && rows.every((row) => row.stored);
  });
  app.heard.length = 0;
  return { app, user, id };
}

it('the first letter of an empty INBOX comes whole, in one message to the window', async () => {
  const { app, user, id } = await resting(0);
  await server.deliver(user.email, letter('First'));
  const told = () =>
    app.payloads('delta').filter((one) => one.messages?.some((row) => row.subject === 'First'));
  await app.until('its body', async () => (await app.rows(id, 'inbox'))[0]?.stored && told().length > 0);
  const about = told();
  expect(about).toHaveLength(1);
  expect(about[0]?.messages?.[0]).toMatchObject({ stored: true, snippet: 'Hello' });
});

it('many at once come as headers, and their bodies behind them', async () => {
  const { app, user, id } = await resting(1);
  const client = new ImapFlow({
    host: server.host,
    port: server.ports.imaps,
    secure: true,
    tls: { ca: server.ca },
    auth: { user: user.email, pass: user.password },
    logger: false,
  });
  await client.connect();
  await client.append('Drafts', letter('Many'), []);
  await client.mailboxOpen('Drafts');
  for (let count = 1; count < 40; count *= 2) await client.messageCopy('1:*', 'Drafts');
  await client.messageMove('1:*', 'INBOX');
  await client.logout();
  const rows = await app.until('the bodies', async () => {
    const all = await app.rows(id, 'inbox');
    return all.length > 40 && all.every((row) => row.stored) && all;
  });
  expect(rows.filter((row) => row.subject === 'Many')).toHaveLength(64);
});

it('a long one comes as a header, and its body behind it', async () => {
  const { app, user, id } = await resting(1);
  await server.deliver(user.email, letter('Long', `${'x'.repeat(70)}\r\n`.repeat(20_000)));
  const rows = await app.until('the body', async () => {
    const all = await app.rows(id, 'inbox');
    return all.length === 2 && all.every((row) => row.stored) && all;
  });
  expect(rows.find((row) => row.subject === 'Long')?.size).toBeGreaterThan(1_400_000);
});
