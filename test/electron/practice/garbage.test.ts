import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW, Talk, mail, newOffice, openImap } from './talk.ts';

const WORDS = {
  pop3: [
    'USER vera@practice.test\r\n',
    'PASS amber-pane\r\n',
    'RETR',
    'TOP',
    'DELE',
    'LIST',
    'UIDL',
    '1',
    '2',
    'AUTH PLAIN',
    'AUTH CRAM-MD5\r\n',
    'AUTH LOGIN\r\n',
    'APOP vera@practice.test ',
    'c4c9334bac560ecc979e58001b3e22fb',
    'STLS\r\n',
    '*',
    'RSET',
  ],
  imap: [
    'A',
    'B',
    'LOGIN vera@practice.test amber-pane\r\nC SELECT INBOX\r\nA',
    'AUTHENTICATE CRAM-MD5\r\n',
    'AUTHENTICATE LOGIN dmVyYQ==\r\n',
    'STARTTLS\r\n',
    'UID',
    'FETCH',
    'STORE',
    'SEARCH',
    'COPY',
    'MOVE',
    'EXPUNGE\r\nA',
    'IDLE\r\n',
    'DONE\r\nA',
    '1:*',
    '2,4:1',
    '(',
    ')',
    'BODY',
    'BODY.PEEK[',
    ']',
    'HEADER',
    '1.MIME',
    '<0.5>',
    '+FLAGS',
    '\\Deleted',
    'OR',
    'NOT',
    'ALL',
    '{3}\r\n',
    '{3+}\r\n',
    '"',
    '\\',
    'APPEND INBOX',
    'LIST ""',
    '*',
    '%',
    'RETURN (',
    'INBOX',
    'a/b',
    'CREATE',
    'CHANGEDSINCE 1',
    'UNCHANGEDSINCE',
    'MODSEQ',
    'RENAME',
    'DELETE',
  ],
} as const;

describe('nothing that is said breaks a session', () => {
  for (const protocol of ['pop3', 'imap'] as const) {
    const word = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom<string>(...WORDS[protocol], ' ', ' ', '\r\n', '\r\n', '\n', '\r'),
      },
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    it(`survives ${protocol}`, () => {
      fc.assert(
        fc.property(fc.array(word, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (words, piece) => {
          const office = newOffice();
          for (const text of [
            'Subject: a\n\nb',
            'Content-Type: multipart/mixed; boundary=x\n\n--x\n\n1\n--x--',
          ])
            office.accounts[0]?.inbox.append(mail(text), [], NOW);
          const talk = new Talk(protocol, office);
          talk.say(words.join(protocol === 'imap' ? ' ' : ''), piece);
          talk.session.closed();
          expect(office.accounts[0]?.popSession).toBeUndefined();
        }),
        { numRuns: 400 },
      );
    });
  }
});

const PIECES = [
  'From: ',
  '"',
  '<',
  '>',
  '(',
  ')',
  ';',
  ':',
  ',',
  '@',
  '=?',
  '?=',
  '\r\n',
  '\r\n\r\n',
  '\n',
  '--b',
  '--b--',
];
const LINES = [
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: message/rfc822\r\n',
  'x=',
  '\\',
  '.',
  '\0',
  ' ',
];
const anyMessage = fc
  .array(fc.constantFrom(...PIECES, ...LINES), { minLength: 1, maxLength: 40 })
  .map((parts) => Buffer.from(parts.join('')));

describe('any message can be read', () => {
  it('by IMAP', () => {
    fc.assert(
      fc.property(anyMessage, (raw) => {
        const office = newOffice();
        office.accounts[0]?.inbox.append(raw, [], NOW);
        const talk = openImap(office);
        const items = 'ENVELOPE BODYSTRUCTURE BODY[1.1.MIME] BODY[1] BODY[HEADER.FIELDS (From)]';
        expect(talk.lines(`C FETCH 1 (${items})`)).toMatch(/C OK /);
        expect(talk.lines('D SEARCH TEXT x FROM y')).toMatch(/D OK /);
      }),
      { numRuns: 300 },
    );
  });
  it('by POP3', () => {
    fc.assert(
      fc.property(anyMessage, (raw) => {
        const office = newOffice();
        office.accounts[0]?.inbox.append(raw, [], NOW);
        const heard = new Talk('pop3', office).lines(
          'USER vera@practice.test',
          'PASS amber-pane',
          'RETR 1',
          'TOP 1 1',
        );
        expect(heard).toMatch(/\r\n\.\r\n$/);
      }),
      { numRuns: 300 },
    );
  });
});
