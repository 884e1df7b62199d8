import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPractice, type PracticeServer } from '../../../electron/practice/server.ts';
import { temporaryFolder } from '../../double/headless.ts';
import { glasspost } from './glasspost.ts';

const EMAIL = 'vera@practice.test';
let server: PracticeServer;
let profile: string;

beforeAll(async () => {
  server = await startPractice();
  profile = temporaryFolder();
});
afterAll(() => server.stop());

const inProfile = (...words: string[]) =>
  glasspost(['--profile', profile, ...words], { env: { MAIL_PASSWORD: 'amber-pane' } });
const url = (protocol: 'imap' | 'pop3') => `${protocol}://127.0.0.1:${server.ports[protocol]}`;
const list = async () =>
  (await inProfile('--json', 'list', 'INBOX', '--limit', '500')).objects
    .map((row) => String(row['messageId']))
    .toSorted();
const retrieved = async () => {
  const { objects } = await inProfile('--json', 'wire', 'list');
  return objects.filter((one) => one['protocol'] === 'pop3').length;
};

// One story: each step stands on the one before.
describe('account mode', () => {
  it('needs a server to change to', async () => {
    const words = `account add --email ${EMAIL} --mode imap --imap ${url('imap')} --password-env MAIL_PASSWORD`;
    expect((await inProfile(...words.split(' '))).code).toBe(0);
    expect((await inProfile('sync')).code).toBe(0);
    const refused = await inProfile('account', 'mode', EMAIL, 'pop3');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`glasspost account set ${EMAIL} --pop3 URL`);
    expect((await inProfile('account', 'mode', EMAIL, 'imap')).code).toBe(1);
    expect((await inProfile('account', 'mode', EMAIL, 'post')).code).toBe(2);
    expect((await inProfile('account', 'mode', EMAIL, '--undo')).code).toBe(1);
    expect((await inProfile('account', 'set', EMAIL, '--pop3', url('pop3'))).code).toBe(0);
  });

  it('says what it would do, does it, and takes it back', async () => {
    const before = await list();
    expect(before.length).toBeGreaterThan(5);
    const dry = await inProfile('--json', 'account', 'mode', EMAIL, 'pop3', '--dry-run');
    expect(dry.objects).toMatchObject([
      { done: false, to: 'pop3', matched: { messages: before.length }, onlyServer: { messages: 0 } },
    ]);
    const [account] = (await inProfile('--json', 'account', 'list')).objects;
    expect(account).toMatchObject({ mode: 'imap' });
    const sessions = await retrieved();
    const done = await inProfile('account', 'mode', EMAIL, 'pop3');
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain(`${EMAIL} is in POP3 mode now.`);
    expect((await inProfile('--json', 'account', 'list')).objects).toMatchObject([{ mode: 'pop3' }]);
    expect(await list()).toEqual(before);
    // One to compare, one to collect.
    expect(await retrieved()).toBe(sessions + 2);
    const { stdout } = await inProfile('wire', 'list');
    expect(stdout).not.toContain('DELE');
    const undone = await inProfile('account', 'mode', EMAIL, '--undo');
    expect(undone.stdout).toContain(`${EMAIL} is in IMAP mode again`);
    expect((await inProfile('sync')).code).toBe(0);
    expect(await list()).toEqual(before);
  });
});
