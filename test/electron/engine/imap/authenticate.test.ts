// How IMAP logs in: each mechanism against Dovecot, and a server that answers as no honest one does.
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Login, Recorder, WireLog } from '../../../../electron/app/ports-engine.ts';
import { openImap } from '../../../../electron/engine/imap/open.ts';
import { Redactor } from '../../../../electron/wire/redact.ts';
import { splitterFor } from '../../../../electron/wire/split.ts';
import { mailServer, type MailServer } from '../../../server/mail-server.ts';

let dovecot: MailServer;
beforeAll(async () => {
  dovecot = await mailServer();
});
const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Keeps what a person would see of the wire. */
class Seen {
  readonly lines: string[] = [];
  readonly log: WireLog;
  constructor() {
    const open: WireLog['open'] = (plan) => {
      const splitter = splitterFor('imap');
      const redactor = new Redactor('imap', plan.secrets, plan.server.user);
      const recorder: Recorder = {
        connection: 1 as Recorder['connection'],
        sink: (from, chunk) => {
          for (const piece of splitter.feed(from, Buffer.from(chunk))) {
            this.lines.push(`${from === 'client' ? 'C' : 'S'} ${redactor.redact(piece).text}`);
          }
        },
        note: () => undefined,
        close: () => undefined,
      };
      return recorder;
    };
    this.log = { open } as WireLog;
  }
  get client(): string[] {
    return this.lines.filter((line) => line.startsWith('C ')).map((line) => line.slice(2));
  }
}

/**
 * A server in clear text on this computer which offers what is given and takes or refuses as told.
 * @param answer what is said to a client's line: lines of the server, with `TAG` for the tag of the login
 */
async function scripted(
  capabilities: string,
  answer: (line: string, tag: string) => string | undefined,
): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const serve = (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.write(`* OK [CAPABILITY IMAP4rev1 ${capabilities}] hello\r\n`);
    let tag = '';
    let rest = '';
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (let at = rest.indexOf('\r\n'); at >= 0; at = rest.indexOf('\r\n')) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        heard.push(line);
        const command = /^(\S+) ([A-Z]+)(?: |$)/u.exec(line);
        if (command) tag = command[1] ?? '';
        const given = answer(line, tag);
        if (given !== undefined) socket.write(given);
        else if (command) {
          const more = command[2] === 'CAPABILITY' ? `* CAPABILITY IMAP4rev1 ${capabilities}\r\n` : '';
          socket.write(`${more}${tag} OK\r\n`);
        }
      }
    });
  };
  const server = net.createServer(serve).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, heard };
}

const login = (port: number, more: Partial<Login> = {}): Login => ({
  email: 'vera@example.test',
  server: { host: '127.0.0.1', port, security: 'none', user: 'vera' },
  password: 'secret word',
  purpose: 'mail',
  ...more,
});

describe('Dovecot', () => {
  const CHOICES = [
    ['SCRAM-SHA-256', ['SCRAM-SHA-256', 'CRAM-MD5', 'PLAIN', 'LOGIN']],
    ['CRAM-MD5', ['CRAM-MD5', 'PLAIN', 'LOGIN']],
    ['PLAIN', ['PLAIN', 'LOGIN']],
    ['LOGIN', ['LOGIN']],
  ] as const;

  /** Between the program and Dovecot: leaves out of the capabilities what is not to be used. */
  async function through(kept: readonly string[], withInitial: boolean): Promise<number> {
    const server = net
      .createServer((socket) => {
        const far = net.connect(dovecot.ports.imap, '127.0.0.1');
        for (const one of [socket, far]) one.on('error', () => undefined);
        socket.on('close', () => far.destroy());
        far.on('close', () => socket.destroy());
        socket.on('data', (chunk) => far.write(chunk));
        far.on('data', (chunk) => {
          const text = chunk.toString('latin1').replace(/ AUTH=([\w-]+)/gu, (all, name: string) => {
            return kept.includes(name) ? all : '';
          });
          socket.write(Buffer.from(withInitial ? text : text.replace(' SASL-IR', ''), 'latin1'));
        });
      })
      .listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  describe.each(CHOICES)('%s', (name, kept) => {
    it.each([true, false])('lets in, with an initial response: %s; no secret is seen', async (initial) => {
      const user = dovecot.newUser();
      const seen = new Seen();
      const port = await through(kept, initial);
      const server = { host: '127.0.0.1', port, security: 'none' as const, user: user.email };
      const link = await openImap(
        login(port, { email: user.email, password: user.password, server }),
        seen.log,
      );
      await link.list();
      await link.close();
      expect(seen.client.find((line) => line.includes('AUTHENTICATE'))).toContain(` AUTHENTICATE ${name}`);
      const text = seen.lines.join('\n');
      expect(text).not.toContain(user.password);
      expect(text).not.toContain(Buffer.from(user.password).toString('base64'));
      expect(text).not.toMatch(/[A-Za-z0-9+/]{40}/u);
    });

    it('tells a wrong password from a mechanism that is not there', async () => {
      const user = dovecot.newUser();
      const port = await through(kept, true);
      const server = { host: '127.0.0.1', port, security: 'none' as const, user: user.email };
      const opening = openImap(login(port, { email: user.email, server, password: 'wrong' }), new Seen().log);
      await expect(opening).rejects.toMatchObject({ failure: { code: 'wrong-password' } });
    });
  });

  it('the LOGIN command where no mechanism is offered', async () => {
    const user = dovecot.newUser();
    const seen = new Seen();
    const port = await through([], true);
    const server = { host: '127.0.0.1', port, security: 'none' as const, user: user.email };
    const link = await openImap(
      login(port, { email: user.email, password: user.password, server }),
      seen.log,
    );
    await link.close();
    expect(seen.client.filter((line) => / LOGIN /u.test(line))).toHaveLength(1);
    expect(seen.lines.join('\n')).not.toContain(user.password);
  });

  it.each(['OAUTHBEARER', 'XOAUTH2'])('a token by %s, and never the password', async (name) => {
    const user = dovecot.newUser();
    const seen = new Seen();
    const port = await through([name, 'PLAIN', 'LOGIN'], true);
    const server = { host: '127.0.0.1', port, security: 'none' as const, user: user.email };
    const link = await openImap(login(port, { ...user, server }), seen.log);
    await link.close();
    expect(seen.client.find((line) => line.includes('AUTHENTICATE'))).toContain(` AUTHENTICATE ${name}`);
    expect(seen.lines.join('\n')).not.toContain(user.token);
    const stale = openImap(login(port, { ...user, server, token: 'b2xkIHRva2Vu' }), new Seen().log);
    await expect(stale).rejects.toMatchObject({ failure: { code: 'wrong-password' } });
  });
});

describe('a server of its own kind', () => {
  it('that refuses a mechanism is asked by the next', async () => {
    const { port, heard } = await scripted(
      'AUTH=SCRAM-SHA-256 AUTH=CRAM-MD5 AUTH=PLAIN SASL-IR',
      (line, tag) => {
        if (line.includes('SCRAM')) return `${tag} NO [CANNOT] not for you\r\n`;
        if (line.includes('CRAM')) return `${tag} BAD what is that\r\n`;
        return undefined;
      },
    );
    const link = await openImap(login(port), new Seen().log);
    await link.close();
    expect(heard.filter((line) => line.includes('AUTHENTICATE')).map((line) => line.split(' ')[2])).toEqual([
      'SCRAM-SHA-256',
      'CRAM-MD5',
      'PLAIN',
    ]);
  });

  it('that refuses the password is asked once', async () => {
    const { port, heard } = await scripted('AUTH=PLAIN AUTH=LOGIN SASL-IR', (line, tag) =>
      line.includes('AUTHENTICATE') ? `${tag} NO not you\r\n` : undefined,
    );
    await expect(openImap(login(port), new Seen().log)).rejects.toMatchObject({
      failure: { code: 'wrong-password', detail: expect.stringContaining('not you') as string },
    });
    expect(heard.filter((line) => /AUTHENTICATE|LOGIN/u.test(line))).toHaveLength(1);
  });

  it('that is busy has not refused the password', async () => {
    const { port } = await scripted('AUTH=PLAIN SASL-IR', (line, tag) =>
      line.includes('AUTHENTICATE') ? `${tag} NO [UNAVAILABLE] later\r\n` : undefined,
    );
    await expect(openImap(login(port), new Seen().log)).rejects.toMatchObject({
      failure: { code: 'server-refused' },
    });
  });

  it('that says LOGINDISABLED hears no password', async () => {
    const { port, heard } = await scripted('LOGINDISABLED', () => undefined);
    await expect(openImap(login(port), new Seen().log)).rejects.toMatchObject({
      failure: { code: 'no-login' },
    });
    expect(heard.join('\n')).not.toMatch(/LOGIN |secret/u);
  });

  it('that takes no token hears no password in its place', async () => {
    const { port, heard } = await scripted('AUTH=PLAIN AUTH=LOGIN', () => undefined);
    await expect(openImap(login(port, { token: 'abc' }), new Seen().log)).rejects.toMatchObject({
      failure: { code: 'no-login' },
    });
    expect(heard.join('\n')).not.toMatch(/AUTHENTICATE|LOGIN /u);
  });

  it('that says what is wrong with a token is quoted', async () => {
    const wrong = Buffer.from('{"status":"invalid_token"}').toString('base64');
    const { port, heard } = await scripted('AUTH=OAUTHBEARER SASL-IR', (line, tag) => {
      if (line.includes('AUTHENTICATE')) return `+ ${wrong}\r\n`;
      return line === 'AQ==' ? `${tag} NO expired\r\n` : undefined;
    });
    await expect(openImap(login(port, { token: 'abc' }), new Seen().log)).rejects.toMatchObject({
      failure: { code: 'wrong-password', detail: expect.stringContaining('invalid_token') as string },
    });
    expect(heard).toContain('AQ==');
  });

  it('that asks for 2^31 rounds of SCRAM is left at once, and no weaker way is tried', async () => {
    const { port, heard } = await scripted('AUTH=SCRAM-SHA-256 AUTH=PLAIN SASL-IR', (line) => {
      const first = /AUTHENTICATE SCRAM-SHA-256 (\S+)/u.exec(line)?.[1];
      if (first === undefined) return undefined;
      const nonce = /r=(.*)$/u.exec(Buffer.from(first, 'base64').toString())?.[1] ?? '';
      return `+ ${Buffer.from(`r=${nonce}x,s=c2FsdA==,i=2147483648`).toString('base64')}\r\n`;
    });
    const began = performance.now();
    await expect(openImap(login(port), new Seen().log)).rejects.toMatchObject({
      failure: { code: 'server-refused', detail: expect.stringContaining('2147483648') as string },
    });
    expect(performance.now() - began).toBeLessThan(2000);
    expect(heard.join('\n')).not.toContain('PLAIN');
  });

  it.each(['+ dj1BQUFB\r\n', 'TAG OK in\r\n'])('that proves nothing in SCRAM (%j) is left', async (last) => {
    const { port } = await scripted('AUTH=SCRAM-SHA-256 SASL-IR', (line, tag) => {
      const first = /AUTHENTICATE SCRAM-SHA-256 (\S+)/u.exec(line)?.[1];
      if (first !== undefined) {
        const nonce = /r=(.*)$/u.exec(Buffer.from(first, 'base64').toString())?.[1] ?? '';
        return `+ ${Buffer.from(`r=${nonce}x,s=c2FsdA==,i=4096`).toString('base64')}\r\n`;
      }
      return /^[A-Za-z0-9+/=]{30,}$/u.test(line) ? last.replace('TAG', tag) : undefined;
    });
    await expect(openImap(login(port), new Seen().log)).rejects.toMatchObject({
      failure: { code: 'server-unproven' },
    });
  });
});
