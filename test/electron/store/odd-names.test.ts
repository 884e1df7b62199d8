import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ListedMailbox } from '../../../electron/app/ports-engine.ts';
import { closeAll, headless, settingsFor } from '../../double/headless.ts';
import { mailServer } from '../../server/mail-server.ts';
import { practiceServer, type EngineServer } from '../../server/practice-server.ts';
import { createAll } from './fidelity-wire.ts';
import { Bench, incoming, letter } from './profile.ts';

const NAMES = [
  'a',
  'A',
  'CON',
  'nul',
  'aux.mbox',
  '..',
  '.',
  '...',
  '../../../../tmp/out',
  '/',
  '/etc/passwd',
  'C:\\Windows',
  'x'.repeat(255),
  'x'.repeat(256),
  'я'.repeat(300),
  '\u00e9',
  'e\u0301',
  '😀',
  '👩‍👩‍👧',
  'dot.',
  'dot',
  'space ',
  'space',
  ' space',
  '%',
  '*',
  '100%',
  'a\nb',
  'a\r\nb',
  'a\tb',
  'a\0b',
  '"quoted"',
  "it's",
  'back\\slash',
  '&amp;',
  '{5}',
  '(',
  '\u202egnp.exe',
  '-rf',
  '~',
  'Sent',
  'sent',
  'Outbox',
  'Recovered',
  'checkpoint.jsonl',
  '0001.mbox',
];
/** Everything below the mail folder is ours: ids, numbers, one known name. */
const OURS = /^(?:checkpoint\.jsonl(?:\.(?:new|old))?|[0-9a-f]{8}(?:\/\d+(?:\/\d{4}\.mbox)?)?)$/u;

function expectOwnPaths(profile: string): void {
  const mail = join(profile, 'mail');
  for (const one of readdirSync(mail, { recursive: true, encoding: 'utf8' }))
    expect(relative('.', one).replaceAll('\\', '/')).toMatch(OURS);
}

afterEach(closeAll);

describe('mailboxes with odd names', () => {
  it('are all distinct, and none becomes a path', () => {
    const bench = new Bench();
    const listed = ['INBOX', ...NAMES].map((path): ListedMailbox => ({
      path,
      name: path,
      depth: 0,
      role: path === 'INBOX' ? 'inbox' : 'none',
      selectable: true,
    }));
    bench.store.putMailboxes(bench.account.id, listed);
    const mailboxes = bench.store.mailboxes(bench.account.id);
    expect(mailboxes.map((one) => one.path).toSorted()).toEqual(['INBOX', ...NAMES].toSorted());
    for (const { id, path } of mailboxes) bench.take([incoming(1, letter('here', { body: path }))], {}, id);
    bench.reopen();
    bench.store.putMailboxes(bench.account.id, listed.toReversed());
    expect(bench.store.mailboxes(bench.account.id)).toEqual(
      mailboxes.map((one) => ({ ...one, total: 1, unread: 1 })),
    );
    for (const { id, path } of mailboxes)
      expect(bench.raw(bench.ids(id)[0])).toBe(letter('here', { body: path }).toString('latin1'));
    expectOwnPaths(bench.profile);
  });

  it.each([true, false])('one called Outbox is not ours, whichever was first: ours, %s', (first) => {
    const bench = new Bench();
    const listed = ['INBOX', 'Outbox'].map((path): ListedMailbox => ({
      path,
      name: path,
      depth: 0,
      role: path === 'INBOX' ? 'inbox' : 'none',
      selectable: true,
    }));
    const send = (subject: string) =>
      bench.store.enqueue({
        account: bench.account.id,
        bytes: letter(subject),
        skip: 0,
        envelope: { from: 'vera@example.org', to: ['oleg@example.org'] },
        digest: { snippet: '', attachments: 0 },
      });
    if (first) send('one');
    bench.store.putMailboxes(bench.account.id, listed);
    const theirs = bench.store.mailboxes(bench.account.id).find((one) => one.path === 'Outbox');
    bench.take([incoming(1, letter('theirs'))], {}, theirs?.id);
    if (!first) send('one');
    bench.store.putMailboxes(bench.account.id, listed);
    send('two');
    bench.store.putMailboxes(bench.account.id, listed);
    expect(bench.store.snapshot().outbox.map((one) => one.subject)).toEqual(['one', 'two']);
    expect(bench.store.mailboxes(bench.account.id).find((one) => one.path === 'Outbox')).toMatchObject({
      id: theirs?.id,
      role: 'none',
      total: 1,
    });
    expect(bench.store.rows(bench.ids(theirs?.id)).map((row) => row.subject)).toEqual(['theirs']);
    expect(bench.ask(`SELECT count(*) AS n FROM mailbox WHERE role = 'outbox'`)).toEqual([{ n: 1 }]);
  });

  const servers: Record<string, () => Promise<EngineServer>> = {
    dovecot: async () => ({ ...(await mailServer()), stop: async () => undefined }),
    practice: practiceServer,
  };
  describe.each(Object.keys(servers))('on %s', (name) => {
    let server: EngineServer;
    beforeAll(async () => {
      server = await (servers[name] as () => Promise<EngineServer>)();
      return () => server.stop();
    });

    it('are all synced', async () => {
      const user = server.newUser();
      const taken = await createAll({ port: server.ports.imap, ...user }, NAMES);
      expect(taken.length).toBeGreaterThan(20);
      const app = await headless();
      const { id } = await app.accounts.add(settingsFor(server as never, user, 'imap'), user.password);
      const all = await app.until('every mailbox has its letter', async () => {
        const mailboxes = await app.ports.store.mailboxes(id);
        const full = mailboxes.filter((one) => one.total === 1);
        return full.length === taken.length ? full : undefined;
      });
      const said: string[] = [];
      for (const { id: mailbox } of all) {
        const { ids } = await app.ports.store.order({ kind: 'mailbox', mailbox });
        const raw = Buffer.from(await app.accounts.raw(ids[0] as never)).toString();
        said.push(JSON.parse(/X-Mailbox: (.*)\r/u.exec(raw)?.[1] ?? '""') as string);
      }
      expect(said.toSorted()).toEqual(taken.toSorted());
      expectOwnPaths(app.profile);
    });
  });
});
