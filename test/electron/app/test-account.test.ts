import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPractice } from '../../../electron/practice/server.ts';
import type { AccountSettings, ServerSettings } from '../../../shared/model/account.ts';
import type { WireLine } from '../../../shared/wire/line.ts';
import { closeAll, headless, settingsFor } from '../../double/headless.ts';
import { mailServer, type MailServer } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

async function verdicts(settings: AccountSettings, password: string) {
  const app = await headless();
  const { incoming, submission } = await app.handlers['account.test']({ test: 'probe', settings, password });
  if (!submission) throw new Error('the server for sending was not tried');
  return { incoming, submission, lines: app.ports.wire.recent(1000) };
}

/** What we said, a line each. */
const said = ({ lines }: { lines: WireLine[] }) =>
  lines.flatMap((line) => (line.direction === 'client' ? line.text : [])).join('\n');
const LOGGING_IN = /AUTH|LOGIN|USER|PASS/u;

/** All three servers changed in the same way. */
function every(
  settings: AccountSettings,
  change: (server: ServerSettings) => ServerSettings,
): AccountSettings {
  const { imap, pop3, smtp } = settings;
  if (!imap || !pop3 || !smtp) throw new Error('settings');
  return { ...settings, imap: change(imap), pop3: change(pop3), smtp: change(smtp) };
}

async function listening(
  greet: (socket: net.Socket) => void,
): Promise<{ port: number; close(): void; received: string[] }> {
  const received: string[] = [];
  const listener = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => received.push(chunk.toString('latin1')));
    greet(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as net.AddressInfo;
  return { port, close: () => listener.close(), received };
}

describe.each(['imap', 'pop3'] as const)('the connection test in %s mode', (mode) => {
  it.each(['tls', 'starttls'] as const)(
    'succeeds over %s and shows its lines without the password',
    async (security) => {
      const user = server.newUser();
      const { incoming, submission, lines } = await verdicts(
        settingsFor(server, user, mode, security),
        user.password,
      );
      expect([incoming, submission]).toMatchObject([{ ok: true }, { ok: true }]);
      expect(lines.connections.every((one) => one.purpose === 'probe')).toBe(true);
      expect(JSON.stringify(lines)).not.toContain(user.password);
      expect(JSON.stringify(lines)).not.toContain(
        Buffer.from(`\0${user.email}\0${user.password}`).toString('base64'),
      );
    },
  );

  it('says that the password is wrong', async () => {
    const user = server.newUser();
    const { incoming, submission } = await verdicts(settingsFor(server, user, mode), 'not-the-password');
    expect(incoming).toMatchObject({ ok: false, failure: { code: 'wrong-password' } });
    expect(submission).toMatchObject({ ok: false, failure: { code: 'wrong-password' } });
  });

  it.each(['tls', 'starttls'] as const)(
    'shows an untrusted certificate over %s and sends no password',
    async (security) => {
      const user = server.newUser();
      const settings = every(
        settingsFor(server, user, mode, security),
        ({ trusted: _trusted, ...rest }) => rest,
      );
      const { incoming, submission, lines } = await verdicts(settings, user.password);
      for (const verdict of [incoming, submission]) {
        expect(verdict.failure?.code).toBe('certificate-untrusted');
        expect(verdict.failure?.certificate?.fingerprint).toBe(server.trusted.fingerprint);
      }
      expect(said(lines)).not.toMatch(LOGGING_IN);
    },
  );

  it('accepts only the certificate that was trusted', async () => {
    const user = server.newUser();
    const wrong = { ...server.trusted, fingerprint: Array.from({ length: 32 }, () => 'AA').join(':') };
    const { incoming } = await verdicts(
      every(settingsFor(server, user, mode), (one) => ({ ...one, trusted: wrong })),
      user.password,
    );
    expect(incoming.failure?.code).toBe('certificate-untrusted');
  });

  it('names a host that does not exist and a port where nobody listens', async () => {
    const user = server.newUser();
    const settings = settingsFor(server, user, mode);
    const nowhere = await verdicts(
      every(settings, (one) => ({ ...one, host: 'mail.invalid' })),
      user.password,
    );
    expect(nowhere.incoming.failure?.code).toBe('host-not-found');
    const closed = await listening(() => undefined);
    closed.close();
    const refused = await verdicts(
      every(settings, (one) => ({ ...one, port: closed.port })),
      user.password,
    );
    expect(refused.incoming.failure).toMatchObject({ code: 'refused', host: '127.0.0.1', port: closed.port });
    expect(refused.submission.failure?.code).toBe('refused');
  });

  it('never goes on in clear text where there is no STARTTLS', async () => {
    const practice = await startPractice({ startTls: false });
    const [vera] = practice.users;
    if (!vera) throw new Error('no user');
    const at = (port: number): ServerSettings => ({
      host: '127.0.0.1',
      port,
      security: 'starttls',
      user: vera.email,
    });
    const { imap, pop3, smtp } = practice.ports;
    const base = { ...settingsFor(server, vera, mode), imap: at(imap), pop3: at(pop3), smtp: at(smtp) };
    const { incoming, submission, lines } = await verdicts(base, vera.password);
    await practice.stop();
    expect([incoming.failure?.code, submission.failure?.code]).toEqual(['no-starttls', 'no-starttls']);
    expect(said(lines)).not.toMatch(LOGGING_IN);
  });

  it('recognises what is no mail server', async () => {
    const web = await listening((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      setTimeout(() => socket.end('HTTP/1.1 408 Request Timeout\r\n\r\n'), 100);
    });
    const user = server.newUser();
    for (const security of ['tls', 'starttls', 'none'] as const) {
      const settings = every(settingsFor(server, user, mode), (one) => ({
        ...one,
        port: web.port,
        security,
      }));
      const { incoming, submission } = await verdicts(settings, user.password);
      expect([security, incoming.failure?.code, submission.failure?.code]).toEqual([
        security,
        'not-a-mail-server',
        'not-a-mail-server',
      ]);
    }
    web.close();
    expect(web.received.join('')).not.toContain(user.password);
  });

  it('refuses clear text to another computer before anything is sent', async () => {
    const user = server.newUser();
    const settings = every(settingsFor(server, user, mode), (one) => ({
      ...one,
      host: '192.0.2.1',
      security: 'none',
    }));
    const { incoming, submission } = await verdicts(settings, user.password);
    expect([incoming.failure?.code, submission.failure?.code]).toEqual([
      'clear-text-refused',
      'clear-text-refused',
    ]);
  });
});
