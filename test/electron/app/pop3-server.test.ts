// What a POP3 server holds, before and beside what is collected; headers only; ending and going on; locks and schedules.
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AccountSettings } from '../../../shared/model/account.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';
import { practiceServer, type EngineServer } from '../../server/practice-server.ts';

let server: MailServer;
let practice: EngineServer;
beforeAll(async () => {
  [server, practice] = await Promise.all([mailServer(), practiceServer()]);
});
afterEach(closeAll);
afterAll(() => practice.stop());

const said = (app: Headless, verb: string) =>
  app.ports.wire
    .recent(20_000)
    .lines.filter((line) => line.direction === 'client' && line.text.startsWith(verb))
    .map((line) => line.text);
const online = (app: Headless, count = 1) =>
  app.until('in step', () => app.payloads('status').filter((one) => one.state === 'online').length >= count);

async function account(
  user: MailUser,
  more: Partial<AccountSettings> = {},
  on: EngineServer = server as never,
) {
  const app = await headless();
  const settings = { ...settingsFor(on as never, user, 'pop3'), ...more };
  const { id } = await app.accounts.add(settings, user.password);
  const subjects = async () => (await app.rows(id, 'inbox')).map((row) => row.subject).sort();
  const list = async () => (await app.handlers['pop3.list']({ account: id })).messages;
  return { app, id, settings, subjects, list };
}

describe.each(['dovecot', 'practice'] as const)('what the server holds (%s)', (which) => {
  const on = () => (which === 'dovecot' ? (server as unknown as EngineServer) : practice);

  it('is shown before anything is downloaded, collected and deleted as the person says', async () => {
    const user = on().newUser();
    for (const name of ['one', 'two', 'three'])
      await on().deliver(user.email, letter(name, `The text of ${name}.\r\n`));
    const { app, id, subjects, list } = await account(user, { collect: 'hand' }, on());
    const before = await list();
    expect(before.map((one) => [one.number, one.held, one.certain, one.fate])).toEqual([
      [1, 'nothing', true, undefined],
      [2, 'nothing', true, undefined],
      [3, 'nothing', true, undefined],
    ]);
    const uidls = before.map((one) => one.uidl);
    const [one = '', two = '', three = ''] = uidls;
    const looks = await app.handlers['pop3.look']({ account: id, uidls, lines: 5 });
    expect(looks.map((look) => [look.subject, look.from[0]?.address, look.preview])).toEqual([
      ['one', 'oleg@example.test', 'The text of one.'],
      ['two', 'oleg@example.test', 'The text of two.'],
      ['three', 'oleg@example.test', 'The text of three.'],
    ]);
    expect(said(app, 'RETR')).toEqual([]);
    const done = await app.handlers['pop3.apply']({
      account: id,
      get: [one],
      remove: [
        { uidl: one, unheld: false },
        { uidl: two, unheld: false },
        { uidl: three, unheld: true },
      ],
    });
    // What the person was not told to be nowhere else stays.
    expect(done).toEqual({ collected: 1, removed: [one, three], kept: [two] });
    expect(await subjects()).toEqual(['one']);
    expect((await list()).map((left) => left.uidl)).toEqual([two]);
  });
});

describe('headers only', () => {
  it('a message is whole when it is opened, and is not deleted on the server before', async () => {
    const user = server.newUser();
    const bytes = letter('later', 'x\r\n'.repeat(500));
    await server.deliver(user.email, bytes);
    const { app, id, list } = await account(user, { keep: 'headers', leaveOnServer: 'never' });
    await online(app);
    expect(await app.rows(id, 'inbox')).toMatchObject([{ subject: 'later', stored: false }]);
    expect(said(app, 'RETR')).toEqual([]);
    await app.accounts.sync(id);
    expect(said(app, 'TOP')).toHaveLength(1);
    expect(await list()).toMatchObject([{ held: 'header', summary: { subject: 'later' } }]);
    const [row] = await app.rows(id, 'inbox');
    if (!row) throw new Error('no row');
    const content = await app.handlers['message.open']({ id: row.id });
    expect(content.text.length).toBeGreaterThan(900);
    expect(await app.rows(id, 'inbox')).toMatchObject([{ id: row.id, stored: true }]);
    await app.accounts.sync(id);
    expect(await list()).toEqual([]);
    expect(said(app, 'RETR')).toHaveLength(1);
  });

  it('over a size: header and first lines, and all of the others', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('short'));
    await server.deliver(user.email, letter('long', `The beginning.\r\n${'x'.repeat(70)}\r\n`.repeat(300)));
    const { app, id } = await account(user, { wholeLimit: 10_000 });
    await online(app);
    const rows = await app.rows(id, 'inbox');
    const long = rows.find((row) => row.subject === 'long');
    expect(rows.find((row) => row.subject === 'short')).toMatchObject({ stored: true });
    expect(long).toMatchObject({ stored: false });
    expect(long?.snippet).toContain('The beginning.');
    expect(long?.size).toBeGreaterThan(20_000);
    const { messages } = await app.handlers['pop3.list']({ account: id });
    expect(messages.map((one) => one.held).sort()).toEqual(['header', 'whole']);
    // With the limit gone it comes by itself.
    const held = await app.ports.store.account(id);
    if (!held) throw new Error('no account');
    await app.handlers['account.keep']({ account: id, wholeLimit: null });
    await app.until('whole', async () => (await app.rows(id, 'inbox')).every((row) => row.stored));
    expect(await app.rows(id, 'inbox')).toHaveLength(2);
  });

  it('a message that is gone on the server says so', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('brief'));
    const { app, id, list } = await account(user, { keep: 'headers' });
    await online(app);
    const [on] = await list();
    await app.handlers['pop3.apply']({
      account: id,
      get: [],
      remove: [{ uidl: on?.uidl ?? '', unheld: true }],
    });
    const [row] = await app.rows(id, 'inbox');
    if (!row) throw new Error('no row');
    await expect(app.handlers['message.open']({ id: row.id })).rejects.toMatchObject({
      failure: { code: 'not-found' },
    });
  });
});

it('ended in the middle it goes on where it was: nothing comes twice, and nothing was deleted', async () => {
  const user = server.newUser();
  const count = 40;
  const body = `${'x'.repeat(70)}\r\n`.repeat(4000);
  await Promise.all(
    Array.from({ length: count }, (_one, at) => server.deliver(user.email, letter(`large ${at}`, body))),
  );
  const { app, id, list } = await account(user, { leaveOnServer: 'never', collect: 'hand' });
  const first = app.accounts.sync(id);
  await app.until('it has begun', () =>
    app.payloads('status').some((one) => (one.progress?.bytes?.done ?? 0) > 300_000),
  );
  await app.handlers['pop3.stop']({ account: id });
  await first;
  const here = (await app.rows(id, 'inbox')).length;
  expect(here).toBeLessThan(count);
  expect(said(app, 'DELE')).toEqual([]);
  const before = said(app, 'RETR').length;
  await app.accounts.sync(id);
  expect(await app.rows(id, 'inbox')).toHaveLength(count);
  expect(said(app, 'RETR').length - before).toBe(count - here);
  const last = app.payloads('status').findLast((one) => one.progress);
  expect(last?.progress).toMatchObject({ done: count - here, total: count - here });
  expect(last?.progress?.bytes?.done).toBe(last?.progress?.bytes?.total);
  expect(await list()).toEqual([]);
}, 40_000);

it('a mailbox that another program has open is waited for', async () => {
  const user = practice.newUser();
  await practice.deliver(user.email, letter('waits'));
  const { app, settings, subjects, id } = await account(user, { collect: 'hand' }, practice);
  const other = await app.ports.engines.pop3({
    email: user.email,
    password: user.password,
    purpose: 'other',
    server: settings.pop3 as never,
  });
  await app.handlers['account.keep']({ account: id, collect: 1 });
  const told = await app.until('told', () =>
    app.payloads('status').find((one) => one.failure?.code === 'mailbox-locked'),
  );
  expect(told).toMatchObject({ state: 'offline', failure: { responseCode: 'IN-USE' } });
  expect(told.nextTry).toBeGreaterThan(Date.now() - 10_000);
  await other.quit();
  await online(app);
  expect(await subjects()).toEqual(['waits']);
});

describe('the schedule', () => {
  it('by hand: only when it is asked for', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('asked'));
    const { app, id, subjects } = await account(user, { collect: 'hand' });
    await app.handlers['account.wake']();
    await app.handlers['account.sync']({ account: id });
    expect(await subjects()).toEqual(['asked']);
    await server.deliver(user.email, letter('again'));
    await app.handlers['account.wake']();
    expect(said(app, 'QUIT')).toHaveLength(1);
    await app.handlers['account.sync']({ account: id });
    expect(await subjects()).toEqual(['again', 'asked']);
    expect(said(app, 'QUIT')).toHaveLength(2);
  });

  it('at the start: once', async () => {
    const user = server.newUser();
    const { app } = await account(user, { collect: 'start' });
    await online(app);
    await app.handlers['account.wake']();
    await app.handlers['account.wake']();
    expect(said(app, 'QUIT')).toHaveLength(1);
  });
});

/** A server that lets in every so many seconds and says so (RFC 2449 section 6.5); no server at hand does. */
async function delaying(seconds: number) {
  let last = -Infinity;
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const talk = (socket: Socket) => {
    sockets.add(socket);
    const say = (text: string) => socket.write(`${text}\r\n`);
    say('+OK ready');
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [verb = ''] = line.toUpperCase().split(' ');
        if (verb === 'CAPA') say(`+OK\r\nUSER\r\nUIDL\r\nRESP-CODES\r\nLOGIN-DELAY ${seconds}\r\n.`);
        else if (verb === 'PASS') {
          const early = Date.now() - last < seconds * 1000;
          logins.push(early ? 'early' : 'in time');
          if (!early) last = Date.now();
          say(early ? '-ERR [LOGIN-DELAY] too soon' : '+OK');
        } else if (verb === 'STAT') say('+OK 0 0');
        else if (verb === 'LIST' || verb === 'UIDL') say('+OK\r\n.');
        else say('+OK');
        if (verb === 'QUIT') socket.end();
      }
    });
  };
  const listening = net.createServer(talk).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  };
  return { port, logins, stop };
}

it('the pause that a server wants between two logins is kept, and told', async () => {
  const server = await delaying(2);
  try {
    const user = { email: 'vera@example.test', password: 'x' };
    const at = { host: '127.0.0.1', port: server.port, security: 'none' as const, user: user.email };
    const app = await headless();
    const { id } = await app.accounts.add(
      { name: '', email: user.email, mode: 'pop3', pop3: at, leaveOnServer: 'forever' },
      user.password,
    );
    await online(app);
    await expect(app.accounts.sync(id)).rejects.toMatchObject({
      failure: { code: 'mailbox-locked', responseCode: 'LOGIN-DELAY' },
    });
    const told = app.payloads('status').at(-1);
    expect(told).toMatchObject({ state: 'offline', failure: { responseCode: 'LOGIN-DELAY' } });
    await online(app, 2);
    expect(server.logins).toEqual(['in time', 'in time']);
  } finally {
    server.stop();
  }
});
