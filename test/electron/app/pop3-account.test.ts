import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LeavePolicy } from '../../../shared/model/leave.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

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
    const settings = { ...settingsFor(server, user, 'pop3'), leaveOnServer: 'never' as const };
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
    expect(await app.ports.store.collectedUidls(id)).toEqual([]);
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

const DAY = 24 * 60 * 60 * 1000;

/** An account that has collected letters by these names, and what the server still has of them. */
async function collecting(leaveOnServer: LeavePolicy, names: string[]) {
  const user = server.newUser();
  for (const name of names) await server.deliver(user.email, letter(name));
  const app = await headless();
  const { id } = await app.accounts.add(
    { ...settingsFor(server, user, 'pop3'), leaveOnServer },
    user.password,
  );
  let count = 1;
  await rounds(app, count);
  const sync = async () => {
    await app.accounts.sync(id);
    await rounds(app, ++count);
  };
  const login = { email: user.email, password: user.password, purpose: 'test' };
  /** Subjects of what the server holds. */
  const held = async () => {
    const link = await app.ports.engines.pop3({
      ...login,
      server: settingsFor(server, user, 'pop3').pop3 as never,
    });
    const found: string[] = [];
    for (const { number } of await link.list()) {
      const head = Buffer.from(await link.top(number, 0)).toString();
      found.push(/^Subject: (.*)\r$/mu.exec(head)?.[1] ?? '');
    }
    await link.quit();
    return found.sort();
  };
  return { app, id, user, sync, held };
}

describe('how long mail stays on the server', () => {
  it('so many days: it goes when they are over, not before', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const { sync, held, user } = await collecting({ hours: 36 }, ['first']);
    vi.setSystemTime(Date.now() + 1.2 * DAY);
    await server.deliver(user.email, letter('second'));
    await sync();
    expect(await held()).toEqual(['first', 'second']);
    vi.setSystemTime(Date.now() + 0.5 * DAY);
    await sync();
    expect(await held()).toEqual(['second']);
  });

  it('until it is deleted here for good: the Trash alone is not that', async () => {
    const { app, id, sync, held } = await collecting('until-deleted', ['a', 'b']);
    const row = (await app.rows(id, 'inbox')).find((one) => one.subject === 'a');
    if (!row) throw new Error('no row');
    await app.handlers['message.delete']({ ids: [row.id] });
    await sync();
    expect(await held()).toEqual(['a', 'b']);
    await app.handlers['message.delete']({ ids: [row.id] });
    await sync();
    expect(await held()).toEqual(['b']);
    expect((await app.rows(id, 'inbox')).map((one) => one.subject)).toEqual(['b']);
  });

  it('while the mailbox there is small: what was collected first goes first', async () => {
    const { app, id, sync, held, user } = await collecting({ bytes: 3000 }, ['one', 'two']);
    expect(await held()).toEqual(['one', 'two']);
    await server.deliver(user.email, letter('large', 'x'.repeat(70).concat('\r\n').repeat(35)));
    await sync();
    const left = await held();
    expect(left).toContain('large');
    expect(left.length).toBeLessThan(3);
    expect(await app.rows(id, 'inbox')).toHaveLength(3);
  });

  it('another policy counts for what was collected before', async () => {
    const { app, id, sync, held } = await collecting('forever', ['a', 'b']);
    expect(await held()).toEqual(['a', 'b']);
    const account = await app.ports.store.account(id);
    if (!account) throw new Error('no account');
    await app.accounts.change({ ...account, leaveOnServer: 'never' });
    await sync();
    expect(await held()).toEqual([]);
    expect(await app.rows(id, 'inbox')).toHaveLength(2);
  });
});

it('what is damaged on the disk stays on the server, is told, and is collected again', async () => {
  const { app, id, sync, held } = await collecting('forever', ['sound', 'broken']);
  const file = fs
    .readdirSync(path.join(app.profile, 'mail'), { recursive: true, encoding: 'utf8' })
    .find((name) => name.endsWith('.mbox'));
  const segment = path.join(app.profile, 'mail', file ?? '');
  const bytes = fs.readFileSync(segment);
  bytes.write('HELLO', bytes.indexOf('Hello', bytes.indexOf('Subject: broken')));
  fs.writeFileSync(segment, bytes);
  const account = await app.ports.store.account(id);
  if (!account) throw new Error('no account');
  await app.accounts.change({ ...account, leaveOnServer: 'never' });
  await app.until('what is sound is gone', async () => (await held()).join() === 'broken');
  expect(app.payloads('notice')).toMatchObject([{ kind: 'not-removed', subject: 'broken' }]);
  await sync();
  expect(await held()).toEqual([]);
  const rows = await app.rows(id, 'inbox');
  expect(rows.map((one) => one.subject).sort()).toEqual(['broken', 'sound']);
  for (const row of rows) {
    expect(Buffer.from((await app.ports.store.raw(row.id)) ?? []).toString()).toMatch(/\r\n\r\nHello\r\n$/u);
  }
});
