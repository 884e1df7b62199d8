// Not alone at an account: others rename, delete and hold what the person here is at.
import { ImapFlow } from 'imapflow';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { AccountId, MailboxId } from '../../../shared/model/ids.ts';
import type { MessageRow } from '../../../shared/model/message.ts';
import { between, type Between, type Listener, type Ways } from '../../double/between.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';

let server: MailServer;
let way: Between | undefined;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(async () => {
  await closeAll();
  way?.close();
});

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

interface Opened {
  app: Headless;
  id: AccountId;
  sync: () => Promise<unknown>;
  box: (path: string) => Promise<MailboxId | undefined>;
  subjects: (path: string) => Promise<string[]>;
}

async function opened(user: MailUser, listen: (ways: Ways) => Listener): Promise<Opened> {
  way = await between(server.ports.imap, listen);
  const app = await headless();
  const imap = { host: '127.0.0.1', port: way.port, security: 'none' as const, user: user.email };
  const { id } = await app.accounts.add({ ...settingsFor(server, user, 'imap'), imap }, user.password);
  await app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
  const box = async (path: string) =>
    (await app.ports.store.mailboxes(id)).find((one) => one.path === path)?.id;
  const subjects = async (path: string) => {
    const mailbox = await box(path);
    if (mailbox === undefined) return [];
    const { ids } = await app.ports.store.order({ kind: 'mailbox', mailbox });
    return (await app.ports.store.rows([...ids] as MessageRow['id'][])).map((row) => row.subject).toSorted();
  };
  const sync = () => app.handlers['account.sync']({ account: id });
  await sync();
  return { app, id, sync, box, subjects };
}

const plain = ({ toClient, toServer }: Ways): Listener => ({ fromClient: toServer, fromServer: toClient });
const subjectsThere = (user: MailUser, path: string) =>
  other(user, async (client) => {
    await client.mailboxOpen(path);
    if (!client.mailbox || client.mailbox.exists === 0) return [];
    return (await client.fetchAll('1:*', { envelope: true }))
      .map((one) => one.envelope?.subject ?? '')
      .toSorted((a, b) => (a < b ? -1 : 1));
  });

it.each(['for a while', 'for good'])(
  'what is refused %s does not overtake what the person did afterwards',
  async (how) => {
    const user = server.newUser();
    await server.deliver(user.email, letter('Twice moved'));
    await server.deliver(user.email, letter('Another'));
    let busy = true;
    const { app, id, sync, box, subjects } = await opened(user, ({ toClient, toServer }) => ({
      fromClient: (line) => {
        const move = /^(\S+) UID MOVE \S+ "?Archive/u.exec(line);
        if (busy && move) toClient(`${move[1]} NO [INUSE] somebody has it\r\n`);
        else toServer(line);
      },
      fromServer: toClient,
    }));
    const rows = await app.rows(id, 'inbox');
    const key = rows.find((row) => row.subject === 'Twice moved')?.id;
    const another = rows.find((row) => row.subject === 'Another')?.id;
    const [archive, junk] = [await box('Archive'), await box('Junk')];
    if (!key || !another || !archive || !junk) throw new Error('not all is there');
    await app.handlers['message.move']({ ids: [key], mailbox: archive });
    await expect.poll(async () => (await app.ports.store.operations(id))[0]?.attempts).toBeGreaterThan(0);
    await app.handlers['message.move']({ ids: [key], mailbox: junk });
    // Other messages are not held up.
    await app.handlers['message.move']({ ids: [another], mailbox: junk });
    await expect.poll(() => subjectsThere(user, 'Junk')).toEqual(['Another']);
    expect(await subjectsThere(user, 'INBOX')).toEqual(['Twice moved']);

    busy = how === 'for good';
    await expect
      .poll(async () => {
        await app.accounts.settle([id]);
        return app.ports.store.operations(id);
      })
      .toEqual([]);
    await sync();
    expect(await subjects('Junk')).toEqual(['Another', 'Twice moved']);
    expect(await subjects('Archive')).toEqual([]);
    expect(await subjectsThere(user, 'Junk')).toEqual(['Another', 'Twice moved']);
    expect(await subjectsThere(user, 'Archive')).toEqual([]);
  },
);

it('a server that goes on listing a mailbox to one connection which another has renamed is asked by a new one', async () => {
  const user = server.newUser();
  await other(user, async (client) => {
    await client.mailboxCreate('Before');
    await client.append('Before', letter('Kept'), []);
    // What is open on the working connection is another one: of an open one a server says that it is gone.
    await client.mailboxCreate('Later');
    await client.append('Later', letter('Another'), []);
  });
  // Each connection hears again and again of the mailboxes of which it was told first, but not how full they are.
  const { app, sync, subjects, box } = await opened(user, ({ toClient, toServer }) => {
    let first: string[] | undefined;
    let hearing: string | undefined;
    return {
      fromClient: (line) => {
        const [, tag = ''] = /^(\S+) LIST "" "\*"/u.exec(line) ?? [];
        if (tag === '') toServer(line);
        else if (first === undefined) {
          hearing = tag;
          first = [];
          toServer(line);
        } else toClient(`${first.filter((one) => one.startsWith('* LIST')).join('')}${tag} OK listed\r\n`);
      },
      fromServer: (line) => {
        if (hearing !== undefined && line.startsWith(`${hearing} `)) hearing = undefined;
        if (hearing !== undefined) first?.push(line);
        toClient(line);
      },
    };
  });
  expect(await subjects('Before')).toEqual(['Kept']);
  await app.until('rest', async () => {
    const later = await box('Later');
    return later !== undefined && (await app.ports.store.bodiless(later, 5)).length === 0;
  });
  await other(user, (client) => client.mailboxRename('Before', 'After'));
  await sync();
  await sync();
  await expect.poll(() => subjects('After')).toEqual(['Kept']);
  expect(await box('Before')).toBeUndefined();
});

it('a copy of what somebody else takes away in the same moment is made of the bytes that are here', async () => {
  const user = server.newUser();
  await server.deliver(user.email, letter('Copied'));
  let before: (() => Promise<unknown>) | undefined;
  const { app, id, sync, box, subjects } = await opened(user, ({ toClient, toServer }) => ({
    fromClient: (line) => {
      const work = / UID COPY /u.test(line) ? before : undefined;
      if (work) before = undefined;
      if (work) void work().then(() => toServer(line));
      else toServer(line);
    },
    fromServer: toClient,
  }));
  const [row] = await app.until('its body', async () => {
    const rows = await app.rows(id, 'inbox');
    return rows[0]?.stored === true && rows;
  });
  const archive = await box('Archive');
  if (!row || archive === undefined) throw new Error('nothing to copy');
  before = () =>
    other(user, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete('1');
    });
  await app.handlers['message.copy']({ ids: [row.id], mailbox: archive });
  await expect.poll(() => app.ports.store.operations(id)).toEqual([]);
  await sync();
  expect(await subjects('INBOX')).toEqual([]);
  expect(await subjects('Archive')).toEqual(['Copied']);
  expect(await subjectsThere(user, 'Archive')).toEqual(['Copied']);
});

it('a mailbox that somebody deleted stays with what is nowhere else, and does not keep the rest from being in step', async () => {
  const user = server.newUser();
  await other(user, async (client) => {
    await client.mailboxCreate('Gone');
    for (const name of ['Only here', 'On the server']) await client.append('Gone', letter(name), []);
  });
  const { app, id, sync, subjects, box } = await opened(user, plain);
  const gone = await box('Gone');
  if (gone === undefined) throw new Error('it was not listed');
  await app.until('their bodies', async () => (await app.ports.store.bodiless(gone, 5)).length === 0);
  await app.accounts.stop(id);
  // As after a change of UIDVALIDITY: what the server does not give back is nowhere else.
  const { ids } = await app.ports.store.order({ kind: 'mailbox', mailbox: gone });
  const rows = await app.ports.store.rows([...ids] as MessageRow['id'][]);
  const back = rows.find((row) => row.subject === 'On the server');
  if (!back) throw new Error('no letter');
  const bytes = (await app.ports.store.raw(back.id)) ?? new Uint8Array();
  const again = { uid: 7, flags: [], received: back.date, size: bytes.length, bytes, whole: true };
  await app.ports.store.apply(gone, { added: [again], flags: [], removed: [], reset: true });
  await other(user, (client) => client.mailboxDelete('Gone'));
  await server.deliver(user.email, letter('New'));
  const account = await app.ports.store.account(id);
  if (account) await app.accounts.change(account);
  app.heard.length = 0;
  await app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
  await expect(sync()).resolves.toBeUndefined();
  expect(await subjects('INBOX')).toEqual(['New']);
  expect(await subjects('Gone')).toEqual(['Only here']);
  expect(app.payloads('status').filter((status) => status.failure)).toEqual([]);
});
