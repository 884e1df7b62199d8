// Gmail's extension, which no server here has: one message with labels, each of which is a mailbox.
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AccountSettings } from '../../../shared/model/account.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { MessageRow } from '../../../shared/model/message.ts';
import { startGmail, type Gmail } from '../../double/gmail.ts';
import { closeAll, headless, letter, type Headless } from '../../double/headless.ts';

const ALL = '[Gmail]/All Mail';
const TRASH = '[Gmail]/Trash';

let gmail: Gmail;
let app: Headless;
let id: AccountId;
beforeEach(async () => {
  gmail = await startGmail(['Work', 'My Label']);
  gmail.arrive(letter('Offer', 'words of the offer\r\n'), ['\\Inbox', 'Work', 'My Label']);
  gmail.arrive(letter('News', 'words of the news\r\n'), ['\\Inbox']);
  gmail.arrive(letter('Archived', 'words of what is archived\r\n'), ['Work']);
  app = await headless();
  const imap = { host: '127.0.0.1', port: gmail.port, security: 'none', user: 'vera@example.test' } as const;
  const settings: AccountSettings = {
    name: 'Vera',
    email: 'vera@example.test',
    mode: 'imap',
    imap,
    leaveOnServer: 'forever',
  };
  id = (await app.accounts.add(settings, 'secret')).id;
  await shown('INBOX', ['News', 'Offer']);
  await shown(ALL, ['Archived', 'News', 'Offer']);
  await shown('Work', ['Archived', 'Offer']);
});
afterEach(async () => {
  await closeAll();
  gmail.close();
});

async function rows(name: string): Promise<MessageRow[]> {
  const mailbox = (await app.ports.store.mailboxes(id)).find((one) => one.path === name);
  if (!mailbox) return [];
  const { ids } = await app.ports.store.order({ kind: 'mailbox', mailbox: mailbox.id });
  return app.ports.store.rows([...ids] as MessageRow['id'][]);
}

/** Waits until a mailbox holds these letters, all with their bodies. */
async function shown(name: string, subjects: string[]): Promise<void> {
  await expect
    .poll(async () =>
      (await rows(name)).map((row) => (row.stored ? row.subject : `${row.subject}: a header`)).toSorted(),
    )
    .toEqual(subjects);
}

async function row(name: string, subject: string): Promise<MessageRow> {
  const found = (await rows(name)).find((one) => one.subject === subject);
  if (!found) throw new Error(`no ${subject} in ${name}`);
  return found;
}

const there = (subject: string) => {
  const found = gmail.messages.find((one) => one.raw.includes(`Subject: ${subject}\r\n`));
  if (!found) throw new Error(`no ${subject} on the server`);
  return found;
};

/** How often some words are in the files of the profile. */
function stored(words: string): number {
  const folder = path.join(app.profile, 'mail');
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((one) => one.endsWith('.mbox'))
    .map((one) => fs.readFileSync(path.join(folder, one), 'utf8').split(words).length - 1)
    .reduce((sum, one) => sum + one, 0);
}

const sync = () => app.handlers['account.sync']({ account: id });
const quiet = () =>
  app.until('nothing waits', async () => (await app.ports.store.operations(id)).length === 0);
const said = (what: RegExp) => gmail.said.filter((line) => what.test(line));

it('shows labels as tags, and keeps one message once, in however many mailboxes it is', async () => {
  expect((await row('INBOX', 'Offer')).keywords?.toSorted()).toEqual(['My_Label', 'Work']);
  expect((await row('Work', 'Offer')).keywords).toEqual(['My_Label']);
  expect((await row('INBOX', 'News')).keywords ?? []).toEqual([]);
  await shown('My Label', ['Offer']);
  expect(stored('words of the offer')).toBe(1);

  // What arrives while the program runs comes whole, in each of its mailboxes.
  gmail.arrive(letter('Later', 'words of the later\r\n'), ['\\Inbox', 'Work']);
  await shown('INBOX', ['Later', 'News', 'Offer']);
  await sync();
  await shown(ALL, ['Archived', 'Later', 'News', 'Offer']);
  await shown('Work', ['Archived', 'Later', 'Offer']);
  expect(stored('words of the later')).toBe(1);

  // The web page put a label on it, and took one off.
  gmail.change(there('Offer'), () => {
    there('Offer').labels.delete('Work');
    there('Offer').labels.add('Paid');
  });
  await sync();
  await shown('Work', ['Archived', 'Later']);
  await shown('Paid', ['Offer']);
  await expect
    .poll(async () => (await row('INBOX', 'Offer')).keywords?.toSorted())
    .toEqual(['My_Label', 'Paid']);
  expect(stored('words of the offer')).toBe(1);
});

it('says a tag as a label, by the name that the label has', async () => {
  const news = await row('INBOX', 'News');
  await app.handlers['message.tag']({ ids: [news.id], add: ['My_Label', 'Urgent', '$Phishing'], remove: [] });
  await quiet();
  expect(said(/^UID STORE \d+ \+X-GM-LABELS/u)).toEqual([
    expect.stringMatching(/^UID STORE 102 \+X-GM-LABELS \("My Label" "Urgent"\)$/u),
  ]);
  expect(there('News').labels).toEqual(new Set(['\\Inbox', 'My Label', 'Urgent']));
  expect(there('News').flags).toEqual(new Set(['$Phishing']));
  await sync();
  await shown('My Label', ['News', 'Offer']);
  await shown('Urgent', ['News']);
  expect(stored('words of the news')).toBe(1);
  expect((await row('INBOX', 'News')).keywords?.toSorted()).toEqual(['$Phishing', 'My_Label', 'Urgent']);

  await app.handlers['message.tag']({ ids: [news.id], add: [], remove: ['My_Label'] });
  await quiet();
  expect(there('News').labels).toEqual(new Set(['\\Inbox', 'Urgent']));
  await sync();
  await shown('My Label', ['Offer']);
});

it('deletes out of a label into Trash, everywhere, and archives by taking INBOX away', async () => {
  await app.handlers['message.delete']({ ids: [(await row('Work', 'Offer')).id] });
  await quiet();
  expect(said(/^UID MOVE/u)).toEqual(['UID MOVE 601 "[Gmail]/Trash"']);
  expect(said(/EXPUNGE|^UID STORE/u)).toEqual([]);
  await sync();
  await shown(TRASH, ['Offer']);
  await shown('INBOX', ['News']);
  await shown('Work', ['Archived']);
  await shown('My Label', []);
  await shown(ALL, ['Archived', 'News']);

  const archive = (await app.ports.store.mailboxes(id)).find((one) => one.role === 'archive');
  expect(archive?.path).toBe(ALL);
  if (!archive) throw new Error('no archive');
  await app.handlers['message.move']({ ids: [(await row('INBOX', 'News')).id], mailbox: archive.id });
  await quiet();
  expect(there('News').labels).toEqual(new Set());
  await sync();
  await shown('INBOX', []);
  await shown(ALL, ['Archived', 'News']);

  // From Trash it goes for good, and nothing else with it.
  await app.handlers['message.delete']({ ids: [(await row(TRASH, 'Offer')).id] });
  await quiet();
  await sync();
  await shown(TRASH, []);
  expect(gmail.messages).toHaveLength(2);
  expect(app.payloads('refusal')).toEqual([]);
});

it('undoes what was deleted out of a label: the message is in all its mailboxes but once on this disk', async () => {
  await app.handlers['message.delete']({ ids: [(await row('Work', 'Offer')).id] });
  await quiet();
  await app.handlers['deed.undo']({});
  await quiet();
  await sync();
  await shown('Work', ['Archived', 'Offer']);
  await shown(TRASH, []);
  await shown(ALL, ['Archived', 'News', 'Offer']);
  expect(stored('words of the offer')).toBe(1);
});
