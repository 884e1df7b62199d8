import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NOW, Talk, base64, mail, newOffice, openImap } from './talk.ts';
import type { PostOffice } from '../../../electron/practice/post-office.ts';

const RAW = [
  'Subject: one\n\nfirst\n.\n..second\n',
  'Subject: two\n\nno line end',
  'Subject: three\n\nx\n',
].map(mail);

function filled(): PostOffice {
  const office = newOffice();
  for (const raw of RAW) office.accounts[0]?.inbox.append(raw, [], NOW);
  return office;
}

function enter(office: PostOffice): Talk {
  const talk = new Talk('pop3', office);
  talk.lines('USER vera@practice.test', 'PASS amber-pane');
  talk.heard();
  return talk;
}

describe('one command, one reply', () => {
  const table: readonly (readonly [before: readonly string[], line: string, reply: RegExp])[] = [
    [
      [],
      'CAPA',
      /^\+OK .*\r\nUSER\r\nSASL PLAIN LOGIN CRAM-MD5\r\nTOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nEXPIRE NEVER\r\nIMPLEMENTATION .*\r\nSTLS\r\n\.\r\n$/,
    ],
    [['IN'], 'CAPA', /^\+OK (?:(?!STLS)[^])*\r\n\.\r\n$/],
    [['STLS'], 'CAPA', /^\+OK (?:(?!STLS)[^])*\r\n\.\r\n$/],
    [[], 'STLS', /^\+OK begin TLS now\r\n$/],
    [['STLS'], 'STLS', /^-ERR TLS is active/],
    [['USER vera@practice.test', 'STLS'], 'PASS amber-pane', /^-ERR first USER/],
    [['IN'], 'STLS', /^-ERR .*logged in/],
    [[], 'STAT', /^-ERR .*login/],
    [[], 'PASS amber-pane', /^-ERR first USER/],
    [[], 'USER', /^-ERR write: USER name/],
    [['USER vera@practice.test'], 'PASS wrong', /^-ERR \[AUTH\] wrong/],
    [[], 'AUTH', /^\+OK .*\r\nPLAIN\r\nLOGIN\r\nCRAM-MD5\r\n\.\r\n$/],
    [[], 'AUTH PLAIN', /^\+ \r\n$/],
    [['AUTH PLAIN'], base64('\0vera@practice.test\0amber-pane'), /^\+OK 3 messages/],
    [['AUTH PLAIN'], '*', /^-ERR /],
    [[], `AUTH PLAIN ${base64('\0vera@practice.test\0amber-pane')}`, /^\+OK 3 messages/],
    [[], 'AUTH DIGEST-MD5', /^-ERR /],
    [[], 'AUTH PLAIN a b', /^-ERR write: AUTH PLAIN/],
    [[], `AUTH PLAIN ${base64('\0vera@practice.test\0wrong')}`, /^-ERR \[AUTH\] /],
    [[], 'AUTH PLAIN %%%', /^-ERR this is not base64/],
    [[], 'AUTH LOGIN', /^\+ VXNlcm5hbWU6\r\n$/],
    [['AUTH LOGIN', base64('vera@practice.test')], base64('amber-pane'), /^\+OK 3 messages/],
    [['AUTH CRAM-MD5'], base64(`vera@practice.test ${'0'.repeat(32)}`), /^-ERR \[AUTH\] /],
    [[], 'AUTH CRAM-MD5 ', /^\+ \S+\r\n$/],
    [['AUTH CRAM-MD5'], 'x'.repeat(20_000), /^-ERR .*too long/],
    [[], 'APOP x y', /^-ERR write: APOP/],
    [[], `APOP vera@practice.test ${'0'.repeat(32)}`, /^-ERR \[AUTH\] /],
    [[], 'user vera@practice.test', /^\+OK/],
    [['IN'], 'USER x', /^-ERR .*logged in/],
    [['IN'], 'STAT', /^\+OK 3 \d+\r\n$/],
    [['IN'], 'LIST 2', /^\+OK 2 29\r\n$/],
    [['IN'], 'LIST 4', /^-ERR /],
    [['IN'], 'LIST x', /^-ERR write: LIST 1/],
    [
      ['IN'],
      'UIDL',
      /^\+OK .*\r\n1 [0-9a-f]{8}00000001\r\n2 [0-9a-f]{8}00000002\r\n3 [0-9a-f]{8}00000003\r\n\.\r\n$/,
    ],
    [['IN'], 'RETR 0', /^-ERR /],
    [['IN'], 'RETR', /^-ERR write: RETR 1/],
    [['IN'], 'TOP 1', /^-ERR write: TOP/],
    [['IN'], 'TOP 1 0', /^\+OK .*\r\nSubject: one\r\n\r\n\.\r\n$/],
    [['IN'], 'TOP 1 2', /^\+OK .*\r\nSubject: one\r\n\r\nfirst\r\n\.\.\r\n\.\r\n$/],
    [['IN'], 'TOP 1 99', /^\+OK .*\r\nSubject: one\r\n\r\nfirst\r\n\.\.\r\n\.\.\.second\r\n\.\r\n$/],
    [['IN', 'DELE 1'], 'RETR 1', /^-ERR /],
    [['IN', 'DELE 1'], 'LIST', /^\+OK 2 messages\r\n2 29\r\n3 \d+\r\n\.\r\n$/],
    [['IN', 'DELE 1', 'RSET'], 'STAT', /^\+OK 3 /],
    [['IN'], 'NOOP', /^\+OK/],
    [['IN'], 'XYZ', /^-ERR there is no command XYZ/],
    [['IN'], 'x'.repeat(300), /^-ERR .*255/],
    [[], 'x'.repeat(70_000), /^-ERR .*255/],
    [[], 'QUIT', /^\+OK/],
  ];
  for (const [before, line, reply] of table) {
    it(`${before.join(' | ')} > ${line.slice(0, 60)}`, () => {
      const talk = before[0] === 'IN' ? enter(filled()) : new Talk('pop3', filled());
      talk.lines(...before.filter((one) => one !== 'IN'));
      talk.heard();
      expect(talk.lines(line)).toMatch(reply);
    });
  }
});

describe('a secret that does not travel', () => {
  const hex = (name: string, text: string): string => createHash(name).update(text).digest('hex');

  it('APOP: the digest of the timestamp in the greeting and the password', () => {
    const talk = new Talk('pop3', filled());
    const [timestamp = ''] = /<[^<> ]+@practice\.test>/.exec(talk.heard()) ?? [];
    expect(new Talk('pop3', filled()).heard()).not.toContain(timestamp);
    expect(talk.lines(`APOP vera@practice.test ${hex('md5', `${timestamp}amber-pane`)}`)).toMatch(/^\+OK 3 /);
  });

  it('CRAM-MD5: the keyed digest of the challenge', () => {
    const talk = new Talk('pop3', filled());
    talk.heard();
    const challenge = Buffer.from(talk.lines('AUTH CRAM-MD5').slice(2), 'base64').toString();
    const digest = createHmac('md5', 'amber-pane').update(challenge).digest('hex');
    expect(talk.lines(base64(`vera@practice.test ${digest}`))).toMatch(/^\+OK 3 /);
  });
});

it('takes lines that end with a bare LF, as nc sends them', () => {
  const talk = new Talk('pop3', filled());
  talk.heard();
  expect(talk.say('USER vera@practice.test\nPASS amber-pane\nSTAT\nQUIT\n')).toMatch(/^\+OK 3 \d+\r$/m);
  expect(talk.ended).toBe(true);
});

describe('RETR', () => {
  it('gives every octet back', () => {
    const talk = enter(filled());
    RAW.forEach((raw, index) => {
      const heard = talk.lines(`RETR ${index + 1}`);
      const [, size = '', body = ''] = /^\+OK (\d+) octets\r\n([^]*)\.\r\n$/.exec(heard) ?? [];
      const unstuffed = body.replace(/^\./gm, '');
      const sent = Buffer.from(raw).toString('latin1');
      expect(unstuffed).toBe(sent.endsWith('\r\n') ? sent : `${sent}\r\n`);
      expect(Number(size)).toBe(unstuffed.length);
    });
  });
});

describe('the maildrop', () => {
  it('lets go of messages at QUIT only', () => {
    const office = filled();
    const dropped = enter(office);
    dropped.lines('DELE 1', 'DELE 3');
    dropped.session.closed();
    expect(office.accounts[0]?.inbox.messages).toHaveLength(3);
    const talk = enter(office);
    expect(talk.lines('DELE 1', 'DELE 3', 'QUIT')).toMatch(/\+OK 2 deleted/);
    expect(office.accounts[0]?.inbox.messages.map((message) => message.uid)).toEqual([2]);
  });

  it('belongs to one POP3 session at a time', () => {
    const office = filled();
    const first = enter(office);
    const second = new Talk('pop3', office);
    expect(second.lines('USER vera@practice.test', 'PASS amber-pane')).toMatch(/-ERR \[IN-USE\]/);
    first.session.closed();
    expect(second.lines('USER vera@practice.test', 'PASS amber-pane')).toMatch(/\+OK 3 messages/);
  });

  it('stays as it was at login, whatever IMAP does meanwhile', () => {
    const office = filled();
    const talk = enter(office);
    const imap = openImap(office);
    imap.lines('C STORE 1 +FLAGS (\\Deleted)', 'D EXPUNGE', 'E APPEND INBOX {3+}', 'abc');
    expect(talk.lines('STAT')).toMatch(/^\+OK 3 /);
    expect(talk.lines('RETR 1')).toContain('Subject: one');
    expect(talk.lines('DELE 2', 'QUIT')).toMatch(/1 deleted/);
    expect(imap.lines('F NOOP')).toContain('* 1 EXPUNGE');
  });
});
