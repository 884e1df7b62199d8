import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../double/headless.ts';
import { glasspost, start } from './glasspost.ts';

interface Told {
  host: string;
  ports: Record<'imap' | 'imaps' | 'pop3' | 'pop3s' | 'smtp' | 'smtps', number>;
  users: { email: string; password: string }[];
  certificate: { fingerprint: string };
}

/** Starts it and waits until it says where it is. */
async function practice(...words: string[]) {
  const child = start(['--json', 'practice', ...words]);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  while (!said.includes('\n')) await sleep(20);
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ((await once(child, 'exit')) as [number | null])[0];
  };
  return { told: JSON.parse(said) as Told, stop };
}

async function typed(port: number, lines: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  const said = text(socket);
  socket.write(lines);
  return said;
}

describe('glasspost practice', () => {
  it('says where it is and who lives there, and serves what is typed by hand until it is interrupted', async () => {
    const { told, stop } = await practice();
    expect(told.host).toBe('127.0.0.1');
    expect(new Set(Object.values(told.ports)).size).toBe(6);
    expect(told.certificate.fingerprint).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u);
    const [vera] = told.users;
    expect(
      await typed(told.ports.imap, `a LOGIN ${vera?.email} ${vera?.password}\na SELECT INBOX\na LOGOUT\n`),
    ).toMatch(/\* \d+ EXISTS[^]*\* BYE/u);
    expect(await typed(told.ports.pop3, `USER ${vera?.email}\nPASS ${vera?.password}\nQUIT\n`)).toMatch(
      /^\+OK[^]*\+OK[^]*\+OK/u,
    );
    expect(await stop('SIGINT')).toBe(0);
    await expect(typed(told.ports.imap, '')).rejects.toThrow(/ECONNREFUSED/u);
  });

  it('keeps the ports and the state that it is given, and says when a port is taken', async () => {
    const state = temporaryFolder();
    const base = 12_000 + (process.pid % 18_000);
    const first = await practice('--ports', String(base), '--state', state);
    expect(first.told.ports).toEqual({
      imap: base + 143,
      imaps: base + 993,
      pop3: base + 110,
      pop3s: base + 995,
      smtp: base + 587,
      smtps: base + 465,
    });
    const [vera] = first.told.users;
    const login = `a LOGIN ${vera?.email} ${vera?.password}\n`;
    await typed(first.told.ports.imap, `${login}a CREATE Kept\na LOGOUT\n`);
    const taken = await glasspost(['practice', '--ports', String(base)]);
    expect([taken.code, taken.stdout]).toEqual([1, '']);
    expect(taken.stderr).toMatch(/^Port \d+ is taken/u);
    expect(await first.stop('SIGTERM')).toBe(0);

    const second = await practice('--ports', String(base), '--state', state);
    expect(second.told.certificate).toEqual(first.told.certificate);
    expect(await typed(second.told.ports.imap, `${login}a LIST "" *\na LOGOUT\n`)).toContain('Kept');
    await second.stop('SIGINT');
  });
});
