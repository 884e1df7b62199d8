import net from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Pop3Link, WireLog } from '../../../../electron/app/ports-engine.ts';
import { openPop3 } from '../../../../electron/engine/pop3/session.ts';
import { Journal } from '../../../../electron/wire/journal.ts';
import type { ServerSettings } from '../../../../shared/model/account.ts';
import { letter } from '../../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});

const log = (): WireLog => new Journal({ publish: () => undefined });

function connect(user: MailUser, change: Partial<ServerSettings> = {}): Promise<Pop3Link> {
  const settings: ServerSettings = {
    host: '127.0.0.1',
    port: server.ports.pop3s,
    security: 'tls',
    user: user.email,
    trusted: server.trusted,
    ...change,
  };
  return openPop3({ email: user.email, server: settings, password: user.password, purpose: 'test' }, log());
}

describe('a POP3 session with a real server', () => {
  it('counts, lists, looks into a message, takes marks back and confirms the end', async () => {
    const user = server.newUser();
    for (const name of ['one', 'two'])
      await server.deliver(user.email, letter(name, 'first line\r\nsecond line\r\n'));
    const link = await connect(user);
    const { count, bytes } = await link.stat();
    const listed = await link.list();
    expect(count).toBe(2);
    expect(listed.map((one) => one.size).reduce((sum, size) => sum + size, 0)).toBe(bytes);
    expect(new Set(listed.map((one) => one.uidl)).size).toBe(2);
    const top = Buffer.from(await link.top(1, 1)).toString();
    expect(top).toContain('Subject: one\r\n');
    expect(top).toMatch(/\r\n\r\nfirst line\r\n$/u);
    await link.noop();
    await link.remove([1, 2]);
    await link.reset();
    expect(await link.quit()).toBe(true);
    const again = await connect(user);
    expect((await again.stat()).count).toBe(2);
    await again.remove([2]);
    expect(await again.quit()).toBe(true);
    const last = await connect(user);
    expect((await last.list()).map((one) => one.uidl)).toEqual([listed[0]?.uidl]);
    await last.quit();
  });

  it('looks into many messages, tells what it can do, and follows a download', async () => {
    const user = server.newUser();
    for (const name of ['one', 'two', 'three']) await server.deliver(user.email, letter(name, 'text\r\n'));
    const link = await connect(user);
    const tops: [number, boolean][] = [];
    await link.tops([3, 1, 9], 0, async (batch) => {
      for (const { number, bytes } of batch)
        tops.push([number, Buffer.from(bytes ?? []).includes('Subject: ')]);
    });
    expect(tops).toEqual([
      [3, true],
      [1, true],
      [9, false],
    ]);
    const listed = await link.list();
    const seen: { messages: number; bytes: number }[] = [];
    const missed = await link.download(listed, async () => undefined, { progress: (one) => seen.push(one) });
    expect(missed).toEqual([]);
    expect(seen.at(-1)).toEqual({ messages: 3, bytes: listed.reduce((sum, one) => sum + one.size, 0) });
    expect(link.abilities()).toMatchObject({
      mechanism: 'SCRAM-SHA-256',
      uidl: true,
      top: true,
      pipelining: true,
    });
    await link.quit();
  });

  it('takes all marks back when one is refused', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('kept'));
    const link = await connect(user);
    await expect(link.remove([1, 7])).rejects.toMatchObject({ failure: { code: 'server-refused' } });
    await link.quit();
    const again = await connect(user);
    expect((await again.stat()).count).toBe(1);
    await again.quit();
  });
});

/** A server that says what no honest one says: each command is answered by the table. */
async function scripted(answers: Record<string, string>): Promise<{ port: number; close(): void }> {
  const listener = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('+OK ready\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        socket.write(answers[line] ?? answers[line.split(' ')[0] ?? ''] ?? '+OK\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { port: (listener.address() as net.AddressInfo).port, close: () => listener.close() };
}

describe('a POP3 session with a strange server', () => {
  const user = { email: 'vera@example.test', password: 'a password' };
  const plain = { security: 'none', user: 'vera' } as const;

  it('logs in by USER and PASS where nothing else is offered, and works without UIDL', async () => {
    const strange = await scripted({
      CAPA: '-ERR what?\r\n',
      STAT: '+OK 1 5\r\n',
      LIST: '+OK\r\n1 5\r\n.\r\n',
      UIDL: '-ERR what?\r\n',
    });
    const link = await connect(user, { ...plain, port: strange.port });
    expect(await link.list()).toEqual([{ number: 1, size: 5, uidl: '' }]);
    link.close();
    strange.close();
  });

  it('trusts no listing that contradicts itself', async () => {
    const strange = await scripted({
      CAPA: '+OK\r\nUSER\r\nUIDL\r\n.\r\n',
      STAT: '+OK 3 15\r\n',
      LIST: '+OK\r\n1 5\r\n2 5\r\n.\r\n',
      UIDL: '+OK\r\n1 a\r\n2 b\r\n.\r\n',
    });
    const link = await connect(user, { ...plain, port: strange.port });
    await expect(link.list()).rejects.toMatchObject({ failure: { code: 'server-refused' } });
    link.close();
    strange.close();
  });

  it('ends a download in the middle of a message: what was whole is told, nothing else', async () => {
    const strange = await scripted({
      CAPA: '+OK\r\nUSER\r\nPIPELINING\r\n.\r\n',
      'RETR 2': '+OK\r\nSubject: two\r\n\r\nx\r\n.\r\n',
      'RETR 1': '+OK\r\nSubject: half',
    });
    const link = await connect(user, { ...plain, port: strange.port });
    const stored: string[] = [];
    const end = new AbortController();
    const wanted = [2, 1].map((number) => ({ number, size: 0, uidl: String(number) }));
    const done = link.download(
      wanted,
      async (batch) => void stored.push(...batch.map((one) => String(one.uidl))),
      {
        signal: end.signal,
        progress: ({ bytes }) => {
          // The first is 19 bytes long.
          if (bytes > 19) end.abort();
        },
      },
    );
    await expect(done).resolves.toEqual([]);
    expect(stored).toEqual(['2']);
    strange.close();
  });

  it('says APOP only to who asks for it', async () => {
    const strange = await scripted({ CAPA: '-ERR\r\n', APOP: '+OK\r\n', USER: '-ERR\r\n' });
    const here = { ...plain, port: strange.port };
    await expect(connect(user, here)).rejects.toMatchObject({ failure: { code: 'wrong-password' } });
    // Its greeting has no timestamp.
    await expect(connect(user, { ...here, apop: true })).rejects.toMatchObject({
      failure: { code: 'no-login' },
    });
    strange.close();
  });

  it('says that the mailbox is in use', async () => {
    const strange = await scripted({ CAPA: '-ERR\r\n', PASS: '-ERR [IN-USE] another session\r\n' });
    await expect(connect(user, { ...plain, port: strange.port })).rejects.toMatchObject({
      failure: { code: 'mailbox-locked', detail: '[IN-USE] another session' },
    });
    strange.close();
  });

  it('fails in words when the connection breaks in the middle of a message', async () => {
    const strange = await scripted({
      CAPA: '-ERR\r\n',
      STAT: '+OK 1 500\r\n',
      LIST: '+OK\r\n1 500\r\n.\r\n',
      UIDL: '+OK\r\n1 a\r\n.\r\n',
      RETR: '+OK\r\nSubject: half',
    });
    const link = await connect(user, { ...plain, port: strange.port });
    const stored: number[] = [];
    const download = link.download(await link.list(), async (batch) => void stored.push(batch.length));
    setTimeout(() => link.close(), 100);
    await expect(download).rejects.toMatchObject({ failure: { code: 'connection-lost' } });
    expect(stored).toEqual([]);
    strange.close();
  });
});
