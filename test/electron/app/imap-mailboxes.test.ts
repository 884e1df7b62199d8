import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AccountId, MailboxId, MessageKey } from '../../../shared/model/ids.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { cyrusPackages, startCyrus } from '../../server/cyrus.ts';
import { startMailServer } from '../../server/dovecot.ts';
import { mailServer, serverAt, type MailUser, type MailServer } from '../../server/mail-server.ts';

const CYRUS = await cyrusPackages();

describe.each(CYRUS === undefined ? ['dovecot'] : ['dovecot', 'cyrus'])('%s', (name) => {
  let server: MailServer;
  let end: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    if (name === 'dovecot' || CYRUS === undefined) server = await mailServer();
    else {
      const cyrus = await startCyrus(CYRUS);
      end = () => cyrus.stop();
      // It sends nothing, and nobody here sends.
      server = { ...cyrus, ports: { ...cyrus.ports, submission: 1, submissions: 1, relay: 1 } };
    }
  });
  afterAll(() => end?.());
  afterEach(closeAll);

  /** What another client of the same account sees. */
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

  const paths = (user: MailUser) =>
    other(user, async (client) => (await client.list()).map((one) => one.path));
  const online = (app: Headless) =>
    app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
  const quiet = (app: Headless, account: AccountId) =>
    app.until('nothing waits', async () => (await app.ports.store.operations(account)).length === 0);

  async function opened(
    letters: string[] = [],
    at = server,
  ): Promise<{ app: Headless; user: MailUser; id: AccountId }> {
    const user = at.newUser();
    for (const one of letters) await at.deliver(user.email, letter(one));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(at, user, 'imap'), user.password);
    await online(app);
    return { app, user, id };
  }

  const boxes = (app: Headless, id: AccountId) => app.ports.store.mailboxes(id);
  const box = async (app: Headless, id: AccountId, path: string) =>
    (await boxes(app, id)).find((one) => one.path === path);

  describe('mailboxes', () => {
    it('are made, renamed with what lies below, moved, unsubscribed and deleted, here at once and on the server', async () => {
      const { app, user, id } = await opened();
      const work = await app.handlers['mailbox.create']({ account: id, name: 'Работа & отдых' });
      expect((await box(app, id, 'Работа & отдых'))?.id).toBe(work);
      const inner = await app.handlers['mailbox.create']({ account: id, name: 'Inner', parent: work });
      await quiet(app, id);
      const delimiter = (await boxes(app, id)).find((one) => one.id === inner)?.delimiter ?? '';
      expect(await paths(user)).toEqual(
        expect.arrayContaining(['Работа & отдых', `Работа & отдых${delimiter}Inner`]),
      );
      await app.handlers['mailbox.rename']({ mailbox: work, name: 'Дела' });
      expect((await boxes(app, id)).find((one) => one.id === inner)?.path).toBe(`Дела${delimiter}Inner`);
      await quiet(app, id);
      expect(await paths(user)).toEqual(expect.arrayContaining(['Дела', `Дела${delimiter}Inner`]));
      expect((await boxes(app, id)).find((one) => one.id === inner)?.subscribed).toBeUndefined();
      await app.handlers['mailbox.rename']({ mailbox: inner, name: 'Outer', parent: null });
      await app.handlers['mailbox.subscribe']({ mailbox: inner, subscribed: false });
      await quiet(app, id);
      const seen = await other(user, (client) => client.list());
      expect(seen.find((one) => one.path === 'Outer')?.subscribed ?? false).toBe(false);
      await app.until('the list', async () => (await box(app, id, 'Outer'))?.subscribed === false);
      // Into Trash first; from there for good.
      expect(await app.handlers['mailbox.delete']({ mailbox: inner })).toEqual({ gone: false });
      await quiet(app, id);
      const trash = (await boxes(app, id)).find((one) => one.role === 'trash')?.path ?? '';
      expect(await paths(user)).toContain(`${trash}${delimiter}Outer`);
      expect(await app.handlers['mailbox.delete']({ mailbox: inner })).toEqual({ gone: true });
      expect((await boxes(app, id)).some((one) => one.id === inner)).toBe(false);
      await quiet(app, id);
      expect(await paths(user)).not.toContain(`${trash}${delimiter}Outer`);
    });

    it('what was done to them offline is told when the server is there, and a list from before does not undo it', async () => {
      const { app, user, id } = await opened(['One']);
      await app.accounts.stop(id);
      const made = await app.handlers['mailbox.create']({ account: id, name: 'Later' });
      const [row] = await app.rows(id, 'inbox');
      await app.handlers['message.move']({ ids: [row?.id as MessageKey], mailbox: made });
      await app.handlers['mailbox.rename']({ mailbox: made, name: 'Now' });
      expect(await paths(user)).not.toContain('Now');
      const account = await app.ports.store.account(id);
      if (account) await app.accounts.change(account);
      await quiet(app, id);
      expect(await paths(user)).toContain('Now');
      await other(user, async (client) => {
        await client.mailboxOpen('Now');
        const [found] = await client.fetchAll('1:*', { envelope: true });
        expect(found?.envelope?.subject).toBe('One');
      });
      expect((await app.ports.store.rows([row?.id as MessageKey]))[0]?.mailbox).toBe(made);
    });

    it('a letter moved into a mailbox that was renamed after it is in that one, and there is no other', async () => {
      const { app, user, id } = await opened(['Follows']);
      const made = await app.handlers['mailbox.create']({ account: id, name: 'Early' });
      await quiet(app, id);
      const [row] = await app.rows(id, 'inbox');
      if (!row) throw new Error('no letter');
      // Both are told at once.
      await app.ports.store.move([row.id], made);
      await app.ports.store.renameMailbox(made, 'Late');
      await app.accounts.settle([id]);
      await quiet(app, id);
      const there = await paths(user);
      expect(there).toContain('Late');
      expect(there).not.toContain('Early');
      expect((await boxes(app, id)).find((one) => one.id === made)?.path).toBe('Late');
      await other(user, async (client) => {
        expect((await client.status('Late', { messages: true })) || {}).toMatchObject({ messages: 1 });
      });
    });

    it('a name that the server refuses is undone here, and told with its words', async () => {
      const { app, user, id } = await opened();
      const made = await app.handlers['mailbox.create']({ account: id, name: 'Mine' });
      await quiet(app, id);
      await app.accounts.stop(id);
      await other(user, (client) => client.mailboxCreate('Taken'));
      await app.handlers['mailbox.rename']({ mailbox: made, name: 'Taken' });
      const account = await app.ports.store.account(id);
      if (account) await app.accounts.change(account);
      await quiet(app, id);
      await app.until('it is told', () => app.payloads('refusal').find((one) => one.kind === 'rename'));
      expect((await boxes(app, id)).find((one) => one.id === made)?.path).toBe('Mine');
    });

    it('one left out of the sync is only counted', async () => {
      const { app, user, id } = await opened();
      const made = await app.handlers['mailbox.create']({ account: id, name: 'Lists' });
      await quiet(app, id);
      await app.handlers['mailbox.set']({ mailbox: made, excluded: true });
      await other(user, async (client) => {
        await client.append('Lists', letter('Unseen'), []);
      });
      await app.handlers['account.sync']({ account: id });
      await app.ports.store.mailboxes(id);
      const account = await app.ports.store.account(id);
      if (account) await app.accounts.change(account);
      await app.until('counted', async () => (await box(app, id, 'Lists'))?.onServer?.total === 1);
      expect(await box(app, id, 'Lists')).toMatchObject({ total: 0, excluded: true });
    });

    it('of one that keeps headers only no body is fetched, until a message is opened', async () => {
      const { app, user, id } = await opened();
      const made = await app.handlers['mailbox.create']({ account: id, name: 'Heads' });
      await quiet(app, id);
      await app.handlers['mailbox.set']({ mailbox: made, keep: 'headers' });
      await other(user, async (client) => {
        for (let count = 0; count < 30; count += 1)
          await client.append('Heads', letter(`Head ${count}`, 'Words of it\r\n'), []);
      });
      await app.handlers['account.sync']({ account: id });
      const order = await app.ports.store.order({ kind: 'mailbox', mailbox: made });
      const rows = await app.ports.store.rows([...order.ids] as MessageKey[]);
      expect(rows).toHaveLength(30);
      expect(rows.filter((row) => row.stored)).toEqual([]);
      const content = await app.handlers['message.open']({ id: rows[3]?.id as MessageKey });
      expect(content.text).toContain('Words of it');
    });
  });

  describe('news of another mailbox', () => {
    // How soon is measured elsewhere: far sooner than anybody would have asked.
    it('comes by itself, without the mailbox being open', async () => {
      const { app, user, id } = await opened();
      const made = await app.handlers['mailbox.create']({ account: id, name: 'Elsewhere' });
      await quiet(app, id);
      await app.handlers['account.sync']({ account: id });
      // Cyrus can't tell of all mailboxes by one connection: of the one that is looked at, by one of its own.
      if (name === 'cyrus') await app.accounts.look(made);
      await app.until('rest', () =>
        app.payloads('wire').some((batch) => batch.lines.some((line) => /^\S+ IDLE$/u.test(line.text))),
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      await other(user, (client) => client.append('Elsewhere', letter('Surprise'), []));
      const order = () => app.ports.store.order({ kind: 'mailbox', mailbox: made });
      await app.until('the row', async () => (await order()).ids.length > 0);
      expect((await order()).ids).toHaveLength(1);
    });
  });

  describe('what was done', () => {
    it('tags go both ways', async () => {
      const { app, user, id } = await opened(['Tagged']);
      const [row] = await app.rows(id, 'inbox');
      const key = row?.id as MessageKey;
      await app.handlers['message.tag']({ ids: [key], add: ['Project', '$Work'], remove: [] });
      expect((await app.rows(id, 'inbox'))[0]?.keywords).toEqual(['$Work', 'Project']);
      await quiet(app, id);
      await other(user, async (client) => {
        await client.mailboxOpen('INBOX');
        const one = await client.fetchOne('1', { flags: true });
        expect(one && [...(one.flags ?? [])]).toEqual(expect.arrayContaining(['Project', '$Work']));
        await client.messageFlagsRemove('1', ['Project']);
        await client.messageFlagsAdd('1', ['Other']);
      });
      await app.until('the change', async () => {
        const [now] = await app.rows(id, 'inbox');
        return now?.keywords?.join(' ') === '$Work Other';
      });
      await app.until('it is found by its tag', async () => {
        const found = await app.handlers['message.search']({ query: 'tag:other', limit: 5, order: 'newest' });
        return found.rows.length === 1;
      });
    });

    it('copies share the bytes and stand on the server', async () => {
      const { app, user, id } = await opened(['Original']);
      await app.until('the body', async () => (await app.rows(id, 'inbox'))[0]?.stored);
      const [row] = await app.rows(id, 'inbox');
      const target = (await boxes(app, id)).find((one) => one.role === 'archive')?.id as MailboxId;
      await app.handlers['message.copy']({ ids: [row?.id as MessageKey], mailbox: target });
      const [copy] = await app.rows(id, 'archive');
      expect(copy).toMatchObject({ subject: 'Original', stored: true });
      await quiet(app, id);
      await app.until('its UID', async () => (await app.rows(id, 'archive'))[0]?.uid !== undefined);
      await app.handlers['account.sync']({ account: id });
      expect(await app.rows(id, 'archive')).toHaveLength(1);
      await other(user, async (client) => {
        expect((await client.status('Archive', { messages: true })) || {}).toMatchObject({ messages: 1 });
      });
    });

    it('a copy whose answer was lost, and that a sync has met since, is not made again', async () => {
      const { app, user, id } = await opened(['Once']);
      await app.until('the body', async () => (await app.rows(id, 'inbox'))[0]?.stored);
      const [row] = await app.rows(id, 'inbox');
      const target = (await boxes(app, id)).find((one) => one.role === 'archive');
      if (!row || !target) throw new Error('nothing to copy');
      await app.accounts.stop(id);
      await app.handlers['message.copy']({ ids: [row.id], mailbox: target.id });
      const [operation] = await app.ports.store.operations(id);
      await app.ports.store.beginOperation(operation?.id ?? 0);
      const bytes = (await app.ports.store.raw(row.id)) ?? new Uint8Array();
      await other(user, async (client) => {
        await client.mailboxOpen('INBOX');
        await client.messageCopy('1', target.path);
      });
      const met = { uid: 1, flags: [], received: row.date, size: bytes.length, bytes, whole: true };
      await app.ports.store.apply(target.id, { added: [met], flags: [], removed: [] });
      const account = await app.ports.store.account(id);
      if (account) await app.accounts.change(account);
      await quiet(app, id);
      await other(user, async (client) => {
        expect((await client.status(target.path, { messages: true })) || {}).toMatchObject({ messages: 1 });
      });
      expect(await app.rows(id, 'archive')).toHaveLength(1);
    });

    it('is undone, whether it waits or was told', async () => {
      const { app, user, id } = await opened(['Undo me']);
      const [row] = await app.rows(id, 'inbox');
      const key = row?.id as MessageKey;
      await app.handlers['message.flag']({ ids: [key], set: ['seen', 'flagged'], clear: [] });
      await quiet(app, id);
      await app.handlers['message.delete']({ ids: [key] });
      await quiet(app, id);
      expect(await app.rows(id, 'trash')).toHaveLength(1);
      const done = await app.handlers['deed.list']({ limit: 10 });
      expect(done.map((one) => one.kind)).toEqual(['move', 'flag']);
      expect(done[0]).toMatchObject({ messages: 1, subject: 'Undo me', undone: false });
      await app.handlers['deed.undo']({});
      await quiet(app, id);
      expect((await app.rows(id, 'inbox')).map((one) => one.id)).toEqual([key]);
      await app.handlers['deed.undo']({});
      await quiet(app, id);
      await other(user, async (client) => {
        await client.mailboxOpen('INBOX');
        const one = await client.fetchOne('*', { flags: true, envelope: true });
        expect(one && [...(one.flags ?? [])].filter((flag) => flag !== '\\Recent')).toEqual([]);
        expect(one && one.envelope?.subject).toBe('Undo me');
      });
      await expect(app.handlers['deed.undo']({})).rejects.toThrow('nothing to undo');
    });

    it('waits visibly while offline, with its command, and can be taken back', async () => {
      const { app, user, id } = await opened(['First', 'Second']);
      await app.accounts.stop(id);
      const rows = await app.rows(id, 'inbox');
      const ids = rows.map((row) => row.id);
      const target = (await boxes(app, id)).find((one) => one.role === 'archive');
      await app.handlers['message.move']({ ids, mailbox: target?.id as MailboxId });
      await app.handlers['message.flag']({ ids: ids.slice(0, 1), set: ['flagged'], clear: [] });
      const waiting = await app.handlers['operation.list']({});
      expect(waiting.map((one) => one.kind)).toEqual(['move', 'flag']);
      expect(waiting[0]?.commands).toEqual(['SELECT "INBOX"', 'UID MOVE 1,2 "Archive"']);
      expect(app.payloads('delta').at(-1)?.waiting).toEqual([{ account: id, count: 2, refused: 0 }]);
      await app.handlers['operation.cancel']({ id: waiting[0]?.id ?? 0 });
      expect((await app.rows(id, 'inbox')).map((row) => row.id)).toEqual(ids);
      expect((await app.ports.store.rows(ids.slice(0, 1)))[0]?.flags).toEqual(['flagged']);
      const account = await app.ports.store.account(id);
      if (account) await app.accounts.change(account);
      await quiet(app, id);
      await other(user, async (client) => {
        expect((await client.status('INBOX', { messages: true })) || {}).toMatchObject({ messages: 2 });
      });
    });
  });

  describe('a long message', () => {
    it('is shown before it is fetched: texts, and the names and sizes of its attachments, each of which can be had', async () => {
      const user = server.newUser();
      const file = Buffer.alloc(300_000, 'Payload of the attachment. ');
      const encoded = (file.toString('base64').match(/.{1,76}/gu) ?? []).join('\r\n');
      const raw = Buffer.from(
        [
          'From: a@example.test',
          `To: ${user.email}`,
          'Subject: Long',
          'Message-ID: <long@example.test>',
          'MIME-Version: 1.0',
          'Content-Type: multipart/mixed; boundary="=_b 1"',
          '',
          '--=_b 1',
          'Content-Type: multipart/alternative; boundary=inner',
          '',
          '--inner',
          'Content-Type: text/plain; charset=koi8-r',
          'Content-Transfer-Encoding: base64',
          '',
          Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]).toString('base64'),
          '--inner',
          'Content-Type: text/html; charset=utf-8',
          '',
          '<p>Привет</p>',
          '--inner--',
          '--=_b 1',
          `Content-Type: application/pdf; name="=?utf-8?B?${Buffer.from('Смета.pdf').toString('base64')}?="`,
          "Content-Disposition: attachment; filename*=utf-8''%D0%A1%D0%BC%D0%B5%D1%82%D0%B0.pdf",
          'Content-Transfer-Encoding: base64',
          '',
          encoded,
          '--=_b 1--',
          '',
        ].join('\r\n'),
      );
      await server.deliver(user.email, raw);
      const app = await headless();
      const { id } = await app.accounts.add(
        { ...settingsFor(server, user, 'imap'), wholeLimit: 100_000, keep: 'headers' },
        user.password,
      );
      const [row] = await app.until('the row', async () => {
        const rows = await app.rows(id, 'inbox');
        return rows.length === 1 ? rows : undefined;
      });
      const key = row?.id as MessageKey;
      if (row?.stored) throw new Error('it came whole');
      const content = await app.handlers['message.open']({ id: key });
      expect(content.text.trim()).toBe('Привет');
      expect(content).toMatchObject({ hasHtml: true });
      expect(content.partial).toBeGreaterThan(400_000);
      expect(content.attachments).toMatchObject([{ part: '2', name: 'Смета.pdf', type: 'application/pdf' }]);
      expect(Math.abs((content.attachments[0]?.size ?? 0) - file.length)).toBeLessThan(2000);
      expect((await app.ports.store.rows([key]))[0]?.stored).toBe(false);
      const pieces: Uint8Array[] = [];
      await app.accounts.download(key, '2', async (piece) => void pieces.push(Uint8Array.from(piece)));
      expect(Buffer.concat(pieces).equals(file)).toBe(true);
      const head = await app.handlers['message.raw']({ id: key, limit: 30 });
      expect(Buffer.from(head.bytes).toString()).toContain(': ');
      await app.handlers['message.fetchWhole']({ id: key });
      const whole = await app.handlers['message.open']({ id: key });
      expect(whole.partial).toBeUndefined();
      expect(whole.attachments[0]?.size).toBe(file.length);
    });
  });

  describe('what belongs to everybody', () => {
    // The other server has nothing that belongs to everybody.
    it.skipIf(name === 'cyrus')(
      'is listed as such, with what the person may do there, and what is forbidden is undone and told',
      async () => {
        const shared = await startMailServer({ shared: true });
        onTestFinished(() => shared.stop());
        const { app, id } = await opened([], serverAt(shared.address));
        const news = await app.until('it is listed', () => box(app, id, 'Public/News'));
        expect(news).toMatchObject({ owner: 'shared', name: 'News', selectable: true });
        await app.handlers['message.order']({ view: { kind: 'mailbox', mailbox: news.id } });
        const rights = await app.until('its rights', async () => (await box(app, id, 'Public/News'))?.rights);
        expect(new Set(rights.split(''))).toEqual(new Set(['l', 'r', 's']));
        const [key] = await app.until('its letter', async () => {
          const { ids } = await app.ports.store.order({ kind: 'mailbox', mailbox: news.id });
          return ids.length === 1 ? ([...ids] as MessageKey[]) : undefined;
        });
        await app.handlers['message.delete']({ ids: [key as MessageKey] });
        const told = await app.until('it is told', () => app.payloads('refusal')[0]);
        expect(told).toMatchObject({ account: id, kind: 'move', messages: 1 });
        expect((await app.ports.store.rows([key as MessageKey]))[0]?.mailbox).toBe(news.id);
        expect(await app.ports.store.operations(id)).toEqual([]);
      },
    );
  });

  describe('the server', () => {
    it('is searched for what is not here, and tells what it can and how much room there is', async () => {
      const { app, user, id } = await opened();
      const made = await app.handlers['mailbox.create']({ account: id, name: 'Deep' });
      await quiet(app, id);
      await app.handlers['mailbox.set']({ mailbox: made, keep: 'headers' });
      await other(user, async (client) => {
        for (let count = 0; count < 25; count += 1)
          await client.append(
            'Deep',
            letter(`Deep ${count}`, count === 7 ? 'a hidden needle\r\n' : 'hay\r\n'),
            [],
          );
      });
      await app.handlers['account.sync']({ account: id });
      expect(
        (await app.handlers['message.search']({ query: 'needle', limit: 5, order: 'newest' })).rows,
      ).toEqual([]);
      const found = await app.handlers['message.searchServer']({ query: 'needle' });
      expect(found).toMatchObject({ rows: [{ subject: 'Deep 7' }], problems: [], left: [] });
      const abilities = await app.handlers['account.abilities']({ account: id });
      const states = new Map(abilities?.capabilities.map((one) => [one.name, one.state]));
      expect(states.get('IDLE')).toBe('used');
      expect(states.get('QRESYNC')).toBe('used');
      expect(states.get('THREAD=REFERENCES')).toBe('unused');
      expect(abilities?.mechanism).not.toBe('');
      const quota = await app.handlers['account.quota']({ account: id });
      expect(quota === null || quota.every((one) => one.storage === undefined || one.storage.limit > 0)).toBe(
        true,
      );
    });
  });
});
