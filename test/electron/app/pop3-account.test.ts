import { createHash } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

const hash = (bytes: Uint8Array | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
const commands = (app: Headless) =>
  app.ports.wire
    .recent(20_000)
    .lines.filter((line) => line.direction === 'client')
    .map((line) => line.text);
const quits = (app: Headless, count: number) =>
  app.until(`${count} sessions`, () => commands(app).filter((text) => text === 'QUIT').length >= count);
const rounds = (app: Headless, count: number) =>
  app.until(
    `${count} rounds`,
    () => app.payloads('status').filter((status) => status.state === 'online').length >= count,
  );

describe.each(['tls', 'starttls'] as const)('a POP3 account over %s', (security) => {
  it('collects everything byte for byte and leaves it on the server', async () => {
    const user = server.newUser();
    const nasty = [
      letter('dots', '.\r\n..\r\n.leading\r\nend\r\n'),
      letter('from', 'From the line start\r\n>From quoted\r\n'),
      letter(
        'eight',
        'Привет\r\n',
        'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n',
      ),
    ];
    for (const raw of nasty) await server.deliver(user.email, raw);
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'pop3', security), user.password);
    await rounds(app, 1);
    const rows = await app.rows(id, 'inbox');
    expect(rows.map((row) => row.subject).sort()).toEqual(['dots', 'eight', 'from']);
    for (const row of rows) {
      const raw = Buffer.from((await app.ports.store.raw(row.id)) ?? []);
      const original = nasty.find((one) => one.includes(`Subject: ${row.subject}\r\n`)) ?? Buffer.alloc(0);
      // The delivery agent put its own fields in front; the letter behind them is what was sent.
      expect(hash(raw.subarray(raw.length - original.length))).toBe(hash(original));
    }
    await app.accounts.sync();
    await rounds(app, 2);
    const sent = commands(app);
    expect(sent.filter((text) => text.startsWith('RETR'))).toHaveLength(3);
    expect(sent.some((text) => text.startsWith('DELE'))).toBe(false);
  });
});

describe('a POP3 account', () => {
  it('removes after download only what is stored, and downloads nothing twice', async () => {
    const user = server.newUser();
    for (const name of ['a', 'b']) await server.deliver(user.email, letter(name));
    const app = await headless();
    const settings = { ...settingsFor(server, user, 'pop3'), leaveOnServer: false };
    const { id } = await app.accounts.add(settings, user.password);
    await quits(app, 1);
    await rounds(app, 1);
    expect(await app.rows(id, 'inbox')).toHaveLength(2);
    const wire = commands(app);
    expect(wire.filter((text) => text.startsWith('DELE'))).toHaveLength(2);
    expect(wire.indexOf('DELE 1')).toBeGreaterThan(wire.lastIndexOf('RETR 1'));
    await server.deliver(user.email, letter('c'));
    await app.accounts.sync();
    await rounds(app, 2);
    expect((await app.rows(id, 'inbox')).map((row) => row.subject).sort()).toEqual(['a', 'b', 'c']);
    expect(commands(app).filter((text) => text.startsWith('RETR'))).toHaveLength(3);
    expect(await app.ports.store.dueUidls(id)).toEqual([]);
  });

  it('knows after a restart what it holds', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('kept'));
    const { profile } = await headless();
    const first = await headless(`${profile}/a`);
    const { id } = await first.accounts.add(settingsFor(server, user, 'pop3'), user.password);
    await rounds(first, 1);
    await first.close();
    const second = await headless(`${profile}/a`);
    await rounds(second, 1);
    expect(await second.rows(id, 'inbox')).toHaveLength(1);
    expect(commands(second).some((text) => text.startsWith('RETR'))).toBe(false);
  });

  it('deletes and moves on this computer without a word to the server', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('local'));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'pop3'), user.password);
    await rounds(app, 1);
    const [row] = await app.rows(id, 'inbox');
    if (!row) throw new Error('no row');
    await app.handlers['message.delete']({ ids: [row.id] });
    expect((await app.rows(id, 'trash')).map((one) => one.subject)).toEqual(['local']);
    await app.handlers['message.delete']({ ids: [row.id] });
    expect(await app.rows(id, 'trash')).toEqual([]);
    await app.accounts.sync();
    await rounds(app, 2);
    // Still on the server, and not collected again.
    expect(await app.rows(id, 'inbox')).toEqual([]);
  });
});
