import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startPractice } from '../../../electron/practice/server.ts';
import { PASSWORD, settingsOn } from '../../reliability/program.ts';
import { temporary } from './profile.ts';

const PROGRAM = resolve(import.meta.dirname, 'fidelity-large.ts');
const SIZE = 100 * 1024 * 1024;
/** MB of memory that a letter of 100 MB may take at most, the program itself included. */
const BOUND = 1600;

/** A text of 40 MB and a file of 60; some of the lines begin as no line should. */
function large(): Buffer {
  const bytes = Buffer.alloc(SIZE);
  bytes.write(
    'From: oleg@example.test\r\nSubject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n',
  );
  const line = Buffer.from(`${'QUJD'.repeat(19)}\r\n`);
  for (let at = 100; at + line.length < SIZE; at += line.length) {
    line.writeUInt32BE(0x41414141 + (at % 1999), 20);
    line.copy(bytes, at);
    if (at % 100_003 === 0) bytes.write('From ', at);
  }
  bytes.write(
    '\r\n--b\r\nContent-Type: application/x; name=file\r\nContent-Transfer-Encoding: base64\r\n\r\n',
    40 * 1024 * 1024,
  );
  bytes.write('\r\n--b--\r\n', SIZE - 9);
  return bytes;
}

describe('a letter of 100 MB', () => {
  it.each(['imap', 'pop3'] as const)(
    'over %s: the same bytes, in bounded memory',
    async (mode) => {
      const email = 'vera@example.test';
      const server = await startPractice({
        users: [{ email, password: PASSWORD, name: 'Vera' }],
        seed: false,
      });
      try {
        const bytes = large();
        server.deliver(bytes, email);
        const given = [
          PROGRAM,
          JSON.stringify(settingsOn(server, email, mode)),
          join(temporary(), 'profile'),
        ];
        const { stdout } = await promisify(execFile)(process.execPath, [
          '--no-memory-protection-keys',
          ...given,
        ]);
        const said = JSON.parse(stdout) as { hashes: string[]; stored: boolean[]; peak: number };
        expect(said.hashes).toEqual([createHash('sha256').update(bytes).digest('hex')]);
        expect(said.stored).toEqual([true]);
        expect(said.peak).toBeLessThan(BOUND);
        process.stdout.write(`a letter of 100 MB over ${mode}: ${said.peak} MB at most\n`);
      } finally {
        await server.stop();
      }
    },
    120_000,
  );
});
