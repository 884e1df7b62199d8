// Whatever the server can do, the same changes come to the same: in the store, and in what is published.
import { createHash } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PACE } from '../../../electron/app/imap-account.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { MessageRow } from '../../../shared/model/message.ts';
import { closeAll, headless, letter, settingsFor, type Headless } from '../../double/headless.ts';
import { hiding, type Hiding } from '../../double/hiding.ts';
import { startMailServer, type RunningMailServer } from '../../server/dovecot.ts';
import { mailServer, serverAt, type MailServer, type MailUser } from '../../server/mail-server.ts';

const ABILITIES = {
  QRESYNC: ['NOTHING'],
  CONDSTORE: ['QRESYNC', 'NOTIFY'],
  plain: ['QRESYNC', 'NOTIFY', 'CONDSTORE', 'LIST-STATUS'],
} as const;
type Name = keyof typeof ABILITIES;

interface One {
  name: Name;
  app: Headless;
  id: AccountId;
}

describe.each(['maildir', 'mdbox'] as const)('Dovecot with %s:', (format) => {
  let server: MailServer;
  let running: RunningMailServer | undefined;
  const ways = new Map<string, Hiding>();
  beforeAll(async () => {
    if (format !== 'maildir') running = await startMailServer({ format });
    server = running ? serverAt(running.address) : await mailServer();
    for (const [name, hidden] of Object.entries({ ...ABILITIES, silent: ['IDLE', 'NOTIFY'] }))
      ways.set(name, await hiding(server.ports.imap, hidden));
  });
  afterAll(async () => {
    for (const one of ways.values()) one.close();
    await running?.stop();
  });
  afterEach(closeAll);

  async function other(user: MailUser): Promise<ImapFlow> {
    const client = new ImapFlow({
      host: server.host,
      port: server.ports.imaps,
      secure: true,
      tls: { ca: server.ca },
      auth: { user: user.email, pass: user.password },
      logger: false,
    });
    await client.connect();
    return client;
  }

  async function opened(user: MailUser, way: string): Promise<{ app: Headless; id: AccountId }> {
    const app = await headless();
    const settings = settingsFor(server, user, 'imap');
    const port = ways.get(way)?.port ?? 0;
    const imap = { host: '127.0.0.1', port, security: 'none' as const, user: user.email };
    const { id } = await app.accounts.add({ ...settings, imap }, user.password);
    await app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
    return { app, id };
  }

  type Told = [uid: number, flags: string, keywords: string, hash: string][];
  const sha = (bytes: Uint8Array | undefined) =>
    createHash('sha256')
      .update(bytes ?? Buffer.alloc(0))
      .digest('hex');
  const told = (uid: number, flags: Iterable<string>, hash: string): Told[number] => {
    const all = [...flags].filter((one) => one !== '\\Recent');
    const ours = all.filter((one) => one.startsWith('\\')).map((one) => one.slice(1).toLowerCase());
    return [
      uid,
      ours.toSorted().join(),
      all
        .filter((one) => !one.startsWith('\\'))
        .toSorted()
        .join(),
      hash,
    ];
  };

  async function onServer(client: ImapFlow, path: string): Promise<Told> {
    const lock = await client.getMailboxLock(path);
    try {
      await client.noop();
      if (!client.mailbox || client.mailbox.exists === 0) return [];
      const found = await client.fetchAll('1:*', { uid: true, flags: true, source: true });
      return found.map((one) => told(one.uid, one.flags ?? [], sha(one.source)));
    } finally {
      lock.release();
    }
  }

  async function here({ app, id }: One, path: string): Promise<Told> {
    const mailbox = (await app.ports.store.mailboxes(id)).find((one) => one.path === path);
    if (!mailbox) return [];
    const { ids } = await app.ports.store.order({ kind: 'mailbox', mailbox: mailbox.id });
    const rows = await app.ports.store.rows([...ids] as MessageRow['id'][]);
    // A letter whose UID lost its meaning stays here when the server has it no more: no mail is lost by a server's mistake.
    const known = rows.filter((row) => row.uid !== undefined);
    const all = known.map(async (row) =>
      told(
        row.uid ?? 0,
        [...row.flags.map((one) => `\\${one}`), ...(row.keywords ?? [])],
        sha(row.stored ? await app.ports.store.raw(row.id) : undefined),
      ),
    );
    return (await Promise.all(all)).toSorted(([a], [b]) => a - b);
  }

  it('on a server without IDLE a change is there with the next look', async () => {
    const { poll } = PACE;
    PACE.poll = 1000;
    const user = server.newUser();
    await server.deliver(user.email, letter('Old'));
    const { app, id } = await opened(user, 'silent').finally(() => (PACE.poll = poll));
    const said = ways.get('silent')?.said ?? [];
    await app.until('rest', async () => (await app.rows(id, 'inbox')).every((row) => row.stored));
    const before = said.length;
    await server.deliver(user.email, letter('Later'));
    await app.until('the row', async () => (await app.rows(id, 'inbox')).length === 2);
    expect(said.filter((line) => /^\S+ IDLE$/u.test(line))).toEqual([]);
    expect(said.slice(before).some((line) => /^\S+ NOOP$/u.test(line))).toBe(true);
  });

  describe('the same changes by QRESYNC, by CONDSTORE and by comparison', () => {
    it('come to the same rows, and to events of the same shape', { timeout: 120_000 }, async () => {
      const user = server.newUser();
      let client = await other(user);
      await client.mailboxCreate('Box');
      for (const name of ['one', 'two', 'three']) await client.append('INBOX', letter(name), ['\\Seen']);
      for (const name of ['a', 'b', 'c', 'd']) await client.append('Box', letter(name), []);
      const all: One[] = [];
      for (const name of Object.keys(ABILITIES) as Name[]) all.push({ name, ...(await opened(user, name)) });

      /** Does something on the server, waits until all have it. @returns what each published of a message */
      const step = async (what: string, work: () => Promise<unknown>, subject?: string): Promise<void> => {
        for (const { app } of all) app.heard.length = 0;
        await work();
        for (const one of all) await one.app.handlers['account.sync']({ account: one.id });
        for (const path of ['INBOX', 'Box']) {
          const wanted = await onServer(client, path);
          for (const one of all) {
            const same = async () => JSON.stringify(await here(one, path)) === JSON.stringify(wanted);
            await one.app
              .until(`${what}: ${path} by ${one.name}`, same)
              .catch(() => console.error(`${what}: ${path} by ${one.name}`));
            expect(await here(one, path)).toEqual(wanted);
          }
        }
        if (subject === undefined) return;
        const shapes = await Promise.all(
          all.map(({ app }) =>
            app.until(`${what}: told`, () => {
              const about = app.payloads('delta').flatMap((delta) => {
                const rows = delta.messages?.filter((row) => row.subject === subject) ?? [];
                return rows.length > 0
                  ? [{ parts: Object.keys(delta).toSorted(), rows: rows.map(shape) }]
                  : [];
              });
              return about.length > 0 && about;
            }),
          ),
        );
        for (const one of shapes) {
          expect(one).toHaveLength(1);
          expect(one).toEqual(shapes[0]);
        }
      };
      const shape = (row: MessageRow) => ({ ...row, id: 0, account: '', mailbox: 0 });
      const within = async (path: string, work: () => Promise<unknown>) => {
        const lock = await client.getMailboxLock(path);
        await work().finally(() => lock.release());
      };

      await step('as it is', async () => undefined);
      await step('new mail', () => server.deliver(user.email, letter('new')), 'new');
      await step(
        'flags',
        () => within('INBOX', () => client.messageFlagsAdd('2', ['\\Flagged', '\\Answered'])),
        'two',
      );
      await step('tags', () => within('INBOX', () => client.messageFlagsAdd('2', ['$Work', 'Other'])), 'two');
      await step(
        'a flag less',
        () => within('INBOX', () => client.messageFlagsRemove('1', ['\\Seen'])),
        'one',
      );
      await step('gone', () => within('INBOX', () => client.messageDelete('1')));
      await step('gone elsewhere', () => within('Box', () => client.messageDelete('2')));
      await step('moved', () => within('INBOX', () => client.messageMove('1', 'Box')));
      await step('moved back, marked, and new mail, at once', async () => {
        await within('Box', async () => {
          await client.messageFlagsAdd('1', ['\\Flagged', 'Other']);
          await client.messageMove('1:2', 'INBOX');
        });
        await server.deliver(user.email, letter('newer'));
      });
      await step('one gone and one new: the counts agree', async () => {
        await within('Box', () => client.messageDelete('1'));
        await client.append('Box', letter('e'), []);
      });
      await step('made again: UIDs mean something else', async () => {
        // Between two sessions: Dovecot takes a mailbox that is made again while it is open for one with a broken index.
        for (const { app, id } of all) await app.accounts.stop(id);
        await client.mailboxDelete('Box');
        await client.logout();
        client = await other(user);
        await client.mailboxCreate('Box');
        for (const name of ['x', 'y', 'z']) await client.append('Box', letter(name), ['\\Seen']);
        for (const { app, id } of all) {
          const account = await app.ports.store.account(id);
          if (account) await app.accounts.change(account);
        }
      });
      await step('all gone', () => within('Box', () => client.messageDelete('1:*')));
      await client.logout();
      const sayings = (name: Name) => ways.get(name)?.said.join('\n') ?? '';
      expect(sayings('QRESYNC')).toMatch(/VANISHED/u);
      expect(sayings('CONDSTORE')).toMatch(/CHANGEDSINCE(?!.*VANISHED)/u);
      expect(sayings('CONDSTORE')).not.toMatch(/VANISHED|QRESYNC/u);
      expect(sayings('plain')).not.toMatch(/CHANGEDSINCE|CONDSTORE|QRESYNC/u);
    });
  });
});
