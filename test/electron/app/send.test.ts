import net from 'node:net';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { DraftEdit } from '../../../shared/model/draft.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

async function raws(user: MailUser, mailbox = 'INBOX'): Promise<string[]> {
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
  const found =
    client.mailbox && client.mailbox.exists > 0 ? await client.fetchAll('1:*', { source: true }) : [];
  await client.logout();
  return found.map((one) => String(one.source));
}

async function write(app: Headless, account: AccountId, change: Partial<DraftEdit>) {
  const id = await app.handlers['compose.new']({ account });
  const draft = await app.handlers['draft.get']({ draft: id });
  const { to, cc, bcc, subject, format, body } = draft;
  await app.handlers['draft.save']({ id, account, to, cc, bcc, subject, format, body, ...change });
  return id;
}

const to = (...users: MailUser[]) => users.map((user) => ({ name: '', address: user.email }));

describe.each(['tls', 'starttls'] as const)('submission over %s', (security) => {
  it('reaches To, Cc and Bcc; Bcc is in the Sent copy and never in the data', async () => {
    const [vera, oleg, lena, igor] = ['vera', 'oleg', 'lena', 'igor'].map((name) => server.newUser(name));
    if (!vera || !oleg || !lena || !igor) throw new Error('users');
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, vera, 'imap', security), vera.password);
    const draft = await write(app, id, {
      to: to(oleg),
      cc: to(lena),
      bcc: to(igor),
      subject: 'Смета на витрину',
      body: '<p>Вера согласна. <strong>Спасибо!</strong></p>',
    });
    await app.handlers['draft.attach']({
      draft,
      name: 'Чертёж.bin',
      type: 'application/octet-stream',
      bytes: Buffer.from([0, 1, 255, 10]),
    });
    await app.handlers['draft.send']({ draft });
    await app.until('sent', () => app.payloads('sent')[0]);
    for (const user of [oleg, lena, igor]) {
      const [raw] = await app.until(`arrived at ${user.email}`, async () => {
        const all = await raws(user);
        return all.length > 0 && all;
      });
      expect(raw).toContain('Cc: ');
      expect(raw).not.toMatch(/^bcc:/imu);
      expect(raw?.split('\r\n\r\n')[0]).not.toContain(user === igor ? 'Bcc' : igor.email);
    }
    const [copy] = await app.until('the copy on the server', async () => {
      const all = await raws(vera, 'Sent');
      return all.length > 0 && all;
    });
    expect(copy).toMatch(new RegExp(`^Bcc: ${igor.email}`, 'u'));
    const [row] = await app.until('the row knows its UID', async () => {
      const rows = await app.rows(id, 'sent');
      return rows[0]?.uid !== undefined && rows;
    });
    expect(row).toMatchObject({ subject: 'Смета на витрину', attachments: 1, flags: ['seen'] });
    await expect.poll(async () => (await app.handlers['app.snapshot']()).outbox).toEqual([]);
    await expect.poll(async () => (await app.handlers['app.snapshot']()).drafts).toEqual([]);
  });
});

describe('the outbox', () => {
  it('keeps the copy here for a POP3 account, and marks the answered letter', async () => {
    const vera = server.newUser('vera');
    await server.deliver(vera.email, letter('Question', 'How much?\r\n', `Reply-To: ${vera.email}\r\n`));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, vera, 'pop3'), vera.password);
    const [question] = await app.until('the question', async () => {
      const rows = await app.rows(id, 'inbox');
      return rows.length > 0 && rows;
    });
    if (!question) throw new Error('no question');
    const draft = await app.handlers['compose.answer']({ message: question.id, kind: 'reply' });
    const written = await app.handlers['draft.get']({ draft });
    expect(written).toMatchObject({
      subject: 'Re: Question',
      inReplyTo: question.messageId,
      to: [{ address: vera.email }],
    });
    expect(written.body).toContain('How much?');
    await app.handlers['draft.send']({ draft });
    const [sent] = await app.until('in Sent', async () => {
      const rows = await app.rows(id, 'sent');
      return rows.length > 0 && rows;
    });
    expect(sent?.subject).toBe('Re: Question');
    await expect
      .poll(async () => (await app.rows(id, 'inbox')).find((row) => row.id === question.id)?.flags)
      .toContain('answered');
    expect((await raws(vera, 'Sent')).length).toBe(0);
  });

  it('survives a restart and sends when the server is back', async () => {
    const vera = server.newUser('vera');
    const { profile } = await headless();
    const first = await headless(`${profile}/a`);
    const settings = settingsFor(server, vera, 'pop3');
    const { id } = await first.accounts.add(
      { ...settings, smtp: { ...settings.smtp, port: await closedPort() } },
      vera.password,
    );
    await first.handlers['draft.send']({
      draft: await write(first, id, { to: to(vera), subject: 'Patience' }),
    });
    const waiting = await first.until('waiting', async () => {
      const [item] = (await first.handlers['app.snapshot']()).outbox;
      return item?.state === 'waiting' && item;
    });
    expect(waiting).toMatchObject({ failure: { code: 'refused' }, recipients: [vera.email], attempts: 1 });
    await first.close();
    const second = await headless(`${profile}/a`);
    const [item] = (await second.handlers['app.snapshot']()).outbox;
    if (!item) throw new Error('the letter is gone');
    const account = await second.ports.store.account(id);
    if (!account) throw new Error('no account');
    await second.ports.store.updateAccount({ ...account, smtp: settings.smtp });
    await second.handlers['outbox.retry']({ message: item.message });
    await second.until('sent', () => second.payloads('sent')[0]);
    await second.until('arrived', async () => (await raws(vera)).length === 1);
  });

  it('says which recipient was refused and gives the letter back as it was', async () => {
    const vera = server.newUser('vera');
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, vera, 'pop3'), vera.password);
    const draft = await write(app, id, {
      to: [{ name: '', address: 'someone@elsewhere.example' }],
      subject: 'Far',
      body: '<p>kept</p>',
    });
    await app.handlers['draft.send']({ draft });
    const refused = await app.until('refused', async () => {
      const [item] = (await app.handlers['app.snapshot']()).outbox;
      return item?.state === 'refused' && item;
    });
    expect(refused.failure?.code).toBe('recipient-refused');
    expect(refused.failure?.detail).toContain('550');
    const back = await app.handlers['outbox.takeBack']({ message: refused.message });
    expect(await app.handlers['draft.get']({ draft: back })).toMatchObject({
      subject: 'Far',
      body: '<p>kept</p>',
    });
    expect((await app.handlers['app.snapshot']()).outbox).toEqual([]);
  });

  it('calls a letter “may have been sent” when the line breaks after the final dot, and does not send it again', async () => {
    let data = 0;
    const breaker = net.createServer((socket) => {
      socket.write('220 breaker\r\n');
      let inData = false;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        const text = chunk.toString();
        if (inData) {
          if (text.endsWith('\r\n.\r\n')) socket.destroy();
          return;
        }
        for (const line of text.split('\r\n').filter(Boolean)) {
          if (line.startsWith('EHLO')) socket.write('250-breaker\r\n250 AUTH PLAIN\r\n');
          else if (line.startsWith('AUTH')) socket.write('235 ok\r\n');
          else if (line === 'DATA') {
            data += 1;
            inData = true;
            socket.write('354 go\r\n');
          } else socket.write('250 ok\r\n');
        }
      });
    });
    await new Promise<void>((resolve) => breaker.listen(0, '127.0.0.1', resolve));
    const { port } = breaker.address() as net.AddressInfo;
    const vera = server.newUser('vera');
    const app = await headless();
    const settings = settingsFor(server, vera, 'pop3');
    const smtp = { host: '127.0.0.1', port, security: 'none' as const, user: 'vera' };
    const { id } = await app.accounts.add({ ...settings, smtp }, vera.password);
    await app.handlers['draft.send']({ draft: await write(app, id, { to: to(vera), subject: 'Maybe' }) });
    await app.until(
      'maybe sent',
      async () => (await app.handlers['app.snapshot']()).outbox[0]?.state === 'maybe-sent',
    );
    await app.accounts.outbox.start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(data).toBe(1);
    breaker.close();
  });
});

async function closedPort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
