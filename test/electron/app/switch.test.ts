import { createHash } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId, MessageKey } from '../../../shared/model/ids.ts';
import type { MessageRow } from '../../../shared/model/message.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

/** What another client of the same account does. */
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

async function account(
  mode: 'imap' | 'pop3',
  subjects: string[],
): Promise<{ app: Headless; user: MailUser; id: AccountId }> {
  const user = server.newUser();
  for (const one of subjects) await server.deliver(user.email, letter(one));
  const app = await headless();
  const { id } = await app.accounts.add(settingsFor(server, user, mode), user.password);
  await settled(app, id, subjects.length);
  return { app, user, id };
}

const settled = (app: Headless, id: AccountId, stored: number) =>
  app.until('all is here and nothing waits', async () => {
    const rows = await everything(app, id);
    const status = app.accounts.statuses.find((one) => one.account === id);
    return (
      status?.state === 'online' &&
      rows.filter((row) => row.stored).length >= stored &&
      (await app.ports.store.operations(id)).length === 0
    );
  });

async function everything(app: Headless, id: AccountId): Promise<(MessageRow & { path: string })[]> {
  const rows: (MessageRow & { path: string })[] = [];
  for (const box of await app.ports.store.mailboxes(id)) {
    const { ids } = await app.ports.store.order({ kind: 'mailbox', mailbox: box.id });
    for (const row of await app.ports.store.rows([...ids] as MessageKey[]))
      rows.push({ ...row, path: box.path });
  }
  return rows;
}

const seen = (rows: (MessageRow & { path: string })[]) =>
  rows.map((row) => `${row.path}: ${row.subject}`).toSorted();

/** What we said to servers since, in capitals. */
function said(app: Headless): string[] {
  return app.ports.wire
    .recent(100_000)
    .lines.filter((line) => line.direction === 'client')
    .map((line) => line.text.toUpperCase());
}

/** What takes mail from a server. */
const harmful = (app: Headless) =>
  said(app).filter((line) => /^DELE |^\S+ (?:UID )?(?:EXPUNGE|MOVE|CLOSE)|\\DELETED/u.test(line));

/** Bytes of messages that came over the wire. */
const bodies = (app: Headless) => said(app).filter((line) => /^RETR |BODY(?:\.PEEK)?\[\]/u.test(line)).length;

/** Bytes of messages that servers sent, but for the Message-IDs that are asked for to compare. */
function wireBytes(app: Headless): number {
  const { connections, lines } = app.ports.wire.recent(100_000);
  const comparing = new Set(connections.filter((one) => one.purpose === 'switch').map((one) => one.id));
  return lines
    .filter((line) => line.kind === 'block' && line.direction === 'server' && !comparing.has(line.connection))
    .reduce((sum, line) => sum + line.bytes, 0);
}

async function hashes(app: Headless, rows: MessageRow[]): Promise<string[]> {
  const all: string[] = [];
  for (const row of rows) {
    const raw = await app.ports.store.raw(row.id);
    all.push(
      createHash('sha256')
        .update(raw ?? '')
        .digest('hex'),
    );
  }
  return all.toSorted();
}

const box = async (app: Headless, id: AccountId, path: string) =>
  (await app.ports.store.mailboxes(id)).find((one) => one.path === path);

const change = (app: Headless, id: AccountId, mode: 'imap' | 'pop3') =>
  app.handlers['account.changeMode']({ account: id, mode, choices: { onlyHere: 'keep', bodies: 'fetch' } });

describe('from POP3 to IMAP', () => {
  it('nothing that is here is fetched again, what the person filed stays filed, what the server lost stays here', async () => {
    const { app, user, id } = await account('pop3', ['One', 'Two', 'Three', 'Four']);
    const rows = await everything(app, id);
    const key = (subject: string) => rows.find((row) => row.subject === subject)?.id as MessageKey;
    const work = await app.handlers['mailbox.create']({ account: id, name: 'Work' });
    await app.handlers['message.move']({ ids: [key('Two')], mailbox: work });
    await app.handlers['message.flag']({ ids: [key('One')], set: ['seen', 'flagged'], clear: [] });
    await other(user, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete('3');
      await client.messageFlagsAdd('3', ['\\Answered']);
    });
    await server.deliver(user.email, letter('Five'));
    const before = bodies(app);
    const plan = await app.handlers['account.planMode']({ account: id, mode: 'imap' });
    expect(plan).toMatchObject({
      matched: { messages: 3 },
      by: { format: 3 },
      filed: { messages: 1 },
      onlyHere: { messages: 1 },
      onlyServer: { messages: 1 },
      ambiguous: { messages: 0 },
      // Read or not is what it is here: RETR made all of them read there.
      flagged: 3,
    });
    expect((await app.ports.store.account(id))?.mode).toBe('pop3');
    await change(app, id, 'imap');
    await settled(app, id, 6);
    const after = await everything(app, id);
    expect(seen(after)).toEqual([
      'INBOX: Five',
      'INBOX: Four',
      'INBOX: One',
      'INBOX: Two',
      'Local/INBOX: Three',
      'Local/Work: Two',
    ]);
    // Five, and nothing else.
    expect(bodies(app) - before).toBe(1);
    expect(after.find((row) => row.subject === 'Four')?.flags).toEqual(['answered']);
    await other(user, async (client) => {
      await client.mailboxOpen('INBOX');
      const found = await client.fetchAll('1:*', { flags: true, envelope: true });
      const one = found.find((each) => each.envelope?.subject === 'One');
      expect([...(one?.flags ?? [])]).toEqual(expect.arrayContaining(['\\Seen', '\\Flagged']));
    });
    expect(harmful(app)).toEqual([]);
    // Undone, all is as it was; what came since is there as well.
    await app.handlers['account.undoMode']({ account: id });
    expect((await app.ports.store.account(id))?.mode).toBe('pop3');
    await settled(app, id, 5);
    expect(seen(await everything(app, id))).toEqual([
      'INBOX: Five',
      'INBOX: Four',
      'INBOX: One',
      'INBOX: Three',
      'Work: Two',
    ]);
    expect(await box(app, id, 'Local')).toBeUndefined();
  });

  it('what the server does not have is put there, when the person wants that', async () => {
    const { app, user, id } = await account('pop3', ['One', 'Two']);
    await other(user, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete('1');
    });
    const date = (await everything(app, id)).find((row) => row.subject === 'One')?.date ?? 0;
    const [kept] = await hashes(
      app,
      (await everything(app, id)).filter((row) => row.subject === 'One'),
    );
    await app.handlers['account.changeMode']({
      account: id,
      mode: 'imap',
      choices: { onlyHere: { append: 'Old mail' }, bodies: 'fetch' },
    });
    await settled(app, id, 2);
    expect(seen(await everything(app, id))).toEqual(['INBOX: Two', 'Old mail: One']);
    await other(user, async (client) => {
      await client.mailboxOpen('Old mail');
      const [found] = await client.fetchAll('1:*', { source: true, internalDate: true });
      expect(
        createHash('sha256')
          .update(found?.source ?? '')
          .digest('hex'),
      ).toBe(kept);
      expect(Math.abs(new Date(found?.internalDate ?? 0).getTime() - date)).toBeLessThan(1000);
    });
  });
});

describe('from IMAP to POP3', () => {
  it('INBOX goes on without fetching what is here, other mailboxes become folders, and it can be undone', async () => {
    const { app, user, id } = await account('imap', ['One', 'Two']);
    await other(user, async (client) => {
      await client.mailboxCreate('Lists');
      await client.append('Lists', letter('Three'));
    });
    await app.accounts.sync(id);
    await settled(app, id, 3);
    await server.deliver(user.email, letter('Four'));
    await settled(app, id, 4);
    const places = (await everything(app, id)).map(({ subject, uid, path }) => `${subject} ${uid} ${path}`);
    const before = bodies(app);
    const plan = await app.handlers['account.planMode']({ account: id, mode: 'pop3' });
    expect(plan).toMatchObject({
      matched: { messages: 3 },
      by: { format: 3 },
      onlyHere: { messages: 1 },
      onlyServer: { messages: 0 },
      bodiless: { messages: 0 },
    });
    await change(app, id, 'pop3');
    await settled(app, id, 4);
    await server.deliver(user.email, letter('Five'));
    await app.accounts.sync(id);
    expect(seen(await everything(app, id))).toEqual([
      'INBOX: Five',
      'INBOX: Four',
      'INBOX: One',
      'INBOX: Two',
      'Lists: Three',
    ]);
    expect(bodies(app) - before).toBe(1);
    expect(harmful(app)).toEqual([]);
    const lists = await box(app, id, 'Lists');
    const one = (await everything(app, id)).find((row) => row.subject === 'One');
    await app.handlers['message.flag']({ ids: [one?.id as MessageKey], set: ['flagged'], clear: [] });
    await app.handlers['account.undoMode']({ account: id });
    await settled(app, id, 5);
    const after = await everything(app, id);
    expect(after.map(({ subject, uid, path }) => `${subject} ${uid} ${path}`)).toEqual(
      expect.arrayContaining(places),
    );
    expect(after).toHaveLength(5);
    expect((await box(app, id, 'Lists'))?.id).toBe(lists?.id);
    // What was done to it meanwhile the server hears of.
    await other(user, async (client) => {
      await client.mailboxOpen('INBOX');
      const [found] = await client.fetchAll('1', { flags: true });
      expect([...(found?.flags ?? [])]).toContain('\\Flagged');
    });
    // Five was collected by POP3: to know it again costs one more look at it, at most.
    expect(bodies(app) - before).toBeLessThanOrEqual(2);
  });
});

describe('a mailbox that is not in step', () => {
  /** Letters that are hard to tell from each other. */
  const hard = (): Buffer[] => {
    const same = letter('Same', 'One body\r\n');
    const id = /Message-ID: (<[^>]*>)/u.exec(same.toString())?.[1] ?? '';
    const nameless = (body: string) =>
      Buffer.from(
        letter('Nameless', body)
          .toString()
          .replace(/Message-ID: [^\r]*\r\n/u, ''),
      );
    return [
      same,
      // Sent twice by a list: the same name and length, not the same bytes.
      Buffer.from(
        letter('Same', 'Two body\r\n')
          .toString()
          .replace(/<[^>]*@example.test>\r\n\r\n/u, `${id}\r\n\r\n`),
      ),
      nameless('a\r\n'),
      nameless('b\r\n'),
      nameless('longer\r\n'),
      // POP3 ends it with CRLF, IMAP does not.
      letter('Unended', 'no line end'),
    ];
  };

  it.each(['pop3', 'imap'] as const)('from %s: nothing is lost, doubled or fetched again', async (mode) => {
    const user = server.newUser();
    for (const one of hard()) await server.deliver(user.email, one);
    for (let at = 0; at < 6; at += 1) await server.deliver(user.email, letter(`Letter ${at}`));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, mode), user.password);
    await settled(app, id, 12);
    const there = mode === 'pop3' ? 'imap' : 'pop3';
    // Elsewhere some were deleted, some moved to another mailbox and some to one and back, which gives them new UIDs and UIDLs.
    await other(user, async (client) => {
      await client.mailboxCreate('Elsewhere');
      await client.mailboxOpen('INBOX');
      const uids = (await client.fetchAll('1:*', { uid: true })).map((one) => one.uid);
      await client.messageDelete(String(uids[11]), { uid: true });
      await client.messageMove([uids[0], uids[1], uids[2], uids[3], uids[6]].join(','), 'Elsewhere', {
        uid: true,
      });
      await client.mailboxOpen('Elsewhere');
      await client.messageMove('1:4', 'INBOX', { uid: true });
    });
    if (mode === 'imap') {
      await app.accounts.sync(id);
      await app.until('the moves were seen', async () =>
        (await everything(app, id)).some((row) => row.path === 'Elsewhere'),
      );
      await settled(app, id, 11);
    }
    const before = await everything(app, id);
    const kept = await hashes(app, before);
    const fetched = wireBytes(app);
    await change(app, id, there);
    await settled(app, id, kept.length);
    await app.accounts.sync(id);
    await settled(app, id, kept.length);
    const after = await everything(app, id);
    expect(await hashes(app, after)).toEqual(kept);
    expect(after.every((row) => row.stored)).toBe(true);
    expect(wireBytes(app) - fetched).toBe(0);
    expect(harmful(app)).toEqual([]);
    const at = (subject: string) => after.find((row) => row.subject === subject)?.path;
    expect([at('Letter 0'), at('Letter 5')]).toEqual([
      'Elsewhere',
      mode === 'pop3' ? 'Local/INBOX' : undefined,
    ]);
    await app.handlers['account.undoMode']({ account: id });
    await app.accounts.sync(id);
    await settled(app, id, kept.length);
    const back = await everything(app, id);
    expect([...new Set(await hashes(app, back))]).toEqual([...new Set(kept)]);
    expect(seen(back)).toEqual(seen(before));
  });

  it('half of it is here: the rest comes afterwards', async () => {
    const { app, user, id } = await account('pop3', ['One', 'Two']);
    await app.accounts.stop(id);
    for (const one of ['Three', 'Four', 'Five']) await server.deliver(user.email, letter(one));
    await change(app, id, 'imap');
    await settled(app, id, 5);
    expect(seen(await everything(app, id))).toEqual([
      'INBOX: Five',
      'INBOX: Four',
      'INBOX: One',
      'INBOX: Three',
      'INBOX: Two',
    ]);
  });

  it('bodies that are not here are fetched first', async () => {
    const user = server.newUser();
    await server.deliver(user.email, letter('One'));
    const app = await headless();
    const { id } = await app.accounts.add(
      { ...settingsFor(server, user, 'imap'), keep: 'headers' },
      user.password,
    );
    await app.until('the header', async () => (await everything(app, id)).length === 1);
    const plan = await app.handlers['account.planMode']({ account: id, mode: 'pop3' });
    expect(plan.bodiless.messages).toBe(1);
    await change(app, id, 'pop3');
    await settled(app, id, 1);
    expect(await everything(app, id)).toHaveLength(1);
    expect((await everything(app, id))[0]?.stored).toBe(true);
  });
});

describe('back and forth', () => {
  it('ten times with mail arriving in between: every message once, and only new ones fetched', async () => {
    const { app, user, id } = await account(
      'pop3',
      Array.from({ length: 40 }, (_, at) => `First ${at}`),
    );
    const rows = await everything(app, id);
    const work = await app.handlers['mailbox.create']({ account: id, name: 'Work' });
    await app.handlers['message.move']({ ids: rows.slice(0, 5).map((row) => row.id), mailbox: work });
    await other(user, async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete('10:14');
    });
    const local = await hashes(app, rows.slice(0, 5));
    const original = await hashes(app, rows);
    const arrived: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const fetched = wireBytes(app);
      const before = new Set((await everything(app, id)).map((row) => row.id));
      for (let at = 0; at < 3; at += 1)
        await server.deliver(user.email, letter(`Round ${round} ${at}`, 'Glass.\r\n'.repeat(4000)));
      const mode = round % 2 === 0 ? 'imap' : 'pop3';
      // What comes by IMAP at that very moment would be fetched by the other mode once more.
      if (mode === 'pop3') await settled(app, id, 40 + 3 * (round + 1));
      await change(app, id, mode);
      await settled(app, id, 40 + 3 * (round + 1));
      const all = await everything(app, id);
      // Rows of the server's mailbox for what lies in a folder have its bytes.
      const fresh = all.filter((row) => !before.has(row.id) && row.subject.startsWith('Round'));
      const bytes = fresh.reduce((sum, row) => sum + row.size, 0);
      expect(fresh).toHaveLength(3);
      expect((wireBytes(app) - fetched) / bytes).toBeLessThan(1.01);
      const now = await hashes(app, all);
      for (const hash of now) if (!original.includes(hash) && !arrived.includes(hash)) arrived.push(hash);
      expect([...new Set(now)].toSorted()).toEqual([...original, ...arrived].toSorted());
      // What lies in a folder here is in INBOX as well while the server shows it there, and nowhere else twice.
      const twice = now.filter((hash, at) => now.indexOf(hash) !== at);
      const filed =
        mode === 'imap' ? local.filter((hash) => now.filter((one) => one === hash).length === 2) : [];
      expect(twice.toSorted()).toEqual(filed);
      expect(all.filter((row) => row.path.endsWith('Work'))).toHaveLength(5);
    }
    expect(arrived).toHaveLength(30);
    expect(harmful(app)).toEqual([]);
  });
});
