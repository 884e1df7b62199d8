import { connect } from 'node:net';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';
import { OLEG, VERA, startPractice } from '../../../electron/practice/server.ts';
import type { PracticeOptions, PracticeServer } from '../../../electron/practice/server.ts';
import { mail } from './talk.ts';

const running: { stop(): Promise<void> }[] = [];

async function start(options: PracticeOptions = {}): Promise<PracticeServer> {
  const server = await startPractice({ seed: false, ...options });
  running.push(server);
  return server;
}

async function imap(server: PracticeServer, user = VERA): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: server.host,
    port: server.ports.imap,
    secure: false,
    doSTARTTLS: false,
    auth: { user: user.email, pass: user.password },
    logger: false,
  });
  await client.connect();
  running.unshift({ stop: async () => client.close() });
  return client;
}

function smtp(server: PracticeServer, authMethod: 'PLAIN' | 'LOGIN'): ReturnType<typeof createTransport> {
  return createTransport({
    host: server.host,
    port: server.ports.smtp,
    secure: false,
    ignoreTLS: true,
    authMethod,
    auth: { user: VERA.email, pass: VERA.password },
  });
}

const inboxOf = async (client: ImapFlow): Promise<string[]> => {
  const lock = await client.getMailboxLock('INBOX');
  try {
    if (client.mailbox === false || client.mailbox.exists === 0) return [];
    const messages = await client.fetchAll('1:*', { source: true });
    return messages.map((message) => message.source?.toString('latin1') ?? '');
  } finally {
    lock.release();
  }
};

async function until<T>(what: () => T | undefined, ms = 2000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const got = what();
    if (got !== undefined) return got;
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

describe('imapflow', () => {
  it('lists the mailboxes with their uses', async () => {
    const client = await imap(await start());
    const list = await client.list({ statusQuery: { messages: true, unseen: true } });
    const byPath = new Map(list.map((mailbox) => [mailbox.path, mailbox]));
    expect([...byPath.keys()].sort()).toEqual(
      ['Archive', 'Drafts', 'INBOX', 'Junk', 'Projects', 'Projects/Glass', 'Sent', 'Trash', 'Витрина'].sort(),
    );
    expect(byPath.get('Sent')?.specialUse).toBe('\\Sent');
    expect(byPath.get('INBOX')?.status?.messages).toBe(0);
    await client.mailboxCreate(['Проекты', 'Стекло & свет']);
    expect((await client.list()).map((mailbox) => mailbox.path)).toContain('Проекты/Стекло & свет');
    await client.mailboxRename('Проекты', 'Дела');
    await client.mailboxDelete('Дела/Стекло & свет');
    expect((await client.list()).map((mailbox) => mailbox.path)).toContain('Дела');
  });

  it('appends, fetches, flags, searches, moves', async () => {
    const client = await imap(await start());
    const raw = mail(
      'From: a@example.org\nSubject: first\nContent-Type: text/plain; charset=utf-8\n\nпривет\n',
    );
    const appended = await client.append(
      'INBOX',
      Buffer.from(raw),
      ['\\Seen', 'work'],
      new Date('2026-07-17T00:00:00Z'),
    );
    expect(appended && appended.uid).toBe(1);
    const lock = await client.getMailboxLock('INBOX');
    const query = {
      source: true,
      envelope: true,
      bodyStructure: true,
      flags: true,
      internalDate: true,
      size: true,
    } as const;
    const message = await client.fetchOne('1', { ...query, bodyParts: ['1'] }, { uid: true });
    if (!message) throw new Error('no message');
    expect(message.source?.equals(raw)).toBe(true);
    expect(message.envelope?.subject).toBe('first');
    expect(message.bodyStructure?.type).toBe('text/plain');
    expect(message.bodyParts?.get('1')?.toString()).toBe('привет\r\n');
    expect(message.flags?.has('\\Seen') && message.flags.has('work')).toBe(true);
    expect(new Date(message.internalDate ?? 0).toISOString()).toBe('2026-07-17T00:00:00.000Z');
    expect(await client.messageFlagsAdd('1', ['\\Flagged'], { uid: true })).toBe(true);
    expect(await client.search({ flagged: true, body: 'привет' }, { uid: true })).toEqual([1]);
    const moved = await client.messageMove('1', 'Витрина', { uid: true });
    expect(moved && moved.uidMap?.get(1)).toBe(1);
    expect(client.mailbox && client.mailbox.exists).toBe(0);
    lock.release();
    await client.logout();
  });

  it('hears of new mail within a second while it idles', async () => {
    const server = await start();
    const client = await imap(server);
    await client.mailboxOpen('INBOX');
    let seen: number | undefined;
    client.on('exists', (event: { count: number }) => {
      seen = event.count;
    });
    void client.idle();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const sent = Date.now();
    server.deliver(mail('Subject: new\n\nx\n'), VERA.email);
    expect(await until(() => seen)).toBe(1);
    expect(Date.now() - sent).toBeLessThan(1000);
  });
});

describe('nodemailer', () => {
  for (const method of ['PLAIN', 'LOGIN'] as const) {
    it(`submits with AUTH ${method}; Bcc gets the letter and nobody sees it`, async () => {
      const server = await start();
      const sent = await smtp(server, method).sendMail({
        from: VERA.email,
        to: OLEG.email,
        bcc: VERA.email,
        subject: 'Проба',
        text: '.dot\n..\nпривет',
      });
      expect(sent.accepted).toEqual([OLEG.email, VERA.email]);
      const copies = [
        ...(await inboxOf(await imap(server, OLEG))),
        ...(await inboxOf(await imap(server, VERA))),
      ];
      expect(copies).toHaveLength(2);
      for (const copy of copies) {
        expect(copy).toMatch(/^Return-Path: <vera@practice.test>\r\nReceived: from /);
        expect(copy).not.toMatch(/^bcc:/im);
        expect(copy).not.toContain('for <');
      }
    });
  }

  it('learns which recipient was refused', async () => {
    const server = await start();
    const info = await smtp(server, 'PLAIN').sendMail({
      from: VERA.email,
      to: [OLEG.email, 'nobody@practice.test'],
      text: 'x',
    });
    expect(info.accepted).toEqual([OLEG.email]);
    expect(info.rejected).toEqual(['nobody@practice.test']);
    await expect(
      smtp(server, 'PLAIN').sendMail({ from: VERA.email, to: 'x@example.org', text: 'x' }),
    ).rejects.toThrow(/550 5\.7\.1/);
  });
});

describe('the server', () => {
  it('speaks POP3 with the same mailbox', async () => {
    const server = await start();
    const raw = mail('Subject: a\n\n.\nbody\n');
    server.deliver(raw, VERA.email);
    const socket = connect(server.ports.pop3, server.host);
    let heard = '';
    socket.on('data', (bytes) => (heard += bytes.toString('latin1')));
    socket.write('USER vera@practice.test\r\nPASS amber-pane\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n');
    await new Promise((resolve) => socket.on('end', resolve));
    expect(heard).toContain('octets\r\nSubject: a\r\n\r\n..\r\nbody\r\n.\r\n');
    expect(await inboxOf(await imap(server))).toHaveLength(0);
  });

  it('lets Oleg answer Vera', async () => {
    const server = await start({ autoAnswer: true });
    const client = await imap(server);
    await smtp(server, 'PLAIN').sendMail({
      from: VERA.email,
      to: OLEG.email,
      subject: 'Чертёж',
      text: 'Готов ли чертёж?\nВера',
      messageId: '<q1@practice.test>',
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const [answer = ''] = await inboxOf(client);
    expect(answer).toContain('In-Reply-To: <q1@practice.test>\r\nReferences: <q1@practice.test>\r\n');
    expect(Buffer.from(answer, 'latin1').toString()).toContain('> Готов ли чертёж?\r\n');
  });

  it('listens on loopback only', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org', '127.0.0.1.example.org', ''])
      await expect(startPractice({ host, seed: false })).rejects.toThrow(/loopback/);
    expect((await start({ host: 'localhost' })).ports.imap).toBeGreaterThan(0);
  });

  it('gives back the ports it had when one of them is taken', async () => {
    const server = await start();
    const free = await start();
    const { smtp: port } = free.ports;
    await free.stop();
    await expect(
      startPractice({ ports: { smtp: port, pop3: server.ports.pop3, imap: 0 }, seed: false }),
    ).rejects.toThrow(/EADDRINUSE/);
    await start({ ports: { smtp: port, pop3: 0, imap: 0 } });
  });

  it('survives clients that go away in the middle, and stops with clients connected', async () => {
    const server = await start();
    for (const [port, text] of [
      [server.ports.imap, 'A LOGIN {5}\r\nab'],
      [server.ports.smtp, '\0\0\xff'],
      [server.ports.pop3, 'USER'],
    ] as const) {
      const socket = connect(port, server.host);
      socket.on('error', () => undefined);
      await new Promise<void>((resolve) => socket.on('connect', resolve));
      socket.write(text, () => socket.resetAndDestroy());
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    const last = connect(server.ports.imap, server.host);
    let heard = '';
    last.on('data', (bytes) => (heard += bytes.toString()));
    await until(() => (heard === '' ? undefined : heard));
    await server.stop();
    expect(heard).toContain('* BYE the practice server stops');
  });
});
