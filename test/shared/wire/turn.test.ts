import { describe, expect, it } from 'vitest';
import { turnOf } from '../../../shared/wire/turn.ts';
import type { Protocol } from '../../../shared/wire/line.ts';
import { linesOf } from './script.ts';

/** Whose turn it is after each line. */
function turns(protocol: Protocol, script: string): string[] {
  const turn = turnOf(protocol);
  return linesOf(script).map((line) => {
    turn.hear(line);
    return turn.expects.kind;
  });
}

describe('whose turn it is', () => {
  it('SMTP', () => {
    const script = `N: connecting
      S: 220-hi
      S: 220 hi
      C: EHLO x
      S: 250-a
      S: 250 b
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: x
      S: 235 ok
      C: MAIL FROM:<a>
      C: DATA
      S: 250 ok
      S: 354 go
      C| text\\n
      C: .
      S: 250 ok
      C: DATA
      S: 503 no`;
    expect(turns('smtp', script)).toEqual([
      'answer',
      'answer',
      'command',
      'answer',
      'answer',
      'command',
      'answer',
      'sasl',
      'answer',
      'command',
      'answer',
      'answer',
      'answer',
      'data',
      'data',
      'answer',
      'command',
      'answer',
      'command',
    ]);
  });

  it('POP3', () => {
    const script = `S: +OK hi
      C: AUTH PLAIN
      S: +${' '}
      C: x
      S: +OK
      C: LIST
      S: +OK
      S: 1 2
      S: .
      C: RETR 1
      S: +OK
      S| text\\n
      S: .
      C: LIST 1
      S: +OK 1 2
      C: LIST
      S: -ERR`;
    expect(turns('pop3', script)).toEqual([
      'command',
      'answer',
      'sasl',
      'answer',
      'command',
      'answer',
      'answer',
      'answer',
      'command',
      'answer',
      'answer',
      'answer',
      'command',
      'answer',
      'command',
      'answer',
      'command',
    ]);
  });

  it('IMAP', () => {
    const script = `S: * OK hi
      C: a LOGIN {1}
      S: + go
      C| v
      C: {2+}
      C| xy
      C:${' '}
      S: a OK
      C: b IDLE
      S: + idling
      S: * 1 EXISTS
      C: DONE
      S: b OK
      C: c AUTHENTICATE PLAIN
      S: +${' '}
      C: x
      S: c NO
      C: d APPEND x {5}
      S: d NO too big
      C: e NOOP
      C: f NOOP
      S: e OK
      S: f OK`;
    expect(turns('imap', script)).toEqual([
      'command',
      'answer',
      'literal',
      'literal',
      'literal',
      'literal',
      'answer',
      'command',
      'answer',
      'done',
      'done',
      'answer',
      'command',
      'answer',
      'sasl',
      'answer',
      'command',
      'answer',
      'command',
      'answer',
      'answer',
      'answer',
      'command',
    ]);
  });
});
