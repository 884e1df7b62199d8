// An INBOX full of letters for measurements.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { random } from '../reliability/mix.ts';

/** Letters put where Dovecot keeps them: delivering them would take longer than everything that is measured. */
export function fill(home: string, email: string, count: number): void {
  const next = random(50_000);
  const roll = (below: number) => Math.floor(next() * below);
  const words = 'письмо встреча договор счёт the of invoice meeting report order project'.split(' ');
  const text = (length: number) =>
    Array.from({ length }, (_one, at) => `${words[roll(words.length)]}${at % 11 === 10 ? '\n' : ' '}`).join(
      '',
    );
  const texts = Array.from({ length: 500 }, () => text(150 + roll(500)));
  const current = path.join(home, 'Maildir', 'cur');
  for (const name of ['cur', 'new', 'tmp'])
    fs.mkdirSync(path.join(home, 'Maildir', name), { recursive: true });
  const start = Date.UTC(2026, 0, 1) / 1000;
  for (let at = 0; at < count; at++) {
    const body = texts[roll(texts.length)] ?? '';
    const date = new Date((start + at * 300) * 1000).toUTCString().replace('GMT', '+0000');
    const head = `From: Oleg <oleg${roll(400)}@example.test>\r\nTo: ${email}\r\nSubject: Letter ${at}\r\nDate: ${date}\r\n`;
    const rest = `Message-ID: <${at}@example.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n`;
    const bytes = Buffer.from(`${head}${rest}${body.trimEnd().replaceAll('\n', '\r\n')}\r\n`);
    const seconds = start + at * 300;
    fs.writeFileSync(
      path.join(current, `${seconds}.M${at}P1.test,S=${bytes.length},W=${bytes.length}:2,S`),
      bytes,
    );
  }
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', 'nobody', home]);
}
