import { describe, expect, it } from 'vitest';
import { completeMessage } from '../../../electron/mime/submission.ts';

const vera = { name: 'Вера', address: 'vera@example.test' };
function complete(text: string | Buffer, more: { to?: string[]; recipientsInHeader?: boolean } = {}) {
  const done = completeMessage({
    bytes: Buffer.from(text),
    from: vera,
    to: more.to ?? [],
    recipientsInHeader: more.recipientsInHeader ?? true,
    date: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
  const bytes = Buffer.from(done.bytes);
  return { ...done, kept: bytes.toString(), sent: bytes.subarray(done.skip).toString() };
}

describe('a message handed over whole', () => {
  it('that is complete stays as it is', () => {
    const whole =
      'From: a@b.example\r\nTo: c@d.example\r\nDate: Fri, 02 Jan 2026 03:04:05 +0000\r\nMessage-ID: <1@b>\r\nX-Odd:value\r\n\tfolded\r\n\r\n.\r\nbody\r\n';
    expect(complete(whole).sent).toBe(whole);
  });

  it('gets CRLF line ends, an author, a date and a Message-ID', () => {
    const { sent } = complete('To: oleg@example.test\nSubject: hi\n\none\rtwo\n\nthree');
    expect(sent).toMatch(
      /^From: =\?UTF-8\?B\?[^ ]+\?= <vera@example\.test>\r\nDate: Fri, 02 Jan 2026 03:04:05 \+0000\r\nMessage-ID: <[^>]+@example\.test>\r\nTo: oleg@example\.test\r\nSubject: hi\r\n\r\none\r\ntwo\r\n\r\nthree\r\n$/u,
    );
  });

  it('names its recipients in To, Cc and Bcc, groups and names included; Bcc is kept and not sent', () => {
    const done = complete(
      'To: Олег <oleg@example.test>, team: a@example.test,\n  b@example.test;\nCc: "Doe, J." <j@example.test>\nBcc: Тайна <secret@example.test>,\n oleg@example.test\nSubject: x\n\nbody\n',
      { to: ['extra@example.test'] },
    );
    expect(done.envelope).toEqual({
      from: 'vera@example.test',
      to: [
        'extra@example.test',
        'oleg@example.test',
        'a@example.test',
        'b@example.test',
        'j@example.test',
        'secret@example.test',
      ],
    });
    expect(done.sent).not.toMatch(/bcc|secret/iu);
    expect(done.kept).toMatch(/^Bcc: =\?UTF-8\?B\?/u);
  });

  it('goes to the given recipients alone when the header is not asked', () => {
    const done = complete('To: list@example.test\n\nbody\n', {
      to: ['oleg@example.test'],
      recipientsInHeader: false,
    });
    expect(done.envelope.to).toEqual(['oleg@example.test']);
  });

  it('declares eight-bit text, and encodes eight-bit fields', () => {
    const { sent } = complete('To: oleg@example.test\nSubject: Привет, Олег\n\nтело\n');
    expect(sent).toContain('MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n');
    expect(sent).toContain('Content-Transfer-Encoding: 8bit\r\n');
    expect(sent.split('\r\n\r\n')[0]).toMatch(/^[\x20-\x7e\r\n]*$/u);
    expect(sent).toContain(`Subject: =?UTF-8?B?${Buffer.from('Привет, Олег').toString('base64')}?=\r\n`);
    expect(complete(Buffer.from('To: o@example.test\n\n\xff\n', 'latin1')).kept).toContain(
      'charset=x-unknown',
    );
  });

  it('without any header is all body; the From line of a mailbox file is dropped', () => {
    expect(complete('just text\nTo: nobody\n').sent).toMatch(/\r\n\r\njust text\r\nTo: nobody\r\n$/u);
    expect(complete('From a@b Fri Jan  2 03:04:05 2026\nTo: o@example.test\n\nx\n').sent).not.toContain(
      'From a@b',
    );
    expect(complete('').sent).toMatch(/^From: [^]*\r\n\r\n$/u);
  });
});
