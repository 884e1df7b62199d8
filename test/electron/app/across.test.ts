// From one account into another.
import { ImapFlow } from 'imapflow';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { closeAll, headless, letter, settingsFor } from '../../double/headless.ts';
import { mailServer, type MailServer } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

it('a letter that is moved takes its flags and tags along, here and on the server', async () => {
  const [from, to] = [server.newUser(), server.newUser()];
  await server.deliver(from.email, letter('Travels'));
  const app = await headless();
  const { id } = await app.accounts.add(settingsFor(server, from, 'imap'), from.password);
  const target = await app.accounts.add(settingsFor(server, to, 'imap'), to.password);
  const [row] = await app.until('its body', async () => {
    const rows = await app.rows(id, 'inbox');
    return rows[0]?.stored === true && rows;
  });
  const archive = await app.until('the other account', async () =>
    (await app.ports.store.mailboxes(target.id)).find((one) => one.role === 'archive'),
  );
  if (!row) throw new Error('no letter');
  await app.handlers['message.flag']({ ids: [row.id], set: ['flagged'], clear: [] });
  await app.handlers['message.tag']({ ids: [row.id], add: ['$Work', 'Project'], remove: [] });
  await app.handlers['message.move']({ ids: [row.id], mailbox: archive.id });
  expect((await app.rows(target.id, 'archive'))[0]).toMatchObject({
    flags: ['flagged'],
    keywords: ['$Work', 'Project'],
  });
  await expect.poll(() => app.ports.store.operations(target.id)).toEqual([]);
  const client = new ImapFlow({
    host: server.host,
    port: server.ports.imaps,
    secure: true,
    tls: { ca: server.ca },
    auth: { user: to.email, pass: to.password },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen('Archive');
  const [there] = await client.fetchAll('1:*', { flags: true });
  await client.logout();
  expect([...(there?.flags ?? [])]).toEqual(expect.arrayContaining(['\\Flagged', '$Work', 'Project']));
  await app.handlers['account.sync']({ account: target.id });
  expect((await app.rows(target.id, 'archive'))[0]?.keywords).toEqual(['$Work', 'Project']);
});
