import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../electron/store/sqlite-store.ts';
import { fold } from '../../../shared/search/fold.ts';
import { temporaryFolder } from '../../double/headless.ts';
import { glasspost } from './glasspost.ts';

let profile: string;

beforeAll(() => {
  profile = temporaryFolder();
  const store = openStore(profile, 'writer');
  const { account } = store.addAccount({
    name: 'Vera',
    email: 'vera@example.org',
    mode: 'pop3',
    leaveOnServer: 'forever',
  });
  const put = (role: 'inbox' | 'archive', at: number, subject: string, body: string) => {
    const bytes = Buffer.from(
      `From: Oleg <oleg@example.org>\r\nSubject: ${subject}\r\nDate: ${new Date(at * 1e10).toUTCString()}\r\n\r\n${body}\r\n`,
    );
    const search = { subject: fold(subject), from: 'oleg', to: '', cc: '', body: fold(body), files: '' };
    const digest = { snippet: body, attachments: 0, search };
    const one = { uidl: `${at}`, flags: [], received: at * 1e10, size: 1, bytes, whole: true, digest };
    store.apply(store.roleMailbox(account.id, role).mailbox.id, { added: [one], flags: [], removed: [] });
  };
  put('inbox', 160, 'Счёт за май', 'оплатить needle');
  put('archive', 170, 'no such word', `${'hay '.repeat(100)}needle`);
  put('inbox', 150, 'nothing', 'hay');
  store.close();
});

const search = (...words: string[]) => glasspost(['--profile', profile, ...words]);

describe('glasspost search', () => {
  it('shows rows as list does, newest first, and where they are', async () => {
    const { code, stdout, stderr } = await search('search', 'needle');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').map((line) => line.replace(/\s+/gu, ' ').trim())).toEqual([
      '2 N 2023-11-14 22:13 Oleg Archive no such word',
      '1 N 2020-09-13 12:26 Oleg INBOX Счёт за май',
      '',
    ]);
  });

  it('gives the objects of list', async () => {
    const [found] = (await search('--json', 'search', 'счет', 'оплат')).objects;
    const listed = (await search('--json', 'list', 'INBOX')).objects.find((one) => one['id'] === 1);
    expect(found).toEqual(listed);
  });

  it('takes words, phrases, minus and conditions as they are typed', async () => {
    const keys = async (...words: string[]) => {
      const { code, objects } = await search('--json', 'search', ...words);
      return [code, ...objects.map((one) => one['id'])];
    };
    expect(await keys('hay', '-needle')).toEqual([0, 3]);
    expect(await keys('"needle hay"')).toEqual([0]);
    expect(await keys('needle', 'OR', 'hay', '--limit', '2')).toEqual([0, 2, 1]);
    expect(await keys('needle', 'in:archive')).toEqual([0, 2]);
    expect(await keys('needle', '--rank', '--limit', '1')).toEqual([0, 1]);
    expect(await keys('nowhere')).toEqual([0]);
  });

  it('says what it did not understand, and what it wants', async () => {
    expect((await search('search', 'is:odd')).stderr).toBe(
      'is:odd is not understood; it is looked for as words.\n',
    );
    expect((await search('search')).code).toBe(2);
    expect((await search('search', 'x', '--limit', '0')).code).toBe(2);
  });
});
