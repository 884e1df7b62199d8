// COMPRESS=DEFLATE: nothing that a person sees of a connection changes by it.
import { beforeAll, expect, it } from 'vitest';
import type { IncomingMessage, Login, Recorder, WireLog } from '../../../../electron/app/ports-engine.ts';
import { openImap } from '../../../../electron/engine/imap/open.ts';
import { mailServer, type MailServer, type MailUser } from '../../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});

interface Heard {
  client: Buffer;
  server: Buffer;
  letters: IncomingMessage[];
  enabled: string[];
}

async function session(user: MailUser, compress: boolean): Promise<Heard> {
  const heard: Record<'client' | 'server', Buffer[]> = { client: [], server: [] };
  const recorder: Recorder = {
    connection: 1 as Recorder['connection'],
    sink: (from, chunk) => void heard[from].push(Buffer.from(chunk)),
    note: () => undefined,
    close: () => undefined,
  };
  const login: Login = {
    email: user.email,
    server: {
      host: server.host,
      port: server.ports.imaps,
      security: 'tls',
      user: user.email,
      trusted: server.trusted,
    },
    password: user.password,
    purpose: 'test',
    compress,
  };
  const link = await openImap(login, { open: () => recorder } as unknown as WireLog);
  const { enabled } = link.abilities();
  const letters = await link.fetchWhole('INBOX', [1, 2, 3]);
  await link.close();
  return { client: Buffer.concat(heard.client), server: Buffer.concat(heard.server), letters, enabled };
}

it('letters and transcript are the same with it and without it', async () => {
  const user = server.newUser();
  for (const size of [10, 50_000, 900_000]) {
    const text = 'Строка с текстом.\r\n'.repeat(Math.ceil(size / 30));
    await server.deliver(
      user.email,
      Buffer.from(
        `From: a@example.test\r\nSubject: ${size}\r\nMessage-ID: <${size}@example.test>\r\n\r\n${text}`,
      ),
    );
  }
  const plain = await session(user, false);
  const deflated = await session(user, true);
  expect(plain.enabled).not.toContain('COMPRESS=DEFLATE');
  expect(deflated.enabled).toContain('COMPRESS=DEFLATE');
  expect(deflated.letters.map((one) => Buffer.from(one.bytes).toString('base64'))).toEqual(
    plain.letters.map((one) => Buffer.from(one.bytes).toString('base64')),
  );
  expect(deflated.letters).toHaveLength(3);
  const commands = (bytes: Buffer) =>
    bytes
      .toString()
      .split('\r\n')
      .map((line) => line.replace(/^\w+ /u, ''))
      .filter((line) => /^(?:UID )?(?:FETCH|SELECT|LIST|ID|ENABLE|LOGOUT)/u.test(line));
  expect(commands(deflated.client)).toEqual(commands(plain.client));
  // Every byte of every letter is in the transcript, as it was sent.
  for (const { bytes } of plain.letters) {
    expect(deflated.server.includes(Buffer.from(bytes))).toBe(true);
    expect(plain.server.includes(Buffer.from(bytes))).toBe(true);
  }
  expect(deflated.client.toString()).toContain('COMPRESS DEFLATE');
});
