import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPractice, type PracticeServer } from '../../../electron/practice/server.ts';
import { temporaryFolder } from '../../double/headless.ts';
import { glasspost, start, type Ended } from './glasspost.ts';

const PASSWORD = 'amber-pane';
let server: PracticeServer;
let profile: string;

beforeAll(async () => {
  server = await startPractice();
  profile = temporaryFolder();
});
afterAll(() => server.stop());

const inProfile = (...words: string[]) =>
  glasspost(['--profile', profile, ...words], { env: { MAIL_PASSWORD: PASSWORD } });
const url = (protocol: 'imap' | 'pop3' | 'smtp') => `${protocol}://127.0.0.1:${server.ports[protocol]}`;
const add = (email: string, mode: 'imap' | 'pop3') =>
  `account add --email ${email} --mode ${mode} --${mode} ${url(mode)} --smtp ${url('smtp')} --password-env MAIL_PASSWORD`.split(
    ' ',
  );

/** What differs from run to run, replaced. */
function steady(text: string): string {
  return text
    .replaceAll(profile, 'PROFILE')
    .replaceAll(/127\.0\.0\.1:\d+/gu, 'HOST')
    .replaceAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d\.\d\d\dZ)?/gu, 'DATE')
    .replaceAll(/[\d.]+ s\)/gu, 'TIME)')
    .replaceAll(/"ms":\d+/gu, '"ms":0')
    .replaceAll(/"id":"[0-9a-f]{8}"/gu, '"id":"ACCOUNT"');
}
const expectGolden = async (name: string, { stdout, stderr, code }: Ended) =>
  expect(`exit ${code}\n--- stdout\n${steady(stdout)}--- stderr\n${steady(stderr)}`).toMatchFileSnapshot(
    path.join(import.meta.dirname, 'golden', `mail-${name}.txt`),
  );
const numbers = async (mailbox: string) =>
  (await inProfile('--json', 'list', mailbox)).objects.map((row) => Number(row['id']));

// One story: each step stands on the one before.
describe('a profile on the command line', () => {
  it('begins empty', async () => {
    await expectGolden('no-account', await inProfile('sync'));
    await expectGolden('no-accounts', await inProfile('account', 'list'));
  });

  it('adds an account only when its servers let it in', async () => {
    const wrong = await glasspost(['--profile', profile, ...add('vera@practice.test', 'imap')], {
      env: { MAIL_PASSWORD: 'stone' },
    });
    await expectGolden('wrong-password', wrong);
    expect(wrong.stderr).not.toContain('stone');
    const unset = await glasspost(['--profile', profile, ...add('vera@practice.test', 'imap')]);
    await expectGolden('password-unset', unset);
    await expectGolden(
      'no-keyring',
      await inProfile(...add('vera@practice.test', 'imap').slice(0, -2), '--password-stdin'),
    );
    await expectGolden(
      'no-password-option',
      await inProfile(...add('vera@practice.test', 'imap').slice(0, -2)),
    );
    expect((await inProfile('--json', 'account', 'list')).objects).toEqual([]);
    await expectGolden('added', await inProfile(...add('vera@practice.test', 'imap')));
    await expectGolden('added-twice', await inProfile(...add('VERA@practice.test', 'imap')));
    const oleg = add('oleg@practice.test', 'pop3').slice(0, -2);
    await expectGolden(
      'added-by-command',
      await inProfile(...oleg, '--password-command', `echo ${PASSWORD}`),
    );
    await expectGolden('accounts', await inProfile('account', 'list'));
    const { objects } = await inProfile('--json', 'account', 'list');
    expect(objects).toMatchObject([
      { email: 'vera@practice.test', mode: 'imap', imap: url('imap'), pop3: null, smtp: url('smtp') },
      { email: 'oleg@practice.test', mode: 'pop3', imap: null, pop3: url('pop3'), leaveOnServer: 'forever' },
    ]);
  });

  it('trusts a certificate that the person vouched for, and no other', async () => {
    const servers = `--imap imaps://127.0.0.1:${server.ports.imaps} --smtp smtp+starttls://127.0.0.1:${server.ports.smtp}`;
    const whole = `--profile ${path.join(profile, 'second')} account add --email vera@practice.test --mode imap ${servers} --password-env MAIL_PASSWORD`;
    const tls = (fingerprint?: string) =>
      glasspost(`${whole}${fingerprint === undefined ? '' : ` --trust-cert ${fingerprint}`}`.split(' '), {
        env: { MAIL_PASSWORD: PASSWORD },
      });
    const refused = await tls();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`--trust-cert ${server.certificate.fingerprint}`);
    expect((await tls('AB'.repeat(32))).code).toBe(1);
    expect((await tls('ABC')).code).toBe(2);
    const trusted = await tls(server.certificate.fingerprint.replaceAll(':', '').toLowerCase());
    expect([trusted.code, trusted.stderr]).toEqual([0, '']);
  });

  it('refuses clear text to another computer', async () => {
    const words = add('vera@practice.test', 'imap').map((word) =>
      word.startsWith('imap://') ? 'imap://192.0.2.1:143' : word,
    );
    const refused = await inProfile(...words.map((word) => word.replace('vera', 'anna')));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Not without encryption');
  });

  it('brings all accounts in step, and tells how it went', async () => {
    await expectGolden('sync', await inProfile('sync'));
    await expectGolden('sync-again', await inProfile('--json', 'sync', '--account', 'oleg@practice.test'));
    await expectGolden('mailboxes', await inProfile('mailboxes'));
    await expectGolden('sync-nowhere', await inProfile('sync', '--account', 'nobody@practice.test'));
    await expectGolden(
      'sync-no-mailbox',
      await inProfile('sync', '--account', 'vera@practice.test', '--mailbox', 'Nope'),
    );
  });

  it('lists a mailbox', async () => {
    await expectGolden('list', await inProfile('list', 'vera@practice.test:INBOX', '--limit', '4'));
    await expectGolden('list-by-role', await inProfile('list', 'vera@practice.test:sent'));
    await expectGolden('list-two-accounts', await inProfile('list', 'INBOX'));
    await expectGolden('list-unknown', await inProfile('list', 'Nope'));
    const { objects } = await inProfile('--json', 'list', 'vera@practice.test:INBOX', '--limit', '2');
    expect(objects).toHaveLength(2);
    expect(Object.keys(objects[0] ?? {})).toEqual(
      'id account mailbox uid uidl messageId from to subject date size flags attachments'.split(' '),
    );
    expect(objects[0]).toMatchObject({ account: 'vera@practice.test', mailbox: 'INBOX', uidl: null });
    const [collected] = (await inProfile('--json', 'list', 'oleg@practice.test:INBOX')).objects;
    expect(collected).toMatchObject({ uid: null, uidl: expect.stringMatching(/./u) as string });
  });

  it('shows a message in all its forms, byte for byte', async () => {
    const rows = (await inProfile('--json', 'list', 'vera@practice.test:INBOX')).objects;
    const id = String(rows.find((row) => row['messageId'] === '<estimate-4@practice.test>')?.['id']);
    await expectGolden('show', await inProfile('show', id));
    await expectGolden('show-structure', await inProfile('show', id, '--structure'));
    await expectGolden('show-text', await inProfile('show', id, '--text'));
    const headers = await inProfile('show', id, '--headers');
    expect(headers.stdout).toMatch(/^Return-Path: .*\nReceived: .*\nReceived: .*\n/u);
    await expectGolden('show-nothing', await inProfile('show', '999'));
    await expectGolden('show-no-number', await inProfile('show', 'x'));
    expect((await inProfile('show', id, '--raw', '--text')).code).toBe(2);

    const raw = Buffer.from('Subject: odd\nFrom: a@b.example\n\nbare LF\r\nFrom here\n\0 and \xff', 'latin1');
    server.deliver(raw, 'oleg@practice.test');
    await inProfile('sync', '--account', 'oleg@practice.test');
    const odd = (await inProfile('--json', 'list', 'oleg@practice.test:INBOX')).objects.find(
      (row) => row['subject'] === 'odd',
    );
    const { bytes } = await inProfile('show', String(odd?.['id']), '--raw');
    const sum = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
    // POP3 sends lines: the last one ends too.
    expect(sum(bytes)).toBe(sum(Buffer.concat([raw, Buffer.from('\r\n')])));
  });

  it('flags, moves and deletes, on the server too', async () => {
    const [first, second, third] = await numbers('vera@practice.test:INBOX');
    await expectGolden('flag', await inProfile('flag', String(first), '+flagged', '+seen'));
    await expectGolden('flag-json', await inProfile('--json', 'flag', String(first), '-seen'));
    expect((await inProfile('flag', String(first), '+purple')).code).toBe(2);
    expect((await inProfile('flag', String(first), 'seen')).code).toBe(2);
    await expectGolden('move', await inProfile('move', String(second), 'Archive'));
    await expectGolden('move-nowhere', await inProfile('move', String(third), 'Nope'));
    await expectGolden('delete', await inProfile('delete', String(third)));
    expect(await numbers('vera@practice.test:trash')).toEqual([third]);

    // Another profile sees what the server was told.
    const other = temporaryFolder();
    const there = (...words: string[]) =>
      glasspost(['--profile', other, ...words], { env: { MAIL_PASSWORD: PASSWORD } });
    await there(...add('vera@practice.test', 'imap'));
    expect((await there('sync', '--headers-only')).code).toBe(0);
    const [top] = (await there('--json', 'list', 'INBOX', '--limit', '1')).objects;
    expect(top?.['flags']).toEqual(['flagged']);
    expect((await there('--json', 'list', 'trash')).objects).toHaveLength(1);
    expect((await there('list', 'INBOX', '--limit', '1')).stdout).toContain('-');
  });

  it('tags, copies, shows what was done and undoes it', async () => {
    const [id] = await numbers('vera@practice.test:INBOX');
    const tagged = await inProfile('--json', 'tag', String(id), '+project', '+later', '-nothing');
    expect(tagged).toMatchObject({ code: 0, objects: [{ id, tags: ['later', 'project'] }] });
    expect((await inProfile('tag', String(id), '+two words')).code).toBe(2);
    const archive = (await inProfile('--json', 'list', 'vera@practice.test:Archive')).objects.length;
    expect((await inProfile('copy', String(id), 'vera@practice.test:Archive')).code).toBe(0);
    const copies = () => inProfile('--json', 'list', 'vera@practice.test:Archive');
    expect((await copies()).objects).toHaveLength(archive + 1);
    const done = await inProfile('--json', 'undo', '--list');
    expect(done.objects.slice(0, 2)).toMatchObject([
      { kind: 'copy', messages: 1, undone: false },
      { kind: 'flag', set: ['project', 'later'], undone: false },
    ]);
    expect((await inProfile('undo')).code).toBe(0);
    expect((await copies()).objects).toHaveLength(archive);
    expect((await inProfile('undo')).code).toBe(0);
    expect((await inProfile('--json', 'search', 'tag:project')).objects).toEqual([]);
    await expectGolden('nothing-waits', await inProfile('waiting'));
    expect((await inProfile('account', 'set', 'vera@practice.test', '--keep-offline', '30')).code).toBe(0);
    expect((await inProfile('--json', 'account', 'list')).objects[0]).toMatchObject({ keepOffline: 30 });
    expect((await inProfile('account', 'set', 'vera@practice.test', '--keep-offline', 'some')).code).toBe(2);
    await inProfile('account', 'set', 'vera@practice.test', '--keep-offline', 'all');
  });

  it('says so when the server can’t be told now, and tells it later', async () => {
    const [first] = await numbers('vera@practice.test:INBOX');
    const { ports, users, certificate } = server;
    await server.stop();
    const offline = await inProfile('flag', String(first), '+answered');
    expect([offline.code, offline.stdout]).toEqual([0, `${first}: flagged answered\n`]);
    expect(offline.stderr).toContain('The server will be told at the next sync.');
    const failed = await inProfile('sync', '--account', 'vera@practice.test');
    await expectGolden('offline-sync', failed);
    const letter = await glasspost(
      ['--profile', profile, 'send', '--from', 'vera@practice.test', '--to', 'oleg@practice.test'],
      { input: 'later', env: { MAIL_PASSWORD: PASSWORD } },
    );
    expect([letter.code, letter.stdout]).toEqual([0, expect.stringContaining('waits in the outbox')]);
    const [waiting] = (await inProfile('--json', 'outbox')).objects;
    expect(waiting).toMatchObject({ state: 'waiting', recipients: ['oleg@practice.test'], attempts: 1 });
    server = await startPractice({ ports, users });
    expect([certificate.fingerprint === server.certificate.fingerprint]).toHaveLength(1);
    await expectGolden('outbox-retry', await inProfile('outbox', 'retry', String(waiting?.['id'])));
    expect((await inProfile('outbox')).stdout).toBe('');
  });

  it('removes an account and leaves its mail', async () => {
    const removed = await inProfile('--json', 'account', 'remove', 'oleg@practice.test');
    expect(removed.code).toBe(0);
    const folder = String(removed.objects[0]?.['mail']);
    expect(fs.readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.mbox'))).toBe(
      true,
    );
    expect((await inProfile('account', 'list')).stdout).not.toContain('oleg');
  });

  it('holds no password anywhere', async () => {
    for (const entry of fs.readdirSync(profile, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      // A command that a person wrote is kept as it was written.
      if (entry.name === 'password-sources.json') continue;
      expect([file, fs.readFileSync(file).includes(PASSWORD)]).toEqual([file, false]);
    }
  });
});

describe('while another process has the profile', () => {
  it('commands are carried out there', async () => {
    const own = temporaryFolder();
    const env = { MAIL_PASSWORD: PASSWORD };
    await glasspost(['--profile', own, ...add('vera@practice.test', 'imap')], { env });
    const watching = start(['--profile', own, '--json', 'sync', '--watch'], { env });
    let said = '';
    watching.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    for (let wait = 0; wait < 200 && !said.includes('"online"'); wait += 1) await sleep(50);
    expect((await glasspost(['--profile', own, 'list', 'INBOX', '--limit', '1'])).stdout).toContain(
      'Welcome',
    );
    const sent = await glasspost(
      ['--profile', own, 'send', '--to', 'vera@practice.test', '--subject', 'to me'],
      {
        input: 'x',
      },
    );
    expect([sent.code, sent.stderr]).toEqual([0, '']);
    const eventsSoFar = () =>
      said
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const arrived = () => eventsSoFar().some((one) => one['event'] === 'new' && one['subject'] === 'to me');
    for (let wait = 0; wait < 200 && !arrived(); wait += 1) await sleep(50);
    const events = eventsSoFar();
    expect(events).toContainEqual(expect.objectContaining({ event: 'sent', subject: 'to me' }));
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'new', subject: 'to me', mailbox: 'INBOX' }),
    );

    // Killed without a word: nothing has to be cleaned up.
    watching.kill('SIGKILL');
    await once(watching, 'exit');
    expect((await glasspost(['--profile', own, 'list', 'INBOX', '--limit', '1'])).stdout).toContain('to me');
  });

  it('a watch that is interrupted ends well', async () => {
    const own = temporaryFolder();
    const env = { MAIL_PASSWORD: PASSWORD };
    await glasspost(['--profile', own, ...add('vera@practice.test', 'imap')], { env });
    const watching = start(['--profile', own, 'sync', '--watch'], { env });
    let said = '';
    watching.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    for (let wait = 0; wait < 200 && !said.includes('Welcome'); wait += 1) await sleep(50);
    watching.kill('SIGINT');
    expect((await once(watching, 'exit'))[0]).toBe(0);
  });
});
