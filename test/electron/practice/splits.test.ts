import { describe, expect, it } from 'vitest';
import { makeIdentity } from '../../../electron/practice/certificate.ts';
import { listenSubmission } from '../../../electron/practice/smtp/server.ts';
import { NOW, Talk, base64, mail, newOffice } from './talk.ts';
import { Wire, sayInPieces } from './wire.ts';

/** One long dialogue per protocol, all commands at once; the answers may not depend on how the octets are cut. */
const SCRIPTS = {
  pop3: [
    'CAPA',
    `APOP vera@practice.test ${'0'.repeat(32)}`,
    'AUTH LOGIN',
    base64('vera@practice.test'),
    base64('wrong'),
    `AUTH PLAIN ${base64('\0vera@practice.test\0wrong')}`,
    'USER vera@practice.test',
    'PASS amber-pane',
    'STAT',
    'RETR 1',
    'TOP 1 1',
    'UIDL',
    'DELE 1',
    'LIST',
    'RSET',
    'QUIT',
  ].join('\r\n'),
  imap: [
    'A0 AUTHENTICATE PLAIN',
    base64('\0vera@practice.test\0wrong'),
    'A1 LOGIN {18}',
    'vera@practice.test {10+}',
    'amber-pane',
    'A2 APPEND INBOX (\\Seen) {24}',
    'Subject: a\r\n\r\nbody {3}\r\n',
    '',
    'A3 SELECT "INBOX"',
    'A4 FETCH 1:* (UID FLAGS ENVELOPE BODY[])',
    'A5 IDLE',
    'DONE',
    'A6 UID SEARCH SUBJECT {1}',
    'a',
    '',
    'A7 BAD(',
    'A8 LOGOUT',
  ].join('\r\n'),
} as const;

describe('a session hears the same however the octets are cut', () => {
  for (const [protocol, script] of Object.entries(SCRIPTS)) {
    it(`${protocol}, cut anywhere`, () => {
      const run = (piece: number): string => {
        const office = newOffice();
        office.accounts[0]?.inbox.append(mail('Subject: first\n\n.\n..\nend'), [], NOW);
        const talk = new Talk(protocol as keyof typeof SCRIPTS, office);
        const heard = talk.say(`${script}\r\n`, piece);
        expect(talk.ended).toBe(true);
        const got = office.accounts[1]?.inbox.messages.map((message) =>
          Buffer.from(message.raw).toString('latin1'),
        );
        return JSON.stringify([
          heard
            .replace(/<\w+\.\d+@/g, '<time@')
            .replace(/(UIDVALIDITY|APPENDUID) \d+/g, '$1')
            .replace(/[0-9a-f]{16}/g, 'uidl'),
          got,
        ]);
      };
      const whole = run(Infinity);
      for (const piece of [1, 2, 3, 5, 7, 64]) expect(run(piece)).toBe(whole);
    });
  }
});

const LETTER = [
  'EHLO me.example.org',
  `AUTH PLAIN ${base64('\0vera@practice.test\0amber-pane')}`,
  'MAIL FROM:<vera@practice.test> SIZE=100 BODY=8BITMIME',
  'RCPT TO:<oleg@practice.test>',
  'RCPT TO:<nobody@practice.test>',
  'DATA',
  'Subject: dots',
  '',
  '..',
  '..two',
  '.x',
  'not the end:\r\n. ',
  '.',
  'RSET',
  'NOSUCH',
  'QUIT',
].join('\r\n');

it('smtp, cut anywhere', { timeout: 60_000 }, async () => {
  const identity = await makeIdentity(new Date());
  const run = async (piece: number): Promise<string> => {
    const office = newOffice();
    const listener = await listenSubmission({
      host: '127.0.0.1',
      port: 0,
      office,
      identity,
      startTls: true,
      implicitTls: false,
    });
    const wire = await Wire.dial(listener.port);
    await sayInPieces(wire, `${LETTER}\r\n`, piece);
    const heard = await wire.end();
    await listener.stop();
    const got = office.accounts[1]?.inbox.messages.map(({ raw }) => Buffer.from(raw).toString('latin1'));
    return JSON.stringify([heard, got]).replace(/\b[a-z0-9]{8}\.\d+/g, 'id');
  };
  const whole = await run(Infinity);
  expect(whole).toContain('221 2.0.0');
  for (const piece of [1, 2, 3, 5, 7, 64]) expect(await run(piece)).toBe(whole);
});
