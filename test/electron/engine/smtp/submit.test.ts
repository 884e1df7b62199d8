import { once } from 'node:events';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Login } from '../../../../electron/app/ports-engine.ts';
import { submit } from '../../../../electron/engine/smtp/submit.ts';
import { Journal } from '../../../../electron/wire/journal.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Script {
  ehlo: string[];
  /** Answers by the beginning of a command; everything else is accepted. */
  answers?: Record<string, string>;
}

/** A server on loopback that answers by a table, and what it was told. */
async function scripted(script: Script): Promise<{ login: Login; heard: string[]; data: () => string }> {
  const heard: string[] = [];
  let data = '';
  const listener = net.createServer((socket) => {
    let inData = false;
    let rest = '';
    socket.on('error', () => undefined);
    socket.write('220 scripted\r\n');
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (;;) {
        const end = inData ? rest.indexOf('\r\n.\r\n') : rest.indexOf('\r\n');
        if (end < 0) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + (inData ? 5 : 2));
        if (inData) {
          data = `${line}\r\n`;
          inData = false;
          socket.write(script.answers?.['.'] ?? '250 kept\r\n');
          continue;
        }
        heard.push(line);
        const answer = Object.entries(script.answers ?? {}).find(([start]) => line.startsWith(start))?.[1];
        if (line.startsWith('EHLO')) {
          const lines = ['scripted', ...script.ehlo];
          socket.write(
            lines.map((one, at) => `250${at === lines.length - 1 ? ' ' : '-'}${one}\r\n`).join(''),
          );
        } else if (answer !== undefined) socket.write(answer);
        else if (line === 'DATA') {
          inData = true;
          socket.write('354 go\r\n');
        } else socket.write('250 fine\r\n');
      }
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  closers.push(() => listener.close());
  const { port } = listener.address() as net.AddressInfo;
  const server = { host: '127.0.0.1', port, security: 'none' as const, user: 'vera' };
  return {
    login: { email: 'vera@example.test', server, password: 'a long password', purpose: 'test' },
    heard,
    data: () => data,
  };
}

const wire = new Journal({ publish: () => undefined });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const MESSAGE = Buffer.from(
  'From: a@example.test\r\nSubject: x\r\n\r\n.a line with a dot\r\n..two\r\nend\r\n',
);
const send = (login: Login, ...to: string[]) =>
  submit(login, { from: 'vera@example.test', to }, MESSAGE, wire);

describe('submission', () => {
  it('uses AUTH PLAIN where it is offered', async () => {
    const server = await scripted({ ehlo: ['AUTH PLAIN'], answers: { AUTH: '235 ok\r\n' } });
    await send(server.login, 'b@example.test');
    expect(server.heard).toContain(`AUTH PLAIN ${base64('\0vera\0a long password')}`);
  });

  it('uses AUTH LOGIN where only that is offered', async () => {
    const server = await scripted({
      ehlo: ['AUTH LOGIN'],
      answers: {
        'AUTH LOGIN': `334 ${base64('Username:')}\r\n`,
        [base64('vera')]: `334 ${base64('Password:')}\r\n`,
        [base64('a long password')]: '235 ok\r\n',
      },
    });
    await send(server.login, 'b@example.test');
    expect(server.heard.slice(1, 4)).toEqual(['AUTH LOGIN', base64('vera'), base64('a long password')]);
  });

  it('does not tell the name of this computer', async () => {
    const server = await scripted({ ehlo: ['AUTH PLAIN'], answers: { AUTH: '235 ok\r\n' } });
    await send(server.login, 'b@example.test');
    expect(server.heard[0]).toBe('EHLO [127.0.0.1]');
  });

  it('stuffs dots and sends every byte as it is', async () => {
    const server = await scripted({ ehlo: ['AUTH PLAIN'], answers: { AUTH: '235 ok\r\n' } });
    await send(server.login, 'b@example.test');
    expect(server.data().replaceAll('\r\n.', '\r\n')).toBe(MESSAGE.toString());
  });

  it('tells who was refused while the others get the letter', async () => {
    const server = await scripted({
      ehlo: ['AUTH PLAIN'],
      answers: { AUTH: '235 ok\r\n', 'RCPT TO:<b@': '550 5.1.1 nobody here\r\n' },
    });
    const result = await send(server.login, 'a@example.test', 'b@example.test', 'c@example.test');
    expect(result.accepted).toEqual(['a@example.test', 'c@example.test']);
    expect(result.refused).toEqual([{ address: 'b@example.test', reply: '550 5.1.1 nobody here' }]);
  });

  it.each([
    ['everybody refused', { RCPT: '550 5.1.1 nobody\r\n' }, 'recipient-refused'],
    ['wrong password', { AUTH: '535 5.7.8 no\r\n' }, 'wrong-password'],
    ['too big', { '.': '552 5.3.4 too big\r\n' }, 'message-too-big'],
    ['refused at the end', { '.': '554 5.7.1 no spam please\r\n' }, 'server-refused'],
    ['for now', { '.': '451 4.3.0 later\r\n' }, 'server-refused'],
  ])('gives the server’s own words: %s', async (_name, answers, code) => {
    const server = await scripted({ ehlo: ['AUTH PLAIN'], answers: { AUTH: '235 ok\r\n', ...answers } });
    const words = Object.values(answers)[0]?.trim();
    await expect(send(server.login, 'b@example.test')).rejects.toMatchObject({
      failure: { code, detail: expect.stringContaining(words ?? '') as string },
    });
  });

  it('takes no address that could be a command', async () => {
    const server = await scripted({ ehlo: ['AUTH PLAIN'], answers: { AUTH: '235 ok\r\n' } });
    for (const evil of [
      'b@example.test>\r\nRCPT TO:<c@example.test',
      'b@example.test\0',
      '<b@example.test>',
    ]) {
      await expect(send(server.login, evil)).rejects.toMatchObject({ failure: { code: 'bad-request' } });
    }
    expect(server.heard).toEqual([]);
  });
});
