import { ImapFlow } from 'imapflow';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { importMail } from '../../../electron/app/import.ts';
import { archives } from '../../../electron/archive/archives.ts';
import { rebuildIndex } from '../../../electron/store/rebuild/rebuild.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import {
  closeAll,
  headless,
  letter,
  settingsFor,
  temporaryFolder,
  type Headless,
} from '../../double/headless.ts';
import { mailServer, type MailServer, type MailUser } from '../../server/mail-server.ts';

let server: MailServer;
beforeAll(async () => {
  server = await mailServer();
});
afterEach(closeAll);

async function onServer(
  user: MailUser,
  mailbox: string,
): Promise<{ subject: string; flags: string[]; date: string }[]> {
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
    const { exists } = await client.mailboxOpen(mailbox);
    if (exists === 0) return [];
    const all = await client.fetchAll('1:*', { envelope: true, flags: true, internalDate: true });
    return all.map((one) => ({
      subject: one.envelope?.subject ?? '',
      flags: [...(one.flags ?? [])].filter((flag) => flag !== '\\Recent').sort(),
      date: new Date(one.internalDate ?? 0).toISOString(),
    }));
  } finally {
    await client.logout();
  }
}

async function letters(app: Headless, id: AccountId) {
  const rows = [];
  for (const { id: mailbox, path } of await app.ports.store.mailboxes(id)) {
    const { ids } = await app.ports.store.order({ kind: 'mailbox', mailbox });
    for (const row of await app.ports.store.rows([...ids] as never))
      rows.push({
        path,
        subject: row.subject,
        flags: row.flags,
        stored: row.stored,
        uid: row.uid,
        id: row.id,
      });
  }
  return rows.sort((a, b) => a.id - b.id);
}

const settled = (app: Headless, id: AccountId, count: number) =>
  app.until('all is told and stored', async () => {
    const rows = await letters(app, id);
    const waiting = await app.ports.store.operations(id);
    return rows.length === count &&
      waiting.length === 0 &&
      rows.every((row) => row.stored && row.uid !== undefined)
      ? rows
      : undefined;
  });

describe('after a rebuild', () => {
  it.each(['whole', 'lost'] as const)(
    'IMAP goes on where it was, nothing twice and nothing lost: index %s',
    async (how) => {
      const user = server.newUser();
      for (let at = 0; at < 12; at += 1) await server.deliver(user.email, letter(`Letter ${at}`));
      const app = await headless();
      const { id } = await app.accounts.add(settingsFor(server, user, 'imap'), user.password);
      const rows = await settled(app, id, 12);
      const archive = (await app.ports.store.roleMailbox(id, 'archive')).mailbox.id;
      const key = (subject: string) => rows.find((row) => row.subject === subject)?.id as never;
      await app.handlers['message.move']({ ids: [key('Letter 3')], mailbox: archive });
      await app.handlers['message.flag']({ ids: [key('Letter 4')], set: ['flagged'], clear: [] });
      const before = await settled(app, id, 12);
      await app.close();
      // Meanwhile at the server: one more arrives.
      await server.deliver(user.email, letter('Meanwhile'));
      if (how === 'lost') rmSync(join(app.profile, 'glasspost.sqlite'));
      const report = await rebuildIndex(app.profile);
      expect(report).toMatchObject({ messages: 12, recovered: 0, damaged: [], missing: [] });
      const again = await headless(app.profile);
      const after = await settled(again, id, 13);
      expect(after.slice(0, 12)).toEqual(before);
      expect(after[12]).toMatchObject({ subject: 'Meanwhile' });
      expect((await onServer(user, 'INBOX')).length + (await onServer(user, 'Archive')).length).toBe(13);
    },
  );

  it('POP3 collects nothing twice, and what was deleted does not come back', async () => {
    const user = server.newUser();
    for (let at = 0; at < 5; at += 1) await server.deliver(user.email, letter(`Letter ${at}`));
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'pop3'), user.password);
    const rows = await app.until('collected', async () => {
      const all = await app.rows(id, 'inbox');
      return all.length === 5 ? all : undefined;
    });
    await app.ports.store.remove(rows.filter((row) => row.subject === 'Letter 2').map((row) => row.id));
    await app.close();
    rmSync(join(app.profile, 'glasspost.sqlite'));
    await rebuildIndex(app.profile);
    await server.deliver(user.email, letter('New'));
    const again = await headless(app.profile);
    await again.until('the new one', async () =>
      (await again.rows(id, 'inbox')).some((row) => row.subject === 'New'),
    );
    const subjects = (await again.rows(id, 'inbox')).map((row) => row.subject).toSorted();
    expect(subjects).toEqual(['Letter 0', 'Letter 1', 'Letter 3', 'Letter 4', 'New']);
  });
});

describe('imported mail', () => {
  it('is on the IMAP server with its flags and date, once, however often it is imported', async () => {
    const user = server.newUser();
    const app = await headless();
    const { id } = await app.accounts.add(settingsFor(server, user, 'imap'), user.password);
    await app.until('online', () => app.payloads('status').some((status) => status.state === 'online'));
    const inbox = (await app.ports.store.roleMailbox(id, 'inbox')).mailbox.id;
    const file = join(temporaryFolder(), 'box');
    const one = (at: number) =>
      `From x@y Sat Nov ${10 + at} 10:00:00 2020\nStatus: RO\nSubject: old ${at}\nDate: ${10 + at} Nov 2020 10:00:00 +0000\n\n>From here\n\n`;
    writeFileSync(file, [1, 2, 3].map(one).join(''));
    const ports = { ...app.ports, archives };
    expect(await importMail(ports, file, inbox)).toMatchObject({ added: 3 });
    app.accounts.poke([id]);
    await settled(app, id, 3);
    expect(await importMail(ports, file, inbox)).toMatchObject({ added: 0, skipped: 3 });
    const there = await onServer(user, 'INBOX');
    expect(there.map((row) => `${row.subject} ${row.flags.join()} ${row.date}`).toSorted()).toEqual(
      [1, 2, 3].map((at) => `old ${at} \\Seen 2020-11-${10 + at}T10:00:00.000Z`),
    );
    await app.accounts.sync(id);
    await settled(app, id, 3);
  });
});
