import net from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { closeAll, headless, letter } from '../../double/headless.ts';

afterEach(closeAll);

/** A POP3 server that says of its first message that it is longer than anything that is taken. */
async function server(): Promise<net.Server> {
  const bytes = letter('Short').toString();
  const answers: Record<string, string> = {
    CAPA: '+OK\r\nUIDL\r\nTOP\r\nUSER\r\n.\r\n',
    STAT: `+OK 2 ${400_000_000 + bytes.length}\r\n`,
    LIST: `+OK\r\n1 400000000\r\n2 ${bytes.length}\r\n.\r\n`,
    UIDL: '+OK\r\n1 long\r\n2 short\r\n.\r\n',
    RETR: `+OK\r\n${bytes}.\r\n`,
  };
  const listening = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('+OK\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        const [command = ''] = line.split(' ');
        socket.write(answers[command] ?? '+OK\r\n');
        if (command === 'QUIT') socket.end();
      }
    });
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return listening;
}

it('a message that can’t be had is told, once, and the others come', async () => {
  const fake = await server();
  const { port } = fake.address() as net.AddressInfo;
  const app = await headless();
  const at = { host: '127.0.0.1', port, security: 'none', user: 'vera' } as const;
  const settings = { name: '', email: 'vera@example.test', mode: 'pop3', pop3: at } as const;
  const { id } = await app.accounts.add({ ...settings, leaveOnServer: 'forever' }, 'a password');
  const rows = await app.until('the other', async () => {
    const found = await app.rows(id, 'inbox');
    return found.length > 0 && found;
  });
  expect(rows.map((row) => row.subject)).toEqual(['Short']);
  await app.accounts.sync(id);
  const notices = (await app.handlers['app.snapshot'](undefined)).notices;
  expect(notices).toMatchObject([
    { kind: 'not-collected', uidl: 'long', size: 400_000_000, failure: { code: 'letter-too-large' } },
  ]);
  await new Promise((resolve) => {
    fake.close(resolve);
  });
});
