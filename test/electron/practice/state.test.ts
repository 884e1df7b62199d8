import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OLEG, VERA, startPractice } from '../../../electron/practice/server.ts';
import type { PracticeServer } from '../../../electron/practice/server.ts';
import { mail } from './talk.ts';
import { Wire } from './wire.ts';

let folder: string;
let running: PracticeServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glasspost-practice-'));
});
afterEach(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(seed = false): Promise<PracticeServer> {
  await running?.stop();
  running = await startPractice({ folder, seed });
  return running;
}

/** What a few IMAP commands are answered, as Vera. */
async function imap(port: number, ...commands: string[]): Promise<string> {
  const wire = await Wire.dial(port);
  await wire.hear(/\r\n/);
  wire.say(
    ['LOGIN vera@practice.test amber-pane', ...commands].map((line, at) => `T${at} ${line}\r\n`).join(''),
  );
  const heard = await wire.hear(new RegExp(`^T${commands.length} .*\\r\\n`, 'm'));
  wire.close();
  return heard.slice(heard.search(/\r\n/) + 2);
}

const SHOW = [
  'LIST "" "*"',
  'LSUB "" "*"',
  'STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)',
  'STATUS "Deep/Glass" (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)',
  'EXAMINE INBOX',
  'FETCH 1:* (UID FLAGS INTERNALDATE MODSEQ BODY.PEEK[])',
  'EXAMINE Deep/Glass',
  'FETCH 1:* (UID FLAGS INTERNALDATE MODSEQ BODY.PEEK[])',
];

describe('a server with a folder', () => {
  it('is after a restart what it was before: mailboxes, letters, UIDs, flags, MODSEQ, subscriptions, certificate', async () => {
    const first = await start();
    for (const text of ['one', 'two', 'three'])
      first.deliver(mail(`Subject: ${text}\n\n${text}\n`), VERA.email);
    const before = await imap(
      first.ports.imap,
      'CREATE Deep/Glass',
      'RENAME Projects Work',
      'DELETE Витрина'.replace('Витрина', '&BBIEOARCBEAEOAQ9BDA-'),
      'UNSUBSCRIBE Junk',
      'SUBSCRIBE Deep/Glass',
      'SELECT INBOX',
      'STORE 1 +FLAGS (\\Seen $Label)',
      'STORE 2 +FLAGS (\\Deleted)',
      'COPY 3 Deep/Glass',
      'EXPUNGE',
      'APPEND INBOX (\\Flagged) "17-Jul-2026 02:44:25 +0300" {3+}\r\na:b',
      'UNSELECT',
      ...SHOW,
    );
    const { certificate } = first;
    const second = await start();
    const after = await imap(second.ports.imap, ...SHOW);
    const shown = (text: string): string[] =>
      text
        .slice(text.indexOf('* LIST'))
        .split(/T\d+ /)
        .slice(0, SHOW.length)
        .map((part) => part.trim());
    expect(shown(after)).toEqual(shown(before));
    expect(after).toContain('$Label');
    expect(second.certificate).toEqual(certificate);
    // The account of the other user is there as well, and new mail goes on where it was.
    second.deliver(mail('Subject: four\n\n'), VERA.email);
    expect(await imap(second.ports.imap, 'STATUS INBOX (UIDNEXT)')).toContain('UIDNEXT 6');
  });

  it('gets the sample letters once, and what was deleted of them stays deleted', async () => {
    const first = await start(true);
    const count = Number(/MESSAGES (\d+)/.exec(await imap(first.ports.imap, 'STATUS INBOX (MESSAGES)'))?.[1]);
    expect(count).toBeGreaterThan(5);
    await imap(first.ports.imap, 'SELECT INBOX', 'STORE 1:2 +FLAGS (\\Deleted)', 'EXPUNGE');
    const second = await start(true);
    expect(await imap(second.ports.imap, 'STATUS INBOX (MESSAGES)')).toContain(`MESSAGES ${count - 2}`);
  });

  it('keeps its key to itself', async () => {
    await start();
    expect((await stat(join(folder, 'key.pem'))).mode & 0o077).toBe(0);
  });

  it('starts whatever its files have become, and sets aside what it cannot read', async () => {
    (await start()).deliver(mail('Subject: kept\n\nx\n'), VERA.email);
    await running?.stop();
    const vera = join(folder, Buffer.from(VERA.email).toString('hex'));
    const oleg = join(folder, Buffer.from(OLEG.email).toString('hex'));
    await writeFile(join(vera, '1', 'mailbox.json'), '{"clean":tr');
    await writeFile(join(oleg, 'account.json'), '');
    await writeFile(join(folder, 'key.pem'), 'nonsense');
    const server = await start();
    expect(await imap(server.ports.imap, 'SELECT INBOX', 'FETCH 1 BODY.PEEK[]')).toContain('Subject: kept');
    const names = await readdir(folder);
    expect(names.some((name) => name.includes('-unreadable-'))).toBe(true);
    expect(await readdir(join(vera, '1'))).toContain('mailbox-unreadable.json');
  });
});

describe('a server that is killed', () => {
  const PROGRAM = `
    import { startPractice } from ${JSON.stringify(new URL('../../../electron/practice/server.ts', import.meta.url).href)};
    const { ports } = await startPractice({ folder: process.argv[1], seed: false });
    console.log(ports.imap);
  `;

  /** A server in a process of its own. */
  async function spawned(): Promise<{ port: number; kill: () => Promise<void> }> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port = 0] = (await once(child.stdout, 'data')).map(Number);
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { port, kill };
  }

  it('starts again whenever it was, with every letter whole and no UID given twice', async () => {
    const body = (serial: number): string => `Subject: ${serial}\r\n\r\n${'x'.repeat(serial % 5000)}\r\n`;
    const seen = new Map<string, string>();
    let serial = 0;
    for (let round = 0; round < 6; round++) {
      const { port, kill } = await spawned();
      const wire = await Wire.dial(port);
      await wire.hear(/\r\n/);
      wire.say('L LOGIN vera@practice.test amber-pane\r\nS SELECT INBOX\r\n');
      const opened = await wire.hear(/^S OK /m);
      const validity = /UIDVALIDITY (\d+)/.exec(opened)?.[1];
      wire.say('F UID FETCH 1:* (BODY.PEEK[])\r\n');
      const heard = await wire.hear(/^F OK /m);
      const fetched = heard.matchAll(/UID (\d+) BODY\[\] \{(\d+)\}\r\n(Subject: (\d+)\r\n\r\nx*\r\n)/g);
      for (const [, uid, size, raw = '', number] of fetched) {
        expect(raw.length).toBe(Number(size));
        expect(raw).toBe(body(Number(number)));
        expect(seen.get(`${validity} ${uid}`) ?? number).toBe(number);
        seen.set(`${validity} ${uid}`, number ?? '');
      }
      const script: string[] = [];
      for (let count = 0; count < 200; count++) {
        const raw = body(++serial);
        script.push(`A${serial} APPEND INBOX {${raw.length}+}\r\n${raw}\r\n`);
        if (serial % 3 === 0) script.push(`M${serial} UID MOVE * Archive\r\n`);
        if (serial % 7 === 0)
          script.push(`C${serial} CREATE box${serial}\r\nR${serial} RENAME box${serial} b/${serial}\r\n`);
        if (serial % 5 === 0) script.push(`T${serial} STORE 1 +FLAGS (k${serial})\r\n`);
      }
      wire.say(script.join(''));
      await wire.hear(/ OK \[APPENDUID/);
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 60));
      await kill();
      wire.close();
    }
    expect(seen.size).toBeGreaterThan(0);
    expect((await readdir(folder)).some((name) => name.includes('unreadable'))).toBe(false);
  });

  it('has all but the last moment when it starts again, and gives no UID or MODSEQ twice', async () => {
    const { port, kill } = await spawned();
    const append = (text: string): string => `APPEND INBOX {${text.length}+}\r\n${text}`;
    const before = await imap(
      port,
      append('Subject: a\r\n\r\n'),
      append('Subject: b\r\n\r\n'),
      'SELECT INBOX',
      'STORE 1 +FLAGS (\\Flagged)',
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    const last = imap(port, append('Subject: c\r\n\r\n'), 'SELECT INBOX', 'STORE 1 +FLAGS (\\Answered)');
    await last;
    await kill();
    const server = await start();
    const after = await imap(
      server.ports.imap,
      'SELECT INBOX',
      'FETCH 1:* (UID FLAGS BODY.PEEK[])',
      'FETCH 1 MODSEQ',
    );
    expect(after).toMatch(/\* 1 FETCH \(UID 1 FLAGS \([^)]*\\Flagged[^]*Subject: a\r\n/);
    expect(after).toMatch(/\* 2 FETCH \(UID 2 [^]*Subject: b\r\n/);
    const validity = /UIDVALIDITY (\d+)/;
    expect(validity.exec(after)?.[1]).toBe(validity.exec(before)?.[1]);
    expect(Number(/UIDNEXT (\d+)/.exec(after)?.[1])).toBeGreaterThan(3);
    const known = Number(/HIGHESTMODSEQ (\d+)/.exec(await last)?.[1]);
    expect(Number(/MODSEQ \((\d+)\)/.exec(after)?.[1])).toBeGreaterThan(known + 1);
  });
});
