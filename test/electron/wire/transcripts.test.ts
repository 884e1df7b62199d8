import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionPlan } from '../../../electron/app/ports-engine.ts';
import { Journal } from '../../../electron/wire/journal.ts';
import { listTranscripts, readTranscript } from '../../../electron/wire/transcripts.ts';
import { exportTranscript } from '../../../shared/wire/export/transcript.ts';
import { MASK } from '../../../shared/wire/line.ts';
import { Transcript, TranscriptInfo } from '../../../shared/wire/transcript.ts';

const PASSWORD = 'swordfish<&>';
const plan = (protocol: 'imap' | 'pop3' | 'smtp', host = 'mail.example.org'): ConnectionPlan => ({
  protocol,
  server: { host, port: 993, security: 'tls', user: 'vera' },
  email: 'vera@example.org',
  purpose: 'mail',
  secrets: [PASSWORD],
});

let folder: string;
let directory: string;
const journals: Journal[] = [];
const journal = () => {
  const one = new Journal({ directory, publish: () => undefined });
  journals.push(one);
  return one;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glasspost-transcripts-'));
  directory = join(folder, 'wire');
});
afterEach(async () => {
  for (const one of journals.splice(0)) await one.flush();
  rmSync(folder, { recursive: true, force: true });
});

const file = (session: string) => join(directory, `${session}.jsonl`);

/** A connection with a secret in it, from beginning to end. */
async function dialogue(log: Journal): Promise<string> {
  const one = log.open(plan('imap'));
  one.note('connecting mail.example.org:993');
  one.sink('server', Buffer.from('* OK <script>alert(1)</script> \u001b[2J\u202e hello\r\n'));
  one.sink('client', Buffer.from(`a LOGIN vera "${PASSWORD}"\r\n`));
  one.sink('server', Buffer.from(`a NO ${PASSWORD} is wrong\r\n`));
  one.sink('client', Buffer.from(`b APPEND INBOX {6000}\r\n`));
  one.sink('server', Buffer.from('+ go\r\n'));
  one.sink('client', Buffer.from(`${'Subject: \u0007x\r\n'.padEnd(6000, 'y')}\r\n`));
  one.close('closed');
  await log.flush();
  const [info] = await log.transcripts();
  return info?.session ?? '';
}

describe('a transcript on disk', () => {
  it('describes itself and is found again by another run of the program', async () => {
    const session = await dialogue(journal());
    const again = journal();
    const [info] = await again.transcripts();
    expect(info).toMatchObject({
      session,
      protocol: 'imap',
      host: 'mail.example.org',
      port: 993,
      security: 'tls',
      email: 'vera@example.org',
      purpose: 'mail',
      state: 'closed',
      lines: 9,
    });
    expect(TranscriptInfo.parse(info)).toEqual(info);
    const read = await again.transcript(session);
    expect(Transcript.parse(read)).toEqual(read);
    expect(read.damaged).toBe(0);
    expect(read.info).toEqual(info);
    expect(read.lines.map((line) => line.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(read.lines.at(-1)?.text).toBe('closed');
    expect(read.lines.find((line) => line.kind === 'block')).toMatchObject({ bytes: 6000 });
    expect(read.info.bytesOut).toBe(
      read.lines.reduce((sum, line) => sum + (line.direction === 'client' ? line.bytes : 0), 0),
    );
  });

  it('is told to be open while it is, and cut when the program ended first', async () => {
    const log = journal();
    const one = log.open(plan('pop3'));
    one.sink('server', Buffer.from('+OK hi\r\n'));
    expect(await log.transcripts()).toMatchObject([{ state: 'open', bytesIn: 8 }]);
    const [info] = await listTranscripts(directory);
    expect(info).toMatchObject({ state: 'cut' });
    expect((await readTranscript(directory, info?.session ?? '')).lines).toHaveLength(1);
    one.close('closed');
    await log.flush();
    expect(await listTranscripts(directory)).toMatchObject([
      { state: 'closed', bytesIn: 8, bytesOut: 0, lines: 2 },
    ]);
    // What trickles in after the end gets an end of its own.
    one.sink('server', Buffer.from('+OK bye\r\n'));
    expect(await log.transcripts()).toMatchObject([{ state: 'closed', bytesIn: 17, lines: 3 }]);
  });

  it('has a name in the lanes that outlasts the run', async () => {
    const batches: string[] = [];
    const log = new Journal({
      directory,
      publish: (batch) => batches.push(batch.connections[0]?.session ?? ''),
    });
    journals.push(log);
    log.open(plan('smtp')).close('closed');
    expect(batches).toEqual([]);
    const [info] = await log.transcripts();
    expect(batches).toEqual([info?.session]);
  });

  it('is read as far as a crash let it be written', async () => {
    const session = await dialogue(journal());
    const whole = readFileSync(file(session)).length;
    for (let length = whole; length > 0; length -= 37) {
      truncateSync(file(session), length);
      const [info] = await listTranscripts(directory);
      // Not even the record about the connection is whole.
      if (!info) break;
      const read = await readTranscript(directory, session);
      expect(read.damaged).toBe(0);
      expect(read.info.state).toBe(length >= whole - 1 ? read.info.state : 'cut');
      expect(read.lines.map((line) => line.seq)).toEqual(read.lines.map((_line, at) => at + 1));
    }
  });

  it('tells of what is no record, and shows the rest', async () => {
    const session = await dialogue(journal());
    appendFileSync(file(session), 'garbage\n{"seq":"x"}\n');
    const read = await readTranscript(directory, session);
    expect(read.damaged).toBe(2);
    expect(read.lines).toHaveLength(9);
  });

  it.each([
    '../secret',
    '/etc/passwd',
    '..',
    '',
    'a-0001-imap/../x',
    'a-0001-imap\0',
    `${'a'.repeat(80)}-0001-imap`,
  ])('is never looked for outside its folder: %j', async (session) => {
    await expect(readTranscript(directory, session)).rejects.toMatchObject({
      failure: { code: 'bad-request' },
    });
  });

  it('that does not exist, or lies under another name, is not found', async () => {
    const session = await dialogue(journal());
    await expect(readTranscript(directory, 'x-0001-imap')).rejects.toMatchObject({
      failure: { code: 'not-found' },
    });
    writeFileSync(file('y-0001-imap'), readFileSync(file(session)));
    await expect(readTranscript(directory, 'y-0001-imap')).rejects.toMatchObject({
      failure: { code: 'not-found' },
    });
    expect(await listTranscripts(directory)).toHaveLength(1);
    expect(await listTranscripts(join(folder, 'nowhere'))).toEqual([]);
  });

  it('never shares a file with another run or program', async () => {
    const names = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      const log = journal();
      log.open(plan('imap')).close('closed');
      await log.flush();
      for (const name of readdirSync(directory)) names.add(name);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(names.size).toBe(3);
    expect([...names][0]).toContain(process.pid.toString(36));
  });
});

describe('the list of transcripts', () => {
  it('comes newest first and stays fast with thousands of files', async () => {
    mkdirSync(directory);
    const filler = `${JSON.stringify({ connection: 1, seq: 1, at: 1, direction: 'server', kind: 'line', text: 'x'.repeat(20_000), bytes: 20_002 })}\n`;
    for (let number = 1; number <= 3000; number += 1) {
      const session = `20260101T000000000Zabc-${String(number).padStart(4, '0')}-imap`;
      const head = {
        record: 'open',
        version: 1,
        id: number,
        session,
        protocol: 'imap',
        email: 'a@b',
        host: 'h',
        port: 1,
        security: 'tls',
        purpose: 'mail',
        opened: number,
      };
      const end = { record: 'end', closed: number + 1, bytesIn: 1, bytesOut: 2, lines: 1 };
      writeFileSync(file(session), `${JSON.stringify(head)}\n${filler}${JSON.stringify(end)}\n`);
    }
    const began = performance.now();
    const listed = await listTranscripts(directory);
    expect(performance.now() - began).toBeLessThan(3000);
    expect(listed).toHaveLength(3000);
    expect(listed[0]).toMatchObject({ opened: 3000, state: 'closed', lines: 1 });
    expect(listed.at(-1)?.opened).toBe(1);
  });

  it('loses the oldest when they grow too many, never one that is being written', async () => {
    mkdirSync(directory);
    const big = 'x'.repeat(20 * 1024 * 1024);
    for (const number of [9999, 10000, 10001, 10002])
      writeFileSync(file(`20250101T000000000Za-${number}-imap`), big);
    const log = journal();
    await log.flush();
    expect(readdirSync(directory).toSorted()).toEqual(
      ['10000', '10001', '10002'].map((number) => `20250101T000000000Za-${number}-imap.jsonl`),
    );
    const one = log.open(plan('imap'));
    const chunk = Buffer.from(`* ${'y'.repeat(1000)}\r\n`.repeat(9000));
    one.sink('server', chunk);
    await log.flush();
    expect(readdirSync(directory)).toHaveLength(3);
    expect(await log.transcripts()).toMatchObject([{ state: 'open' }]);
  });
});

describe('an exported transcript', () => {
  const formats = ['text', 'jsonl', 'html'] as const;

  it.each(formats)('as %s holds no secret', async (format) => {
    const log = journal();
    const read = await log.transcript(await dialogue(log));
    for (const language of ['en', 'ru'] as const) {
      const text = exportTranscript(read, format, language, (line) => `about: ${line.text}`);
      expect(text).toContain(MASK);
      expect(text).not.toContain('swordfish');
    }
  });

  it('as text shows time, direction and line, and nothing that acts on a terminal', async () => {
    const log = journal();
    const read = await log.transcript(await dialogue(log));
    const text = exportTranscript(read, 'text', 'en', (line) =>
      line.seq === 2 ? 'greets \u001b' : undefined,
    );
    const rows = text.split('\n');
    expect(rows[0]).toMatch(/^IMAP with mail\.example\.org — \S+-0001-imap$/u);
    expect(rows[2]).toMatch(/^opened \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d, closed /u);
    expect(text).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}← \* OK <script>.*␛\[2J\\u\{202e\} hello\n {16}# greets ␛$/mu,
    );
    expect(text).toMatch(/^\S+ {2}→ \[6000 bytes\]\n {16}\| Subject: ␇x$/mu);
    expect(text).toContain('| [… 6000 bytes in all]');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/u);
    expect(exportTranscript(read, 'text', 'ru')).toContain('Пароли заменены');
  });

  it('as HTML is one page without scripts, whatever the server wrote', async () => {
    const log = journal();
    const read = await log.transcript(await dialogue(log));
    const html = exportTranscript(read, 'html', 'ru', () => '<img src=x>');
    expect(html).not.toMatch(/<script|<img|<link|https?:/iu);
    expect(html).toContain('&#60;script&#62;');
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('<html lang="ru">');
    expect(html.match(/<tr /gu)).toHaveLength(9);
  });

  it('as JSONL is a transcript again', async () => {
    const log = journal();
    const session = await dialogue(log);
    const read = await log.transcript(session);
    const text = exportTranscript(read, 'jsonl', 'en');
    expect(text).toBe(readFileSync(file(session), 'utf8'));
    writeFileSync(file(session), text);
    expect(await log.transcript(session)).toEqual(read);
  });
});
