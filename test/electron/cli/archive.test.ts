import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { openWorkerStore } from '../../../electron/store/worker-store.ts';
import { startPractice, type PracticeServer } from '../../../electron/practice/server.ts';
import { temporaryFolder } from '../../double/headless.ts';
import { scripts } from '../../double/programs.ts';
import { glasspost } from './glasspost.ts';

const env = { MAIL_PASSWORD: 'amber-pane' };
let server: PracticeServer;
let profile: string;
let folder: string;
const run = (...words: string[]) => glasspost(['--profile', profile, ...words], { env });

/** SHA-256 of every message of a mailbox, sorted. */
async function sums(path: string): Promise<string[]> {
  const store = await openWorkerStore(profile, scripts.store, 'a test');
  const mailbox = (await store.snapshot()).mailboxes.find((one) => one.path === path);
  const { ids } = await store.order({ kind: 'mailbox', mailbox: mailbox!.id });
  const all = await Promise.all([...ids].map((id) => store.raw(id as MessageKey)));
  await store.close();
  return all.map((bytes) => createHash('sha256').update(bytes!).digest('hex')).sort();
}

beforeAll(async () => {
  server = await startPractice({ seed: false });
  profile = temporaryFolder();
  folder = temporaryFolder();
  const odd = [
    'Subject: plain\r\n\r\nbody\r\n',
    'Subject: quoted\r\nFrom: a@b.example\r\n\r\nFrom the start\r\n>From quoted\r\n>>From twice\r\n',
    'Subject: no end\n\nbare LF, no last line end',
    'Subject: =?koi8-r?B?8NLJ18XU?=\r\n\r\n\xf0\xd2\xc9\xd7\xc5\xd4 \0 \xff\r\n\r\n\r\n',
    'Subject: con:aux/\\?*"\r\n\r\n',
  ];
  for (const raw of odd) server.deliver(Buffer.from(raw, 'latin1'), 'vera@practice.test');
  const url = (protocol: 'imap' | 'smtp') => `${protocol}://127.0.0.1:${server.ports[protocol]}`;
  await run(
    ...`account add --email vera@practice.test --mode imap --imap ${url('imap')} --smtp ${url('smtp')} --password-env MAIL_PASSWORD`.split(
      ' ',
    ),
  );
  await run('sync');
  await run('flag', '1', '+seen', '+flagged');
});
afterAll(() => server.stop());

describe('export and import', () => {
  it.each(['mbox', 'maildir', 'eml'])('%s gives every byte back', async (format) => {
    const target = path.join(folder, format);
    const written = await run('export', 'INBOX', `--${format}`, target);
    expect([written.code, written.stdout, written.stderr]).toEqual([
      0,
      expect.stringMatching(/^5 messages, \d+ bytes: /u),
      '',
    ]);
    const into = { mbox: 'Archive', maildir: 'Projects', eml: 'Projects/Glass' }[format] ?? '';
    expect((await run('import', target, '--into', into)).stdout).toMatch(/^5 messages from /u);
    expect(await sums(into)).toEqual(await sums('INBOX'));
    const again = await run('import', target, '--into', into);
    expect([again.code, again.stdout]).toEqual([
      0,
      expect.stringMatching(/^0 messages from .*, 5 were there already/u),
    ]);
    const over = await run('export', 'INBOX', `--${format}`, target);
    // A Maildir is added to; a file that is there is somebody's.
    expect(over.code).toBe(format === 'maildir' ? 0 : 1);
  });

  it('the server gets what was imported, with its flags', async () => {
    expect((await run('sync')).code).toBe(0);
    const rows = (await run('--json', 'list', 'Projects')).objects;
    expect(rows.map((row) => typeof row['uid'])).toEqual(Array.from({ length: rows.length }, () => 'number'));
    expect(rows.filter((row) => (row['flags'] as string[]).includes('flagged'))).toHaveLength(1);
  });

  it('the person says what a file does not', async () => {
    const file = path.join(folder, 'either');
    const text = 'Subject: either\n\n>>From a\n';
    fs.writeFileSync(file, `From vera@example.org Sat Nov 21 10:42:07 2026\n${text}\n`);
    const said = await run('import', file, '--into', 'Archive', '--format', 'mboxo');
    expect([said.stdout, said.stderr]).toEqual(['1 messages from mboxo\n', '']);
    const unsaid = await run('import', file, '--into', 'Archive');
    expect(unsaid.stdout).toBe('1 messages from mboxrd\n');
    expect(unsaid.stderr).toContain('>>From: 1. They were read as mboxrd; --format mboxo');
    const hash = (bytes: string) => createHash('sha256').update(bytes).digest('hex');
    expect(await sums('Archive')).toEqual(
      expect.arrayContaining([hash(text), hash(text.replace('>>', '>'))]),
    );
  });

  it('says what is wrong', async () => {
    expect((await run('export', 'INBOX')).code).toBe(2);
    expect((await run('export', 'INBOX', '--mbox', 'a', '--eml', 'b')).code).toBe(2);
    expect((await run('export', 'Nope', '--mbox', path.join(folder, 'nope'))).code).toBe(1);
    expect((await run('import', path.join(folder, 'nope'), '--into', 'INBOX')).code).toBe(1);
    expect((await run('import', folder)).code).toBe(2);
    expect((await run('import', folder, '--into', 'INBOX', '--format', 'mbox')).code).toBe(2);
    expect((await run('import', folder, '--into', 'INBOX', '--format', 'mboxo')).code).toBe(1);
    const none = path.join(folder, 'none.txt');
    fs.writeFileSync(none, 'no mail at all\n');
    expect((await run('import', none, '--into', 'INBOX')).code).toBe(1);
  });
});

describe('verify and rebuild', () => {
  it('finds the damaged message by name, and restores everything from the mbox files', async () => {
    expect((await run('verify')).stdout).toMatch(/messages, \d+ bytes: all sound\n$/u);
    const before = (await run('--json', 'list', 'INBOX')).objects;
    const bytes = await sums('INBOX');
    fs.rmSync(path.join(profile, 'glasspost.sqlite'));
    const rebuilt = await run('rebuild');
    expect([rebuilt.code, rebuilt.stderr]).toEqual([0, '']);
    expect(await sums('INBOX')).toEqual(bytes);
    expect((await run('sync')).stdout).toContain(': 0 new, in step');
    expect((await run('--json', 'list', 'INBOX')).objects).toEqual(before);

    const [row] = before;
    const segments = fs
      .readdirSync(path.join(profile, 'mail'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.name.endsWith('.mbox'))
      .map((entry) => path.join(entry.parentPath, entry.name));
    for (const file of segments) {
      const text = fs.readFileSync(file, 'latin1');
      fs.writeFileSync(file, text.replace('>From twice', '>From thrice'.slice(0, 11)), 'latin1');
    }
    const found = await run('verify');
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('"quoted"');
    expect(found.stdout).toContain('wrong-hash');
    expect(row).toBeDefined();
  });
});

describe('wire', () => {
  it('lists, shows and exports what was said, without the password', async () => {
    const { objects } = await run('--json', 'wire', 'list');
    const session = String(objects.find((one) => one['purpose'] === 'mail')?.['session']);
    const shown = await run('wire', 'show', session);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('AUTHENTICATE CRAM-MD5');
    expect((await run('wire', 'show', session, '--explain', 'ru')).stdout).toMatch(/ # .*[а-я]/u);
    expect((await run('wire', 'show', session, '--raw')).stdout).toMatch(/^< \* OK .*\n> 1 /u);
    expect((await run('--json', 'wire', 'show', session, '--explain', 'en')).objects[1]).toMatchObject({
      direction: 'server',
      explanation: { specific: true },
    });
    for (const name of ['page.html', 'lines.jsonl', 'plain.txt']) {
      const file = path.join(folder, name);
      expect((await run('wire', 'export', session, '--out', file)).code).toBe(0);
      const text = fs.readFileSync(file, 'utf8');
      expect(text).toContain('AUTHENTICATE CRAM-MD5');
      expect(text).not.toContain('amber-pane');
      expect(text).not.toContain(Buffer.from('\0vera@practice.test\0amber-pane').toString('base64'));
      expect((await run('wire', 'export', session, '--out', file)).code).toBe(1);
    }
    expect((await run('wire', 'show', '../../etc/passwd')).code).toBe(2);
    expect((await run('wire', 'show', '20200101T000000000Zabcd-0001-imap')).code).toBe(1);
    expect((await run('wire', 'show', session, '--explain', 'de')).code).toBe(2);
    expect((await run('wire', 'export', session)).code).toBe(2);
  });
});

describe('console', () => {
  const talk = (url: string, lines: string[], ...more: string[]) =>
    glasspost(['--profile', profile, 'console', url, ...more], {
      input: lines.map((line) => `${line}\n`).join(''),
    });

  it('speaks each protocol, in clear, by STARTTLS and by TLS', async () => {
    const { ports, certificate } = server;
    const trust = ['--trust-cert', certificate.fingerprint];
    const pop3 = await talk(`pop3://127.0.0.1:${ports.pop3}`, [
      'USER vera@practice.test',
      'PASS amber-pane',
      'STAT',
      'QUIT',
    ]);
    expect([pop3.code, pop3.stderr]).toEqual([0, '']);
    expect(pop3.stdout).toMatch(/→ STAT\n.*← \+OK \d+ \d+\n/u);
    expect(pop3.stdout).not.toContain('amber-pane');
    const smtp = await talk(`smtp+starttls://127.0.0.1:${ports.smtp}`, ['EHLO me', 'QUIT'], ...trust);
    expect([smtp.code, smtp.stdout]).toEqual([0, expect.stringMatching(/· tls [^]*→ EHLO me\n[^]*← 221 /u)]);
    const imap = await talk(
      `imaps://127.0.0.1:${ports.imaps}`,
      ['a LOGIN vera@practice.test amber-pane', 'b LOGOUT'],
      ...trust,
      '--explain',
      'en',
    );
    expect([imap.code, imap.stdout]).toEqual([0, expect.stringMatching(/← a OK .*\n +# .*\n[^]*← b OK/u)]);
    expect(imap.stdout).not.toContain('amber-pane');
    const { objects } = await run('--json', 'wire', 'list');
    expect(objects.filter((one) => one['purpose'] === 'console')).toHaveLength(3);
  });

  it('says why it can’t', async () => {
    const { ports } = server;
    const untrusted = await talk(`imaps://127.0.0.1:${ports.imaps}`, []);
    expect([untrusted.code, untrusted.stderr]).toEqual([1, expect.stringContaining('Nobody vouches')]);
    expect((await talk('ftp://127.0.0.1', [])).code).toBe(2);
    expect((await talk('imap://user:secret@127.0.0.1', [])).code).toBe(2);
    const clear = await talk('imap://192.0.2.1', []);
    expect([clear.code, clear.stderr]).toEqual([1, expect.stringContaining('Not without encryption')]);
    const dropped = await talk(`smtp://127.0.0.1:${ports.smtp}`, ['EHLO me']);
    expect(dropped.code).toBe(0);
  });
});
