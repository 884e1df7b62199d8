import { createHash } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId, MailboxId } from '../../../shared/model/ids.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

/** Another client of the same mailbox: what it sees is what the server has. */
async function other<T>(user: MailUser, mailbox: string, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: server.host,
    port: server.ports.imaps,
    secure: true,
    tls: { ca: server.ca },
    auth: { user: user.email, pass: user.password },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen(mailbox);
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}

const online = (app: Headless) =>
  app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function mailboxId(app: Headless, account: AccountId, role: string): Promise<MailboxId> {
  const found = (await app.ports.store.mailboxes(account)).find((one) => one.role === role);
  if (!found) throw new Error(`no ${role}`);
  return found.id;
}

describe.each(['tls', 'starttls'] as const)('an IMAP account over %s', (security) => {
  it('lists mailboxes with their use and brings the newest mail first, byte for byte', async () => {
    const user = server.newUser();
    const sent = Array.from({ length: 70 }, (_one, index) =>
      letter(
        `Letter ${index}`,
        `Строка ${index}\r\nFrom the start\r\n.\r\n`,
        'Content-Type: text/plain; charset=utf-8\r\n',
      ),
    );
    for (const raw of sent) await server.deliver(user.email, raw);
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'imap', security), user.password);
    const rows = await app.until('all bodies', async () => {
      const all = await app.rows(id, 'inbox');
      return all.length === 70 && all.every((row) => row.stored && row.snippet !== undefined)
        ? all
        : undefined;
    });
    const roles = (await app.ports.store.mailboxes(id)).map((one) => one.role);
    expect(roles).toEqual(expect.arrayContaining(['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash']));
    expect(rows.map((row) => row.subject)).toContain('Letter 69');
    expect(rows.every((row) => row.snippet?.startsWith('Строка'))).toBe(true);
    const onServer = await other(user, 'INBOX', async (client) =>
      (await client.fetchAll('1:*', { uid: true, source: true })).map((one) => [
        one.uid,
        hash(one.source ?? Buffer.alloc(0)),
      ]),
    );
    const here = await Promise.all(
      rows.map(async (row) => [row.uid, hash((await app.ports.store.raw(row.id)) ?? Buffer.alloc(0))]),
    );
    expect(new Map(here as [number, string][])).toEqual(new Map(onServer as [number, string][]));
    const first = app.payloads('delta').find((delta) => delta.messages && delta.messages.length > 1);
    expect(Math.max(...(first?.messages ?? []).map((row) => row.uid ?? 0))).toBe(70);
  });
});

describe('an IMAP account', () => {
  it('shows new mail by IDLE in under a second, in one message to the window', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('Old'));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'imap'), user.password);
    await online(app);
    await app.until('idle', () =>
      app.payloads('wire').some((batch) => batch.lines.some((line) => /^\S+ IDLE$/u.test(line.text))),
    );
    app.heard.length = 0;
    const began = performance.now();
    await server.deliver(user.email, letter('New'));
    const delta = await app.until('the new row', () =>
      app.heard.find((event) => event.name === 'delta' && JSON.stringify(event.payload).includes('"New"')),
    );
    expect(delta.at - began).toBeLessThan(1000);
    await app.until('back to rest', async () => (await app.rows(id, 'inbox')).every((row) => row.stored));
    const about = app.payloads('delta').filter((one) => one.messages?.some((row) => row.subject === 'New'));
    expect(about).toHaveLength(1);
    expect(about[0]?.messages?.[0]).toMatchObject({
      subject: 'New',
      stored: true,
      snippet: 'Hello',
      attachments: 0,
      flags: [],
    });
    expect(about[0]?.mailboxes?.[0]).toMatchObject({ role: 'inbox', total: 2, unread: 2 });
  });

  it('carries \\Seen and \\Flagged both ways', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('Flags'));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'imap'), user.password);
    await online(app);
    const [row] = await app.rows(id, 'inbox');
    if (!row) throw new Error('no row');
    await app.handlers['message.flag']({ ids: [row.id], set: ['seen', 'flagged'], clear: [] });
    expect((await app.rows(id, 'inbox'))[0]?.flags).toEqual(['seen', 'flagged']);
    const flags = () =>
      other(user, 'INBOX', async (client) => (await client.fetchOne('1', { flags: true })) || undefined);
    await app.until('flags on the server', async () => {
      const found = await flags();
      return found?.flags?.has('\\Seen') && found.flags.has('\\Flagged');
    });
    await other(user, 'INBOX', (client) => client.messageFlagsRemove('1', ['\\Flagged']));
    await app.until(
      'the other client’s change',
      async () => (await app.rows(id, 'inbox'))[0]?.flags.join() === 'seen',
    );
  });

  it('moves, deletes to Trash, and deletes there for good', async () => {
    const user = server.newUser();
    for (const name of ['one', 'two', 'three']) await server.deliver(user.email, letter(name));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'imap'), user.password);
    await online(app);
    const rows = new Map((await app.rows(id, 'inbox')).map((row) => [row.subject, row.id]));
    const key = (name: string) => rows.get(name) ?? (0 as never);
    await app.handlers['message.move']({ ids: [key('one')], mailbox: await mailboxId(app, id, 'archive') });
    await app.handlers['message.delete']({ ids: [key('two')] });
    expect((await app.rows(id, 'inbox')).map((row) => row.subject)).toEqual(['three']);
    const subjects = (mailbox: string) =>
      other(user, mailbox, async (client) =>
        client.mailbox && client.mailbox.exists > 0
          ? (await client.fetchAll('1:*', { envelope: true })).map((one) => one.envelope?.subject)
          : [],
      );
    await app.until('moved on the server', async () => (await subjects('Archive')).join() === 'one');
    await app.until('in Trash on the server', async () => (await subjects('Trash')).join() === 'two');
    expect(await subjects('INBOX')).toEqual(['three']);
    // The same row, now with the UID of its new place: nothing was fetched or shown twice.
    await app.until('the new UID', async () => (await app.rows(id, 'trash'))[0]?.uid === 1);
    expect((await app.rows(id, 'trash'))[0]?.id).toBe(key('two'));
    await app.handlers['message.delete']({ ids: [key('two')] });
    expect(await app.rows(id, 'trash')).toEqual([]);
    await app.until('gone on the server', async () => (await subjects('Trash')).length === 0);
  });

  it('hears what another client deletes and moves into other mailboxes', async () => {
    const user = server.newUser();
    for (const name of ['a', 'b']) await server.deliver(user.email, letter(name));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'imap'), user.password);
    await online(app);
    await other(user, 'INBOX', (client) => client.messageMove('1', 'Archive'));
    await app.until(
      'gone here',
      async () => (await app.rows(id, 'inbox')).map((row) => row.subject).join() === 'b',
    );
    await app.handlers['account.sync']({ account: id });
    await app.until(
      'there now',
      async () => (await app.rows(id, 'archive')).map((row) => row.subject).join() === 'a',
    );
    expect((await app.rows(id, 'inbox')).map((row) => row.subject)).toEqual(['b']);
  });

  it('keeps what was done offline and tells the server after the next start', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('Later'));
    const profile = (await headless()).profile;
    const first = await headless(`${profile}/a`);
    const { id } = await first.accounts.add(settingsFor(server, user, 'imap'), user.password);
    await online(first);
    const [row] = await first.rows(id, 'inbox');
    if (!row) throw new Error('no row');
    await first.accounts.stop(id);
    await first.handlers['message.flag']({ ids: [row.id], set: ['flagged'], clear: [] });
    await first.close();
    const second = await headless(`${profile}/a`);
    expect((await second.rows(id, 'inbox'))[0]?.flags).toContain('flagged');
    await second.until('told', () =>
      other(user, 'INBOX', async (client) => {
        const found = await client.fetchOne('1', { flags: true });
        return found && found.flags?.has('\\Flagged');
      }),
    );
  });

  it('fetches no bodies ahead while it is paused, says so to a window that comes later, and through a change of settings', async () => {
    const user = server.newUser();
    for (const subject of ['a', 'b', 'c']) await server.deliver(user.email, letter(subject));
    const app = await headless();
    const settings = { ...settingsFor(server, user, 'imap'), keep: 'headers' as const };
    const { id } = await app.accounts.add(settings, user.password);
    await online(app);
    const stored = async () => (await app.rows(id, 'inbox')).filter((row) => row.stored).length;
    const paused = async () => (await app.handlers['app.snapshot'](undefined)).statuses[0]?.paused ?? false;
    await app.handlers['account.pause']({ account: id, paused: true });
    expect(await paused()).toBe(true);
    app.heard.length = 0;
    await app.handlers['account.keep']({ account: id, keep: 'all' });
    await online(app);
    await app.handlers['account.sync']({ account: id });
    expect(await paused()).toBe(true);
    expect(await stored()).toBe(0);
    await app.handlers['account.pause']({ account: id, paused: false });
    expect(await paused()).toBe(false);
    await app.until('the bodies', async () => (await stored()) === 3);
  });
});
