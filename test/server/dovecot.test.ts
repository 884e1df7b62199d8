import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { createInterface } from 'node:readline/promises';
import { ImapFlow } from 'imapflow';
import nodemailer, { type Transporter } from 'nodemailer';
import { beforeAll, describe, expect, it } from 'vitest';
import { mailServer, type MailServer, type MailUser } from './mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});

const MESSAGE = 'From: a@example.test\r\nTo: b@example.test\r\nSubject: Привет\r\n\r\nHello\r\n.dot\r\n';

function imap(user: MailUser, secure: boolean): ImapFlow {
  return new ImapFlow({
    host: server.host,
    port: secure ? server.ports.imaps : server.ports.imap,
    secure,
    ...(secure ? {} : { doSTARTTLS: true }),
    tls: { ca: server.ca },
    auth: { user: user.email, pass: user.password },
    logger: false,
  });
}

async function inbox(user: MailUser): Promise<string[]> {
  const client = imap(user, true);
  await client.connect();
  await client.mailboxOpen('INBOX');
  const found: string[] = [];
  for await (const message of client.fetch('1:*', { source: true })) found.push(String(message.source));
  await client.logout();
  return found;
}

/** The answers to a few one-line POP3 commands, the greeting first. */
async function pop3(socket: net.Socket, commands: readonly string[]): Promise<string[]> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answers = [String((await lines.next()).value)];
  for (const command of commands) {
    socket.write(`${command}\r\n`);
    answers.push(String((await lines.next()).value));
  }
  socket.destroy();
  return answers;
}

describe('IMAP', () => {
  it.each([
    ['TLS', true],
    ['STARTTLS', false],
  ])('logs in over %s and has the special folders', async (_name, secure) => {
    const client = imap(server.newUser(), secure);
    await client.connect();
    expect(client.secureConnection).toBe(true);
    const uses = (await client.list()).map((mailbox) => mailbox.specialUse);
    expect(uses).toEqual(expect.arrayContaining(['\\Drafts', '\\Sent', '\\Trash', '\\Junk', '\\Archive']));
    await client.logout();
  });

  it('refuses a wrong password', async () => {
    const client = imap({ ...server.newUser(), password: 'wrong' }, true);
    await expect(client.connect()).rejects.toMatchObject({ authenticationFailed: true });
  });

  it('has what was delivered, byte for byte', async () => {
    const user = server.newUser();
    await server.deliver(user.email, MESSAGE);
    const [source] = await inbox(user);
    expect(source?.endsWith(MESSAGE)).toBe(true);
  });
});

describe('POP3', () => {
  it('lists what was delivered, over TLS', async () => {
    const user = server.newUser();
    await server.deliver(user.email, MESSAGE);
    const socket = tls.connect({ host: server.host, port: server.ports.pop3s, ca: server.ca });
    const answers = await pop3(socket, [`USER ${user.email}`, `PASS ${user.password}`, 'STAT', 'QUIT']);
    expect(answers[2]).toBe('+OK Logged in.');
    expect(answers[3]).toMatch(/^\+OK 1 /);
  });

  it('takes a password after STLS', async () => {
    const user = server.newUser();
    const plain = net.connect(server.ports.pop3, server.host);
    expect(String(await once(plain, 'data'))).toMatch(/^\+OK/);
    plain.write('STLS\r\n');
    expect(String(await once(plain, 'data'))).toMatch(/^\+OK/);
    const secure = tls.connect({ socket: plain, host: server.host, ca: server.ca });
    secure.write(`USER ${user.email}\r\n`);
    expect(String(await once(secure, 'data'))).toMatch(/^\+OK/);
    secure.write(`PASS ${user.password}\r\n`);
    expect(String(await once(secure, 'data'))).toMatch(/^\+OK Logged in/);
    secure.destroy();
  });
});

describe('submission', () => {
  it.each([
    ['STARTTLS', false],
    ['TLS', true],
  ])('takes a message over %s and delivers it', async (_name, secure) => {
    const [from, to] = [server.newUser('from'), server.newUser('to')];
    const transport = submission(from, secure);
    await transport.sendMail({ from: from.email, to: to.email, subject: 'by submission', text: 'Hello' });
    transport.close();
    const [source] = await inbox(to);
    expect(source).toContain('Subject: by submission\r\n');
  });

  it('refuses a wrong password, an unknown mailbox and the rest of the world', async () => {
    const user = server.newUser();
    const wrong = submission({ ...user, password: 'wrong' }, true);
    await expect(wrong.sendMail({ from: user.email, to: user.email, text: 'x' })).rejects.toMatchObject({
      code: 'EAUTH',
    });
    const right = submission(user, true);
    for (const to of ['nobody-there@example.test', 'someone@example.org']) {
      await expect(right.sendMail({ from: user.email, to, text: 'x' })).rejects.toMatchObject({
        responseCode: 550,
      });
    }
    right.close();
  });
});

function submission(user: MailUser, secure: boolean): Transporter {
  return nodemailer.createTransport({
    host: server.host,
    port: secure ? server.ports.submissions : server.ports.submission,
    secure,
    requireTLS: !secure,
    tls: { ca: server.ca },
    auth: { user: user.email, pass: user.password },
  });
}
