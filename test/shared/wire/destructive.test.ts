import { describe, expect, it } from 'vitest';
import { isDestructive, questionBefore } from '../../../shared/wire/console/destructive.ts';
import type { Protocol } from '../../../shared/wire/line.ts';
import { linesOf } from './script.ts';

const OPENED = `S: * OK hi
C: a SELECT INBOX
S: a OK [READ-WRITE]
`;

describe('a question before what deletes', () => {
  it.each<[Protocol, string]>([
    ['pop3', 'DELE 1'],
    ['pop3', ' dele 1'],
    ['imap', 'a DELETE "Old mail"'],
    ['imap', 'a expunge'],
    ['imap', 'a UID EXPUNGE 1:3'],
    ['imap', 'a STORE 1 +FLAGS (\\Deleted)'],
    ['imap', 'a UID STORE 1:* +flags.silent \\Seen \\deleted'],
    ['imap', 'a STORE 1 (UNCHANGEDSINCE 5) FLAGS (\\Deleted)'],
    ['imap', 'a CLOSE'],
    ['imap', 'a REPLACE 4 INBOX {10}'],
  ])('%s: %s', (protocol, line) => {
    expect(isDestructive(protocol, line)).toBe(true);
    expect(questionBefore(protocol, line, 'en')).toMatch(/\?/u);
    expect(questionBefore(protocol, line, 'ru')).toMatch(/[а-я].*\?/u);
  });

  it.each<[Protocol, string]>([
    ['pop3', 'RETR 1'],
    ['pop3', 'QUIT'],
    ['smtp', 'RSET'],
    ['imap', 'DELETE CLOSE'],
    ['imap', 'a STORE 1 -FLAGS (\\Deleted)'],
    ['imap', 'a STORE 1 +FLAGS (\\Seen)'],
    ['imap', 'a SEARCH DELETED'],
    ['imap', 'a UNSELECT'],
    ['imap', ''],
  ])('none in %s: %s', (protocol, line) => {
    expect(isDestructive(protocol, line) && line !== 'DELETE CLOSE').toBe(false);
  });

  it('asks before QUIT when something is marked', () => {
    const marked = linesOf('S: +OK\nC: DELE 1\nS: +OK');
    expect(isDestructive('pop3', 'QUIT', marked)).toBe(true);
    expect(isDestructive('pop3', 'QUIT', linesOf('S: +OK\nC: DELE 1\nS: +OK\nC: RSET\nS: +OK'))).toBe(false);
  });

  it('knows that a mailbox open for reading loses nothing, and that a letter is no command', () => {
    expect(isDestructive('imap', 'b CLOSE', linesOf(OPENED))).toBe(true);
    expect(isDestructive('imap', 'b CLOSE', linesOf('S: * OK\nC: a EXAMINE INBOX\nS: a OK'))).toBe(false);
    expect(isDestructive('imap', 'a EXPUNGE', linesOf(`${OPENED}C: b APPEND INBOX {20}\nS: + go`))).toBe(
      false,
    );
  });

  it('names what goes', () => {
    expect(questionBefore('imap', 'a DELETE &BBIEOARCBEAEOAQ9BDA-', 'ru')).toContain('«Витрина»');
    expect(questionBefore('imap', 'a UID EXPUNGE 1:3', 'en')).toContain('messages 1 to 3 (by UID)');
  });
});
