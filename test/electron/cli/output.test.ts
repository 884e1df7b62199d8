import { describe, expect, it } from 'vitest';
import { failureLines, fit, harmless, openOutput } from '../../../electron/cli/output.ts';

function screen(columns: number | undefined, terminal = true) {
  let stdout = '';
  let stderr = '';
  const size = columns === undefined ? {} : { columns };
  const streams = {
    stdout: { write: (data: string | Uint8Array) => (stdout += data as string), isTTY: terminal, ...size },
    stderr: { write: (data: string) => (stderr += data), isTTY: terminal, ...size },
  };
  return { streams, stdout: () => stdout, stderr: () => stderr };
}

describe('what a command prints', () => {
  it('shows a bar on a terminal, which what follows takes away', () => {
    const { streams, stdout, stderr } = screen(60);
    const output = openOutput(streams, false);
    output.progress('INBOX 5 of 10', 0.5);
    expect(stderr()).toBe(`[${'#'.repeat(12)}${'.'.repeat(12)}] INBOX 5 of 10`);
    output.result({}, 'done');
    expect(stderr().endsWith('\r\u001B[2K')).toBe(true);
    expect(stdout()).toBe('done\n');
  });

  it('shows a bar on a terminal that does not know its width, and none anywhere else', () => {
    const unknown = screen(0);
    openOutput(unknown.streams, false).progress('INBOX 5 of 10', 0.5);
    expect(unknown.stderr()).toContain('INBOX 5 of 10');
    const pipe = screen(undefined, false);
    openOutput(pipe.streams, false).progress('INBOX', 0.5);
    const json = screen(80);
    openOutput(json.streams, true).progress('INBOX', 0.5);
    expect(pipe.stderr() + json.stderr()).toBe('');
  });

  it('lets no letter move the cursor, colour the terminal or turn a line around', () => {
    const evil = 'a\u001B[31mred\u009B2J\u0007\r\u202Egnp.exe\tb\nc';
    expect(harmless(evil)).toBe('a\uFFFD[31mred\uFFFD2J\uFFFD\uFFFD\uFFFDgnp.exe b\nc');
    const { streams, stdout } = screen(80);
    openOutput(streams, true).result({ subject: evil }, '');
    expect(stdout()).toMatch(/^[\x20-\x7e]*\n$/u);
    expect((JSON.parse(stdout()) as { subject: string }).subject).toBe(evil);
  });

  it('cuts by what a person sees as one character', () => {
    expect(fit('Привет', 4)).toBe('При…');
    expect(fit('👩‍🚀👩‍🚀👩‍🚀', 2)).toBe('👩‍🚀…');
    expect(fit('short', 10)).toBe('short');
  });

  it('says what happened, what it means and what to do', () => {
    expect(
      failureLines({ code: 'refused', detail: 'ECONNREFUSED', host: 'mail.example', port: 993 }).split('\n'),
    ).toEqual([
      'mail.example:993 refuses the connection',
      '  The computer is there, but nothing listens on that port.',
      '  Check the port and the protection that belongs to it.',
    ]);
    expect(failureLines({ code: 'server-refused', detail: '550 no' })).toContain('550 no');
    expect(failureLines({ code: 'bad-request', detail: 'there is no recipient' })).toBe(
      'there is no recipient',
    );
  });
});
