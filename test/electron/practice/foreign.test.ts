// Clients that nobody here wrote read and send through the practice server: curl, msmtp, mpop, mutt and mbsync.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OLEG, VERA, startPractice } from '../../../electron/practice/server.ts';
import type { PracticeServer } from '../../../electron/practice/server.ts';
import { mail } from './talk.ts';

const run = promisify(execFile);

let folder: string;
let ca: string;
let server: PracticeServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glasspost-foreign-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startPractice({ seed: false });
  ca = join(folder, 'ca.pem');
  await writeFile(ca, server.certificate.pem);
});
afterEach(() => server.stop());

const SIMPLE = 'From: vera@practice.test\nTo: oleg@practice.test\nSubject: Привет\n\n.\n..two\nпривет\n';

/** What lies in the INBOX of Oleg, as curl sees it. */
async function inboxOfOleg(): Promise<string> {
  return curl(`imap://localhost:${server.ports.imap}/INBOX;MAILINDEX=1`, '--user', login(OLEG));
}

const login = (user: typeof VERA): string => `${user.email}:${user.password}`;

async function curl(...args: string[]): Promise<string> {
  const { stdout } = await run(
    'curl',
    ['--silent', '--show-error', '--max-time', '10', '--cacert', ca, ...args],
    {
      encoding: 'buffer',
    },
  );
  return stdout.toString('utf8');
}

describe('curl', () => {
  const url = (protocol: 'imap' | 'pop3' | 'smtp', secure: boolean): string =>
    `${protocol}${secure ? 's' : ''}://localhost:${server.ports[secure ? (`${protocol}s` as const) : protocol]}`;

  it.each([
    ['in clear text', false, []],
    ['with STARTTLS', false, ['--ssl-reqd']],
    ['over TLS', true, []],
  ] as const)('reads and sends %s', async (_, secure, options) => {
    const file = join(folder, 'letter.eml');
    await writeFile(file, mail(SIMPLE));
    const envelope = ['--mail-from', VERA.email, '--mail-rcpt', OLEG.email, '--upload-file', file];
    await curl(...options, `${url('smtp', secure)}/me.example.org`, ...envelope, '--user', login(VERA));
    const body = '\r\n\r\n.\r\n..two\r\nпривет\r\n';
    const imap = await curl(...options, `${url('imap', secure)}/INBOX;UID=1`, '--user', login(OLEG));
    expect(imap.endsWith(body)).toBe(true);
    const listing = await curl(...options, `${url('pop3', secure)}/`, '--user', login(OLEG));
    expect(listing).toBe(`1 ${Buffer.byteLength(imap)}\r\n`);
    expect(await curl(...options, `${url('pop3', secure)}/1`, '--user', login(OLEG))).toBe(imap);
  });

  it.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('logs in by AUTH=%s everywhere', async (mechanism) => {
    const options = ['--login-options', `AUTH=${mechanism}`, '--user', login(VERA)];
    expect(await curl(...options, `${url('imap', false)}/`, '-X', 'LIST "" "%rch%"')).toContain('"Archive"');
    expect(await curl(...options, `${url('pop3', false)}/`, '-X', 'STAT', '--head')).toBe('');
    const file = join(folder, 'letter.eml');
    await writeFile(file, mail(SIMPLE));
    await curl(
      ...options,
      url('smtp', false),
      '--mail-from',
      VERA.email,
      '--mail-rcpt',
      OLEG.email,
      '-T',
      file,
    );
    expect(await inboxOfOleg()).toContain('Subject: Привет');
  });

  it('logs in by APOP, and never by a wrong password', async () => {
    const options = ['--login-options', 'AUTH=+APOP'];
    server.deliver(mail(SIMPLE), VERA.email);
    expect(await curl(...options, '--user', login(VERA), `${url('pop3', false)}/1`)).toContain('Привет');
    await expect(curl(...options, '--user', `${VERA.email}:wrong`, url('pop3', false))).rejects.toMatchObject(
      {
        code: 67,
      },
    );
  });

  it('searches, fetches parts, appends and removes', async () => {
    const inbox = `${url('imap', false)}/INBOX`;
    const as = ['--user', login(VERA)];
    server.deliver(mail('Subject: one\n\nglass\n'), VERA.email);
    server.deliver(mail('Subject: two\n\nlead\n'), VERA.email);
    expect(await curl(...as, `${inbox}?SUBJECT%20two`)).toBe('* SEARCH 2\r\n');
    expect(await curl(...as, `${inbox};UID=1;SECTION=HEADER.FIELDS%20(SUBJECT)`)).toBe(
      'Subject: one\r\n\r\n',
    );
    const file = join(folder, 'three.eml');
    await writeFile(file, mail('Subject: three\n\nsand\n'));
    await curl(...as, inbox, '--upload-file', file);
    await curl(
      ...as,
      inbox,
      '-X',
      'STORE 1 +FLAGS \\Deleted',
      '--next',
      '--cacert',
      ca,
      ...as,
      inbox,
      '-X',
      'EXPUNGE',
    );
    expect(await curl(...as, `${inbox}?ALL`)).toBe('* SEARCH 1 2\r\n');
    expect(await curl(...as, `${inbox};MAILINDEX=2;SECTION=TEXT`)).toBe('sand\r\n');
    expect(await curl(...as, `${url('pop3', false)}/1`, '-X', 'DELE', '--head')).toBe('');
    expect(await curl(...as, `${inbox}?ALL`)).toBe('* SEARCH 1\r\n');
  });

  it('is told that nothing is relayed', async () => {
    const file = join(folder, 'letter.eml');
    await writeFile(file, mail(SIMPLE));
    const envelope = ['--mail-from', VERA.email, '--mail-rcpt', 'x@example.org', '-T', file];
    await expect(curl(url('smtp', false), ...envelope, '--user', login(VERA))).rejects.toThrow(
      /RCPT failed: 550/,
    );
  });
});

describe('msmtp', () => {
  async function msmtp(text: string, ...args: string[]): Promise<string> {
    const options = ['--host=localhost', '--read-envelope-from', '--timeout=10', `--user=${VERA.email}`];
    const passwordFrom = `--passwordeval=echo ${VERA.password}`;
    const child = run('msmtp', [...options, passwordFrom, '--auto-from=off', ...args]);
    child.child.stdin?.end(text);
    return (await child).stdout;
  }

  it.each([
    ['in clear text, PLAIN', 'smtp', ['--tls=off', '--auth=plain']],
    ['in clear text, LOGIN', 'smtp', ['--tls=off', '--auth=login']],
    ['in clear text, CRAM-MD5', 'smtp', ['--tls=off', '--auth=cram-md5']],
    ['with STARTTLS', 'smtp', ['--tls=on', '--tls-starttls=on', '--auth=on']],
    ['over TLS', 'smtps', ['--tls=on', '--tls-starttls=off', '--auth=on']],
  ] as const)('sends %s', async (_, port, options) => {
    const trust = options[0] === '--tls=on' ? [`--tls-trust-file=${ca}`] : [];
    await msmtp(SIMPLE, `--port=${server.ports[port]}`, ...options, ...trust, OLEG.email);
    expect((await inboxOfOleg()).endsWith('\r\n\r\n.\r\n..two\r\nпривет\r\n')).toBe(true);
  });

  it('is told what the server offers', async () => {
    const info = await msmtp('', '--serverinfo', '--tls=off', `--port=${server.ports.smtp}`);
    for (const offer of ['SIZE 26214400', 'PIPELINING', 'STARTTLS', 'DSN', 'CRAM-MD5'])
      expect(info).toContain(offer);
  });

  it('asks for a report of delivery, and gets it', async () => {
    const options = ['--tls=off', '--auth=plain', `--port=${server.ports.smtp}`];
    await msmtp(SIMPLE, ...options, '--dsn-notify=success', '--dsn-return=headers', OLEG.email);
    const report = await curl(
      `imap://localhost:${server.ports.imap}/INBOX;MAILINDEX=1`,
      '--user',
      login(VERA),
    );
    expect(report).toContain('Final-Recipient: rfc822; oleg@practice.test\r\nAction: delivered\r\n');
  });

  it('gives the reason of a refusal', async () => {
    const options = ['--tls=off', '--auth=plain', `--port=${server.ports.smtp}`];
    await expect(msmtp(SIMPLE, ...options, 'x@example.org')).rejects.toThrow(/550 5\.7\.1 relaying denied/);
    await expect(msmtp(SIMPLE, ...options, 'nobody@practice.test')).rejects.toThrow(
      /550 5\.1\.1 there is no such/,
    );
  });
});

describe('mpop', () => {
  async function mpop(maildir: string, ...args: string[]): Promise<string[]> {
    for (const sub of ['cur', 'new', 'tmp']) await mkdir(join(folder, maildir, sub), { recursive: true });
    const options = ['--host=localhost', '--timeout=10', `--user=${VERA.email}`, '--quiet'];
    const where = [
      `--delivery=maildir,${join(folder, maildir)}`,
      `--uidls-file=${join(folder, `${maildir}.uidls`)}`,
    ];
    await run('mpop', [...options, `--passwordeval=echo ${VERA.password}`, ...where, ...args]);
    const names = await readdir(join(folder, maildir, 'new'));
    return Promise.all(names.map((name) => readFile(join(folder, maildir, 'new', name), 'utf8')));
  }

  it.each([
    ['user', 'pop3', ['--tls=off', '--auth=user']],
    ['apop', 'pop3', ['--tls=off', '--auth=apop']],
    ['cram-md5', 'pop3', ['--tls=off', '--auth=cram-md5']],
    ['plain-stls', 'pop3', ['--tls=on', '--tls-starttls=on', '--auth=plain']],
    ['login-tls', 'pop3s', ['--tls=on', '--tls-starttls=off', '--auth=login']],
  ] as const)(
    'collects mail, what it has it does not fetch again, and it empties the mailbox: %s',
    async (name, port, options) => {
      server.deliver(mail('Subject: one\n\n.\n..two\n'), VERA.email);
      server.deliver(mail('Subject: two\n\nпривет\n'), VERA.email);
      const trust = options[0] === '--tls=on' ? [`--tls-trust-file=${ca}`] : [];
      const all = [`--port=${server.ports[port]}`, ...options, ...trust];
      const first = await mpop(name, ...all, '--keep=on');
      expect(first.map((text) => text.replace(/^Received:[^]*?\n(?=\S)/, '')).sort()).toEqual([
        'Subject: one\n\n.\n..two\n',
        'Subject: two\n\nпривет\n',
      ]);
      server.deliver(mail('Subject: three\n\n'), VERA.email);
      expect(await mpop(name, ...all, '--keep=off')).toHaveLength(3);
      const left = await curl(`imap://localhost:${server.ports.imap}/INBOX?ALL`, '--user', login(VERA));
      expect(left).toBe('* SEARCH\r\n');
    },
  );
});

describe('mutt', () => {
  it('sends with STARTTLS', async () => {
    const settings = [
      `set certificate_file=${ca} ssl_starttls=yes ssl_force_tls=yes ssl_usesystemcerts=no`,
      `set smtp_url=smtp://${encodeURIComponent(VERA.email)}@localhost:${server.ports.smtp}/`,
      `set smtp_pass=${VERA.password} from=${VERA.email} use_envelope_from=yes copy=no charset=utf-8`,
      '',
    ];
    const rc = join(folder, 'muttrc');
    await writeFile(rc, settings.join('\n'));
    const child = run('mutt', ['-n', '-F', rc, '-s', 'Привет', '--', OLEG.email], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', HOME: folder },
      timeout: 10_000,
    });
    child.child.stdin?.end('.\n..two\nпривет\n');
    await child;
    expect((await inboxOfOleg()).endsWith('\r\n\r\n.\r\n..two\r\nпривет\r\n')).toBe(true);
  });
});

describe('mbsync', () => {
  async function mbsync(name: string, port: number, ssl: string): Promise<string> {
    const at = join(folder, name);
    await mkdir(at, { recursive: true });
    const config = `IMAPAccount practice
Host localhost
Port ${port}
User ${VERA.email}
Pass ${VERA.password}
SSLType ${ssl}
CertificateFile ${ca}
SystemCertificates no

IMAPStore far
Account practice

MaildirStore near
Path ${at}/
Inbox ${at}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
`;
    await writeFile(join(folder, `${name}.rc`), config);
    await run('mbsync', ['--config', join(folder, `${name}.rc`), 'all']);
    return at;
  }

  const filesIn = async (path: string): Promise<string[]> => {
    const names = await Promise.all(
      ['cur', 'new'].map(async (sub) =>
        (await readdir(join(path, sub))).map((name) => join(path, sub, name)),
      ),
    );
    return names.flat();
  };

  it.each([
    ['none', 'imap', 'None'],
    ['starttls', 'imap', 'STARTTLS'],
    ['tls', 'imaps', 'IMAPS'],
  ] as const)('brings two sides in step, both ways: %s', async (name, port, ssl) => {
    server.deliver(mail('Subject: one\n\nглас\n'), VERA.email);
    server.deliver(mail('Subject: two\n\n.\n'), VERA.email);
    const at = await mbsync(name, server.ports[port], ssl);
    expect((await readdir(at)).sort()).toContain('Archive');
    const inbox = join(at, 'INBOX');
    const before = await filesIn(inbox);
    expect(before).toHaveLength(2);
    // Here one is read and one deleted, and a third is put in; there a fourth comes.
    const contents = await Promise.all(before.map((path) => readFile(path, 'utf8')));
    const one = before[contents.findIndex((text) => text.includes('Subject: one'))] ?? '';
    const two = before[contents.findIndex((text) => text.includes('Subject: two'))] ?? '';
    await rename(one, one.replace('/new/', '/cur/').replace(/:2,.*$|$/, ':2,S'));
    await rename(two, two.replace('/new/', '/cur/').replace(/:2,.*$|$/, ':2,T'));
    await writeFile(join(inbox, 'new', '1000.three.here'), 'Subject: three\n\nx\n');
    server.deliver(mail('Subject: four\n\nx\n'), VERA.email);
    await mbsync(name, server.ports[port], ssl);
    expect(await filesIn(inbox)).toHaveLength(3);
    const far = await curl(
      `imap://localhost:${server.ports.imap}/INBOX`,
      '--user',
      login(VERA),
      '-X',
      'FETCH 1:* (FLAGS)',
    );
    expect(far.split('\r\n').filter((line) => line !== '')).toHaveLength(3);
    expect(far).toMatch(/^\* 1 FETCH \(FLAGS \([^)]*\\Seen/);
  });
});
