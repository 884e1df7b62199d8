import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionPlan } from '../../../electron/app/ports-engine.ts';
import { Journal } from '../../../electron/wire/journal.ts';
import { MASK, WireConnection, WireLine } from '../../../shared/wire/line.ts';

const PASSWORD = 'correct "horse"';
const plain = Buffer.from(`\0vera\0${PASSWORD}`).toString('base64');

function plan(protocol: 'imap' | 'pop3' | 'smtp'): ConnectionPlan {
  return {
    protocol,
    server: { host: 'mail.example.org', port: 993, security: 'tls', user: 'vera' },
    email: 'vera@example.org',
    purpose: 'mail',
    secrets: [PASSWORD],
  };
}

let directory: string;
let batches: { connections: WireConnection[]; lines: WireLine[] }[];
let journal: Journal;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glasspost-wire-'));
  batches = [];
  journal = new Journal({ directory: join(directory, 'wire'), publish: (batch) => batches.push(batch) });
});
afterEach(async () => {
  await journal.flush();
  rmSync(directory, { recursive: true, force: true });
});

const bytes = (text: string) => Buffer.from(text);
const published = () => batches.flatMap((one) => one.lines);
const files = () =>
  readdirSync(join(directory, 'wire'))
    .toSorted()
    .map((name) => ({ name, text: readFileSync(join(directory, 'wire', name), 'utf8') }));

describe('Journal', () => {
  it('numbers the lines of each connection from 1 without holes, in the order they came', async () => {
    const first = journal.open(plan('imap'));
    const second = journal.open(plan('smtp'));
    first.note('connecting');
    for (let count = 0; count < 500; count += 1) {
      first.sink('server', bytes(`* ${count} EXISTS\r\n* half`));
      second.sink('client', bytes(`NOOP ${count}\r\n`));
      first.sink('server', bytes(` of ${count}\r\n`));
      if (count % 100 === 0) await journal.flush();
    }
    first.close('closed');
    second.close('closed');
    await journal.flush();
    expect(first.connection).not.toBe(second.connection);
    const of = (id: number) => published().filter((line) => line.connection === id);
    expect(of(first.connection).map((line) => line.seq)).toEqual(
      Array.from({ length: 1002 }, (_one, at) => at + 1),
    );
    expect(of(second.connection).map((line) => line.seq)).toEqual(
      Array.from({ length: 501 }, (_one, at) => at + 1),
    );
    expect(of(second.connection)[7]?.text).toBe('NOOP 7');
    expect(
      of(first.connection)
        .slice(0, 3)
        .map((line) => line.text),
    ).toEqual(['connecting', '* 0 EXISTS', '* half of 0']);
    for (const line of published()) expect(WireLine.safeParse(line).success).toBe(true);
    for (const one of batches.flatMap((batch) => batch.connections))
      expect(WireConnection.safeParse(one).success).toBe(true);
  });

  it('sends lines by itself after a moment', async () => {
    journal.open(plan('imap')).note('connecting');
    expect(batches).toEqual([]);
    await expect.poll(() => published().length, { timeout: 2000 }).toBe(1);
  });

  it('counts the bytes of both directions', async () => {
    const one = journal.open(plan('pop3'));
    one.sink('server', bytes('+OK hello\r\n'));
    one.sink('client', bytes('CAPA\r'));
    one.sink('client', bytes('\n'));
    one.close('closed');
    await journal.flush();
    const last = batches.flatMap((batch) => batch.connections).at(-1);
    expect(last).toMatchObject({ bytesIn: 11, bytesOut: 6, host: 'mail.example.org', protocol: 'pop3' });
    expect(last?.closed).toBeGreaterThanOrEqual(last?.opened ?? Infinity);
    expect(published().reduce((sum, line) => sum + line.bytes, 0)).toBe(17);
  });

  it('tells what was unfinished when the connection closed, once', async () => {
    const one = journal.open(plan('imap'));
    one.sink('server', bytes('* OK half a li'));
    one.sink('client', bytes('a APPEND x {10}\r\nonly'));
    one.close('connection lost');
    one.close('again');
    await journal.flush();
    expect(published().map((line) => [line.direction, line.kind, line.text, line.bytes])).toEqual([
      ['client', 'line', 'a APPEND x {10}', 17],
      ['client', 'block', 'only', 4],
      ['server', 'line', '* OK half a li', 14],
      ['none', 'note', 'connection lost', 0],
    ]);
  });

  it('keeps no secret: not in batches, not in files, not in notes', async () => {
    const imap = journal.open(plan('imap'));
    imap.sink('client', bytes(`A1 LOGIN "vera" "${PASSWORD.replaceAll('"', '\\"')}"\r\n`));
    imap.sink('server', bytes(`A1 NO ${PASSWORD} is wrong\r\n`));
    imap.note(`failed wrong-password A1 NO ${PASSWORD} is wrong`);
    imap.close(`failed ${PASSWORD}, ${plain}`);
    const smtp = journal.open(plan('smtp'));
    smtp.sink('client', bytes(`AUTH PLAIN ${plain}\r\n`));
    smtp.sink('server', bytes(`535 ${plain}\r\n`));
    smtp.close('closed');
    await journal.flush();
    const kept = files();
    expect(kept).toHaveLength(2);
    const everything = [
      JSON.stringify(batches),
      JSON.stringify(journal.recent(100)),
      ...kept.map((file) => file.text),
    ];
    for (const text of everything) {
      for (const secret of [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), 'horse', plain])
        expect(text).not.toContain(secret);
    }
    const note = published().find((line) => line.kind === 'note');
    expect(note?.text).toBe(`failed wrong-password A1 NO ${MASK} is wrong`);
    expect(note?.masks).toEqual([{ at: 28, min: 9, max: 16 }]);
  });

  it('writes one file a connection, in lines of JSON that only their owner can read', async () => {
    const one = journal.open(plan('imap'));
    one.sink('server', bytes('* OK \u0000 \u2028 hello\r\n'));
    const two = journal.open(plan('smtp'));
    two.sink('server', bytes('220 hi\r\n'));
    await journal.flush();
    one.close('closed');
    two.close('closed');
    await journal.flush();
    const kept = files();
    expect(kept.map((file) => file.name.replace(/^[^-]*/u, ''))).toEqual([
      '-0001-imap.jsonl',
      '-0002-smtp.jsonl',
    ]);
    const lines = kept.flatMap((file) => {
      const records = file.text.trimEnd().split('\n');
      expect(records[0]).toContain('"record":"open"');
      expect(records.at(-1)).toContain('"record":"end"');
      return records.slice(1, -1).map((line) => WireLine.parse(JSON.parse(line)));
    });
    expect(lines.map((line) => line.text)).toEqual([
      '* OK \u0000 \u2028 hello',
      'closed',
      '220 hi',
      'closed',
    ]);
    const mode = statSync(join(directory, 'wire', kept[0]?.name ?? '')).mode & 0o777;
    expect(process.platform === 'win32' ? 0o600 : mode).toBe(0o600);
  });

  it('gives the latest lines to a window that opens later', async () => {
    const one = journal.open(plan('imap'));
    for (let count = 0; count < 100; count += 1) one.sink('server', bytes(`* ${count}\r\n`));
    await journal.flush();
    const found = journal.recent(10);
    expect(found.lines.map((line) => line.text)).toEqual(
      Array.from({ length: 10 }, (_one, at) => `* ${90 + at}`),
    );
    expect(found.connections.map((connection) => connection.id)).toEqual([one.connection]);
    expect(journal.recent(1000).lines).toHaveLength(100);
  });

  it('holds no more than it promises, however much is said', async () => {
    const one = journal.open(plan('imap'));
    const chunk = bytes('* x\r\n'.repeat(5000));
    for (let count = 0; count < 12; count += 1) {
      one.sink('server', chunk);
      await journal.flush();
    }
    const { lines } = journal.recent(1_000_000);
    expect(lines.length).toBeLessThanOrEqual(25_000);
    expect(lines.length).toBeGreaterThanOrEqual(20_000);
    expect(lines.at(-1)?.seq).toBe(60_000);
  });

  it('goes on when nothing can be written', async () => {
    const broken = new Journal({ directory: '/dev/null/wire', publish: (batch) => batches.push(batch) });
    broken.open(plan('imap')).note('connecting');
    await broken.flush();
    expect(published()).toHaveLength(1);
  });
});
