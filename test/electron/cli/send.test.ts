import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPractice, type PracticeServer } from '../../../electron/practice/server.ts';
import { temporaryFolder } from '../../double/headless.ts';
import { glasspost } from './glasspost.ts';

const env = { MAIL_PASSWORD: 'amber-pane' };
let server: PracticeServer;
let profile: string;
const run = (words: string[], input: string | Uint8Array = '') =>
  glasspost(['--profile', profile, ...words], { env, input });

beforeAll(async () => {
  server = await startPractice({ seed: false });
  profile = temporaryFolder();
  for (const name of ['vera', 'oleg']) {
    const at = (protocol: 'imap' | 'smtp') => `${protocol}://127.0.0.1:${server.ports[protocol]}`;
    const servers = `--imap ${at('imap')} --smtp ${at('smtp')}`;
    await run(
      `account add --email ${name}@practice.test --name ${name} --mode imap ${servers} --password-env MAIL_PASSWORD`.split(
        ' ',
      ),
    );
  }
});
afterAll(() => server.stop());

/** The newest message of Oleg, as it arrived. */
async function arrived(): Promise<string> {
  await run(['sync', '--account', 'oleg@practice.test']);
  const [row] = (await run(['--json', 'list', 'oleg@practice.test:INBOX', '--limit', '1'])).objects;
  return (await run(['show', String(row?.['id']), '--raw'])).stdout;
}

describe('glasspost send', () => {
  it('sends a text with its attachments, and keeps the copy', async () => {
    const file = path.join(temporaryFolder(), 'смета.txt');
    fs.writeFileSync(file, 'восемь листов');
    const sent = await run(
      [
        '--json',
        'send',
        '--to',
        'Олег <oleg@practice.test>',
        '--bcc',
        'vera@practice.test',
        '--subject',
        'Смета',
        '--attach',
        file,
      ],
      'Привет!\n',
    );
    expect([sent.code, sent.stderr]).toEqual([0, '']);
    expect(sent.objects[0]).toMatchObject({ state: 'sent', refused: [], failure: null });
    const raw = await arrived();
    expect(raw).toContain(
      `To: =?UTF-8?B?${Buffer.from('Олег').toString('base64')}?= <oleg@practice.test>\r\n`,
    );
    expect(raw).toContain('From: "vera" <vera@practice.test>'.replaceAll('"', ''));
    expect(raw).not.toMatch(/^bcc:/imu);
    expect(raw).toContain(Buffer.from('восемь листов').toString('base64'));
    await run(['sync']);
    const [copy] = (await run(['--json', 'list', 'vera@practice.test:Sent'])).objects;
    expect(copy).toMatchObject({ subject: 'Смета', attachments: 1, uid: expect.any(Number) as number });
    expect((await run(['show', String(copy?.['id'])])).stdout).toContain('Bcc: vera@practice.test');
  });

  it.each([
    ['-t', '-i'],
    ['-ti', '-oi', '-odi', '-f', 'vera@practice.test', '-F', 'Root'],
    ['-t', '-i', '-fvera@practice.test', 'vera@practice.test'],
  ])('takes the place of sendmail: %s %s', async (...words) => {
    const subject = `by program ${words.join(' ')}`;
    const letter = `From: Vera <vera@practice.test>\nTo: oleg@practice.test\nBcc: vera@practice.test\nSubject: ${subject}\n\n.\nend\n`;
    expect((await run(['send', ...words], letter)).code).toBe(0);
    const raw = await arrived();
    expect(raw).toContain(`Subject: ${subject}\r\n`);
    expect(raw).toMatch(/^Message-ID: </mu);
    expect(raw).toMatch(/^Date: /mu);
    expect(raw).not.toMatch(/^bcc:/imu);
    expect(raw.endsWith('\r\n\r\n.\r\nend\r\n')).toBe(true);
  });

  it('names the recipient that was refused, and keeps the letter', async () => {
    const refused = await run(['--json', 'send', '--to', 'nobody@practice.test'], 'x');
    expect(refused.code).toBe(1);
    expect(refused.objects[0]).toMatchObject({ state: 'refused', failure: { code: 'recipient-refused' } });
    expect(refused.stderr).toContain('550');
    const id = String(refused.objects[0]?.['id']);
    expect((await run(['--json', 'outbox'])).objects).toMatchObject([{ id: Number(id), state: 'refused' }]);
    const partly = await run(['send', '--to', 'nobody@practice.test', '--to', 'oleg@practice.test'], 'y');
    expect([partly.code, partly.stdout]).toEqual([1, expect.stringContaining('was sent')]);
    expect(partly.stderr).toContain('Not for everyone: nobody@practice.test: 550');
    expect((await run(['outbox', 'drop', id])).code).toBe(0);
    expect((await run(['outbox'])).stdout).toBe('');
    expect((await run(['outbox', 'drop', id])).code).toBe(1);
    expect((await run(['outbox', 'retry', id])).code).toBe(1);
  });

  it('refuses what can’t be a letter before it is one', async () => {
    expect((await run(['send'], 'x')).stderr).toContain('there is no recipient');
    expect((await run(['send', '-t'], 'Subject: to nobody\n\nx')).stderr).toContain('there is no recipient');
    expect((await run(['send', '--to', 'not an address'], 'x')).code).toBe(2);
    expect((await run(['send', '--to', 'oleg@practice.test', '--attach', '/no/such/file'], 'x')).code).toBe(
      1,
    );
    expect((await run(['send', '-t', '--subject', 'x'], 'x')).code).toBe(2);
    expect(
      (await run(['send', '--from', 'nobody@practice.test', '--to', 'oleg@practice.test'], 'x')).code,
    ).toBe(1);
    expect((await run(['outbox'])).stdout).toBe('');
  });

  it('a line end in an address or a subject begins no header field', async () => {
    const sent = await run(
      ['send', '--to', 'oleg@practice.test', '--subject', 'one\r\nBcc: evil@practice.test'],
      'x',
    );
    expect(sent.code).toBe(0);
    expect(await arrived()).not.toMatch(/^bcc:/imu);
  });
});

describe('glasspost sync --deliver', () => {
  it('hands each new message over once, in order, and offers a refused one again', async () => {
    const folder = temporaryFolder();
    const script = path.join(folder, 'take.sh');
    fs.writeFileSync(script, `#!/bin/sh\n[ -e '${folder}/full' ] && exit 75\ncat >> '${folder}/taken'\n`, {
      mode: 0o755,
    });
    const sync = () => run(['sync', '--account', 'oleg@practice.test', '--deliver', script]);
    const taken = () =>
      fs.existsSync(path.join(folder, 'taken')) ? fs.readFileSync(path.join(folder, 'taken'), 'utf8') : '';
    expect((await sync()).code).toBe(0);
    const letter = (subject: string, minute = 0) =>
      Buffer.from(
        `From: a@b.example\r\nDate: Fri, 2 Jan 2026 10:0${minute}:00 +0000\r\nSubject: ${subject}\r\n\r\nbody\r\n`,
      );
    const subjects = () => [...taken().matchAll(/^Subject: (.*)\r$/gmu)].map((found) => found[1]);

    server.deliver(letter('one'), 'oleg@practice.test');
    server.deliver(letter('two', 1), 'oleg@practice.test');
    expect((await sync()).code).toBe(0);
    expect(subjects()).toEqual(['one', 'two']);

    fs.writeFileSync(path.join(folder, 'full'), '');
    server.deliver(letter('three', 2), 'oleg@practice.test');
    const refused = await sync();
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('ended with 75')]);
    fs.rmSync(path.join(folder, 'full'));
    expect((await sync()).code).toBe(0);
    expect((await sync()).code).toBe(0);
    expect(subjects()).toEqual(['one', 'two', 'three']);
  });
});
