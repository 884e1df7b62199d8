// One person lets another into a mailbox of theirs (RFC 4314), on Dovecot.
import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { say } from '../../../electron/engine/imap/raw.ts';
import type { AccountId, MessageKey } from '../../../shared/model/ids.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { startMailServer, type RunningMailServer } from '../../server/dovecot.ts';
import { serverAt, type MailServer, type MailUser } from '../../server/mail-server.ts';

let running: RunningMailServer;
let server: MailServer;
beforeAll(async () => {
  running = await startMailServer({ shared: true });
  server = serverAt(running.address);
});
afterAll(() => running.stop());
afterEach(closeAll);

async function other<T>(user: MailUser, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: server.host,
    port: server.ports.imaps,
    secure: true,
    tls: { ca: server.ca },
    auth: { user: user.email, pass: user.password },
    logger: false,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}
/** The owner says what somebody may do. */
const allow = (client: ImapFlow, path: string, who: MailUser, rights: string) =>
  say(
    client,
    'SETACL',
    [path, who.email, rights].map((value) => ({ type: 'STRING', value })),
  );

const box = async (app: Headless, id: AccountId, path: string) =>
  (await app.ports.store.mailboxes(id)).find((one) => one.path === path);
const quiet = (app: Headless, account: AccountId) =>
  app.until('nothing waits', async () => (await app.ports.store.operations(account)).length === 0);
const flagsOf = (client: ImapFlow) => client.fetchOne('1', { flags: true }).then((one) => one && one.flags);

it('what another user shares is listed under their name; what the rights allow is done there, the rest undone and told', async () => {
  const oleg = server.newUser('oleg');
  const vera = server.newUser('vera');
  await other(oleg, async (client) => {
    for (const path of ['Work', 'Work/Glass', 'Secret']) await client.mailboxCreate(path);
    await client.append('Work', letter('To both'), []);
    await allow(client, 'Work', vera, 'lrs');
    await allow(client, 'Work/Glass', vera, 'lrswi');
  });
  await server.deliver(vera.email, letter('For the glass'));
  const app = await headless();
  const { id } = await app.accounts.add(settingsFor(server, vera, 'imap'), vera.password);
  await app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
  await app.handlers['account.sync']({ account: id });
  const all = (await app.ports.store.mailboxes(id)).filter((one) => one.owner === 'other');
  expect(all.map(({ path, name, depth, selectable }) => [path, name, depth, selectable])).toEqual([
    ['Users', 'Users', 0, false],
    [`Users/${oleg.email}`, oleg.email, 1, false],
    [`Users/${oleg.email}/Work`, 'Work', 2, true],
    [`Users/${oleg.email}/Work/Glass`, 'Glass', 3, true],
  ]);
  expect(await box(app, id, 'Public')).toMatchObject({ owner: 'shared' });
  const work = all[2]?.id ?? 0;
  const glass = all[3]?.id ?? 0;
  const rowsOf = async (mailbox: typeof work) => {
    const { ids } = await app.handlers['message.order']({
      view: { kind: 'mailbox', mailbox: mailbox as never },
    });
    return app.ports.store.rows([...ids] as MessageKey[]);
  };
  const [letterOfOleg] = await rowsOf(work);
  expect(letterOfOleg).toMatchObject({ subject: 'To both' });
  const key = letterOfOleg?.id as MessageKey;
  await rowsOf(glass);
  for (const [path, rights] of [
    ['Work', 'lrs'],
    ['Work/Glass', 'ilrsw'],
  ] as const) {
    const told = () => box(app, id, `Users/${oleg.email}/${path}`).then((one) => one?.rights);
    const given = await app.until('its rights', told);
    expect(new Set(given.split(''))).toEqual(new Set(rights.split('')));
  }

  // What is allowed: the owner sees it.
  await app.handlers['message.flag']({ ids: [key], set: ['seen'], clear: [] });
  const [mine] = await app.rows(id, 'inbox');
  await app.handlers['message.copy']({ ids: [mine?.id as MessageKey], mailbox: glass as never });
  await quiet(app, id);
  expect(app.payloads('refusal')).toEqual([]);
  await other(oleg, async (client) => {
    await client.mailboxOpen('Work');
    expect(await flagsOf(client)).toContain('\\Seen');
    expect((await client.status('Work/Glass', { messages: true })) || {}).toMatchObject({ messages: 1 });
  });

  // What is not: as it was before, here and there.
  await app.handlers['message.delete']({ ids: [key] });
  await app.until('the first is told', () => app.payloads('refusal').length === 1);
  await app.handlers['message.flag']({ ids: [key], set: ['flagged'], clear: [] });
  await app.until('the second is told', () => app.payloads('refusal').length === 2);
  await app.handlers['message.copy']({ ids: [mine?.id as MessageKey], mailbox: work as never });
  await app.until('the third is told', () => app.payloads('refusal').length === 3);
  expect(app.payloads('refusal').map((one) => one.kind)).toEqual(['move', 'flag', 'copy']);
  expect(await rowsOf(work)).toMatchObject([{ id: key, flags: ['seen'] }]);
  expect(await app.ports.store.operations(id)).toEqual([]);

  // News of it comes while it is looked at, by no clock; and when the owner shuts it, it is not listed any more.
  // By a connection that has opened nothing else.
  await app.until('it is watched', () => {
    const lines = app.payloads('wire').flatMap((batch) => batch.lines);
    const opened = (by: number) =>
      lines.filter((line) => line.connection === by && / SELECT /u.test(line.text)).map((line) => line.text);
    return lines.some(({ connection, text }) => {
      const [first, ...more] = text.endsWith(' IDLE') ? opened(connection) : [];
      return more.length === 0 && / SELECT Users\/[^ ]*\/Work(?: |$)/u.test(first ?? '');
    });
  });
  await other(oleg, (client) => client.append('Work', letter('One more'), []));
  const view = { kind: 'mailbox', mailbox: work as never } as const;
  await app.until('the news', async () => (await app.ports.store.order(view)).ids.length === 2);
  await other(oleg, (client) =>
    say(
      client,
      'DELETEACL',
      ['Work/Glass', vera.email].map((value) => ({ type: 'STRING', value })),
    ),
  );
  await app.handlers['account.sync']({ account: id });
  await app.until('it is shut', async () => !(await box(app, id, `Users/${oleg.email}/Work/Glass`)));
});
