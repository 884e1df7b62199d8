import { describe, expect, it } from 'vitest';
import { complete, nextTag } from '../../../shared/wire/console/complete.ts';
import type { Protocol } from '../../../shared/wire/line.ts';
import { explain, linesOf } from './script.ts';

const after = (protocol: Protocol, script: string) => (typed: string) =>
  complete(protocol, linesOf(script), typed);

const SMTP = `S: 220 hi
C: EHLO [127.0.0.1]
S: 250-host
S: 250-AUTH PLAIN LOGIN
S: 250-SIZE 1000
S: 250 DSN
`;
const POP3 = `S: +OK hi
C: CAPA
S: +OK
S: SASL PLAIN CRAM-MD5
S: TOP
S: .
`;
const IMAP = `S: * OK [CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN AUTH=LOGIN] hi
C: a1 LOGIN vera ••••••••
S: a1 OK [CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS ENABLE CONDSTORE THREAD=REFS] in
C: a2 LIST "" "*"
S: * LIST () "/" Sent
S: * LIST () "/" "Two words"
S: * LIST (\\Noselect) "/" Folder
S: a2 OK
`;

describe('completion of SMTP', () => {
  it('knows where the dialogue is and what the server offers', () => {
    expect(after('smtp', 'S: 220 hi')('e')).toEqual(['EHLO [127.0.0.1]']);
    expect(after('smtp', SMTP)('')[0]).toBe('AUTH ');
    expect(after('smtp', SMTP)('auth ')).toEqual(['auth PLAIN', 'auth LOGIN']);
    expect(after('smtp', SMTP)('m')).toEqual(['MAIL FROM:<']);
    expect(after('smtp', SMTP)('MAIL FROM:<a@b> ')).toEqual([
      'MAIL FROM:<a@b> SIZE=',
      'MAIL FROM:<a@b> RET=HDRS',
      'MAIL FROM:<a@b> RET=FULL',
      'MAIL FROM:<a@b> ENVID=',
    ]);
    expect(after('smtp', SMTP)('b')).toEqual([]);
    const letter = `${SMTP}C: AUTH PLAIN ••••••••\nS: 235 in\nC: MAIL FROM:<a@b>\nS: 250 ok\n`;
    expect(after('smtp', letter)('')[0]).toBe('RCPT TO:<');
    expect(after('smtp', letter)('a')).toEqual([]);
    expect(after('smtp', `${letter}C: RSET\nS: 250 ok\n`)('')[0]).toBe('MAIL FROM:<');
  });

  it('offers nothing within a letter or a login', () => {
    expect(after('smtp', `${SMTP}C: DATA\nS: 354 go\n`)('')).toEqual([]);
    expect(after('smtp', `${SMTP}C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\n`)('')).toEqual([]);
  });
});

describe('completion of POP3', () => {
  it('knows whether one is logged in', () => {
    expect(after('pop3', POP3)('')).toContain('USER ');
    expect(after('pop3', POP3)('r')).toEqual([]);
    expect(after('pop3', POP3)('AUTH ')).toEqual(['AUTH PLAIN', 'AUTH CRAM-MD5']);
    const inside = `${POP3}C: AUTH PLAIN\nS: + \nC: ••••••••\nS: +OK in\nC: NOOP\nS: +OK\n`;
    expect(after('pop3', inside)('r')).toEqual(['RETR ', 'RSET']);
    expect(after('pop3', inside)('US')).toEqual([]);
  });
});

describe('completion of IMAP', () => {
  it('begins with the next tag', () => {
    expect(after('imap', IMAP)('')).toEqual(['a3 ']);
    expect(after('imap', 'S: * OK hi')('')).toEqual(['a1 ']);
    expect(['a1', 'x9', 'a', 'z', '', 'A12'].map(nextTag)).toEqual(['a2', 'x10', 'b', 'a1', 'a1', 'A13']);
  });

  it('offers what the state and the server allow', () => {
    expect(after('imap', 'S: * OK hi')('a L')).toEqual(['a LOGIN ', 'a LOGOUT']);
    expect(after('imap', IMAP)('a3 s')).toEqual(['a3 SELECT ', 'a3 STATUS ', 'a3 SUBSCRIBE ']);
    expect(after('imap', IMAP)('a3 n')).toEqual(['a3 NOOP']);
    const opened = `${IMAP}C: a3 SELECT INBOX\nS: a3 OK\n`;
    expect(after('imap', opened)('a4 m')).toEqual(['a4 MOVE ']);
    expect(after('imap', opened)('a4 uid e')).toEqual(['a4 uid EXPUNGE ']);
    expect(after('imap', opened)('a4 FETCH 1:* (fl')).toEqual(['a4 FETCH 1:* (FLAGS']);
    expect(after('imap', opened)('a4 STORE 1 +F')).toEqual([
      'a4 STORE 1 +FLAGS (',
      'a4 STORE 1 +FLAGS.SILENT (',
    ]);
    expect(after('imap', `${opened}C: a4 CLOSE\nS: a4 OK\n`)('a5 f')).toEqual([]);
  });

  it('knows the names of mailboxes and what may be switched on', () => {
    expect(after('imap', IMAP)('a3 select ')).toEqual([
      'a3 select INBOX',
      'a3 select Sent',
      'a3 select "Two words"',
    ]);
    expect(after('imap', IMAP)('a3 STATUS "t')).toEqual(['a3 STATUS "Two words"']);
    expect(after('imap', IMAP)('a3 COPY 1 ')).toContain('a3 COPY 1 Sent');
    expect(after('imap', IMAP)('a3 ENABLE ')).toEqual(['a3 ENABLE CONDSTORE']);
    expect(after('imap', IMAP)('a3 STATUS INBOX (un')).toEqual(['a3 STATUS INBOX (UNSEEN']);
  });

  it('offers the only way out of IDLE, and nothing within a literal', () => {
    expect(after('imap', `${IMAP}C: a3 IDLE\nS: + idling\n`)('d')).toEqual(['DONE']);
    expect(after('imap', `${IMAP}C: a3 APPEND Sent {10}\nS: + go\n`)('')).toEqual([]);
  });
});

describe('whatever is offered', () => {
  it.each<[Protocol, string, string]>([
    ['smtp', '', ''],
    ['smtp', SMTP, ''],
    ['smtp', `${SMTP}C: AUTH PLAIN ••••••••\nS: 235 in\nC: MAIL FROM:<a@b>\nS: 250 ok\n`, ''],
    ['pop3', POP3, ''],
    ['pop3', `${POP3}C: PASS ••••••••\nS: +OK in\n`, ''],
    ['imap', 'S: * OK hi', 'a1 '],
    ['imap', 'S: * OK\nC: a LOGIN x ••••••••\nS: a OK\nC: b SELECT INBOX\nS: b OK', 'c '],
    ['imap', 'S: * OK\nC: a LOGIN x ••••••••\nS: a OK\nC: b SELECT INBOX\nS: b OK', 'c UID '],
  ])('%s: is explained when it is said (%#)', (protocol, script, typed) => {
    const offered = after(protocol, script)(typed);
    expect(offered.length).toBeGreaterThan(3);
    // UID alone is half a command.
    const vague = offered.filter((command) => {
      if (command.endsWith(' UID ')) return false;
      const lines = linesOf(`C: ${command}x`.replace(/([A-Z])x$/u, '$1'));
      return !explain(protocol, lines, 'en')[0]?.explanation.specific;
    });
    expect(vague).toEqual([]);
  });
});
