import { describe, expect, it } from 'vitest';
import { Talk, base64, binary, newOffice } from './talk.ts';
import type { PostOffice } from '../../../electron/practice/post-office.ts';

const PLAIN = `AUTH PLAIN ${base64('\0vera@practice.test\0amber-pane')}`;

function ready(office = newOffice()): { talk: Talk; office: PostOffice } {
  const talk = new Talk('smtp', office);
  talk.lines('EHLO me.example.org', PLAIN);
  talk.heard();
  return { talk, office };
}

function delivered(office: PostOffice, email = 'oleg@practice.test'): string[] {
  return (office.account(email)?.inbox.messages ?? []).map((message) =>
    Buffer.from(message.raw).toString('latin1'),
  );
}

describe('one command, one reply', () => {
  const long = 'a'.repeat(600);
  const table: readonly (readonly [before: readonly string[], line: string, reply: RegExp])[] = [
    [[], 'EHLO me', /^250-practice\.test hello me\r\n(250-.*\r\n)+250 HELP\r\n$/],
    [[], 'HELO me', /^250 /],
    [[], 'EHLO', /^501 5\.5\.4/],
    [[], 'EHLO a b', /^501 /],
    [[], 'EHLO (comment)', /^501 /],
    [[], 'MAIL FROM:<vera@practice.test>', /^503 /],
    [['EHLO me'], 'MAIL FROM:<vera@practice.test>', /^530 5\.7\.0 /],
    [['EHLO me'], 'AUTH PLAIN =', /^501 /],
    [['EHLO me'], `AUTH PLAIN ${base64('\0vera@practice.test\0wrong')}`, /^535 5\.7\.8 /],
    [['EHLO me'], 'AUTH CRAM-MD5', /^504 /],
    [['EHLO me'], 'AUTH PLAIN', /^334 \r\n$/],
    [['EHLO me', 'AUTH PLAIN'], base64('\0vera@practice.test\0amber-pane'), /^235 2\.7\.0 /],
    [['EHLO me', 'AUTH PLAIN'], '*', /^501 /],
    [['EHLO me'], 'AUTH LOGIN', /^334 VXNlcm5hbWU6\r\n$/],
    [['EHLO me', 'AUTH LOGIN'], base64('vera@practice.test'), /^334 UGFzc3dvcmQ6\r\n$/],
    [['EHLO me', 'AUTH LOGIN', base64('vera@practice.test')], base64('amber-pane'), /^235 /],
    [['EHLO me', `AUTH LOGIN ${base64('vera@practice.test')}`], base64('amber-pane'), /^235 /],
    [['EHLO me', 'AUTH LOGIN'], '%%%', /^501 /],
    [['EHLO me', PLAIN], PLAIN, /^503 /],
    [['EHLO me', PLAIN], 'MAIL FROM:<vera@practice.test> SIZE=26214401', /^552 5\.3\.4/],
    [['EHLO me', PLAIN], 'MAIL FROM:<> SIZE=26214400 SMTPUTF8 BODY=7BIT', /^250 /],
    [['EHLO me', PLAIN], 'MAIL FROM:<vera@practice.test> NONSENSE=1', /^555 /],
    [['EHLO me', PLAIN], 'MAIL FROM:vera@practice.test', /^501 /],
    [['EHLO me', PLAIN], 'MAIL FROM: <vera@practice.test>', /^250 /],
    [['EHLO me', PLAIN], `MAIL FROM:<${binary('вера')}@practice.test>`, /^553 5\.6\.7/],
    [['EHLO me', PLAIN], `MAIL FROM:<${'l'.repeat(65)}@practice.test>`, /^501 .*64/],
    [['EHLO me', PLAIN], 'RCPT TO:<oleg@practice.test>', /^503 /],
    [['EHLO me', PLAIN], 'DATA', /^503 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'MAIL FROM:<>', /^503 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'DATA', /^554 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<Oleg@Practice.Test>', /^250 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<@relay.example.org:oleg@practice.test>', /^250 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<nobody@practice.test>', /^550 5\.1\.1 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<oleg@example.org>', /^550 5\.7\.1 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<>', /^501 /],
    [['EHLO me'], 'VRFY oleg', /^252 /],
    [['EHLO me'], 'NOOP anything', /^250 /],
    [['EHLO me'], 'rset', /^250 /],
    [['EHLO me'], 'HELP', /^214-(.*\r\n)+214 /],
    [['EHLO me'], 'Subject: hello', /^500 .*header/],
    [['EHLO me'], '', /^500 /],
    [['EHLO me'], `NOOP ${long}`, /^500 .*512/],
    [['EHLO me'], 'x'.repeat(20_000), /^500 /],
    [[], 'QUIT', /^221 2\.0\.0 /],
  ];
  for (const [before, line, reply] of table) {
    it(`${before.join(' | ').slice(0, 60)} > ${line.slice(0, 60)}`, () => {
      const talk = new Talk('smtp', newOffice());
      talk.lines(...before);
      expect(talk.lines(line)).toMatch(reply);
    });
  }
});

describe('a letter', () => {
  const envelope = ['MAIL FROM:<vera@practice.test>', 'RCPT TO:<oleg@practice.test>', 'DATA'];

  it('arrives with Return-Path and Received before its exact octets, dots unstuffed', () => {
    const { talk, office } = ready();
    talk.lines(...envelope);
    expect(talk.lines('Subject: x', '', '..', '..a', 'a.', '.')).toMatch(/^250 2\.0\.0 /);
    const [raw = ''] = delivered(office);
    const [, header, body] = /^(Return-Path:[^]*?\+0000\r\n)([^]*)$/.exec(raw) ?? [];
    expect(body).toBe('Subject: x\r\n\r\n.\r\n.a\r\na.\r\n');
    expect(header).toContain(
      'Return-Path: <vera@practice.test>\r\nReceived: from me.example.org ([127.0.0.1])\r\n by practice.test',
    );
    expect(header).toContain(' with ESMTPA id ');
    expect(header).toContain(' for <oleg@practice.test>;');
  });

  it('says nothing of one recipient to another', () => {
    const { talk, office } = ready();
    talk.lines(
      'MAIL FROM:<vera@practice.test>',
      'RCPT TO:<oleg@practice.test>',
      'RCPT TO:<vera@practice.test>',
      'DATA',
    );
    talk.lines('To: oleg@practice.test', '', 'x', '.');
    for (const email of ['oleg@practice.test', 'vera@practice.test']) {
      const [raw = ''] = delivered(office, email);
      expect(raw).not.toMatch(/bcc|for </i);
      expect(raw.match(/vera@/g)?.length).toBe(1); // the Return-Path
    }
  });

  it('goes once to someone who is named twice', () => {
    const { talk, office } = ready();
    talk.lines(
      'MAIL FROM:<>',
      'RCPT TO:<oleg@practice.test>',
      'RCPT TO:<OLEG@practice.test>',
      'DATA',
      '',
      'x',
      '.',
    );
    expect(delivered(office)).toHaveLength(1);
  });

  const smuggling = [
    'a\n.\nMAIL',
    'a\n.\r\nMAIL',
    'a\r.\r\nMAIL',
    'a\r\n.\nMAIL',
    'a\r\n.\rMAIL',
    'a\r.\rMAIL',
    '.\nMAIL',
  ];
  for (const attempt of smuggling) {
    it(`does not end at ${JSON.stringify(attempt)}, and is refused`, () => {
      for (const piece of [1, Infinity]) {
        const { talk, office } = ready();
        talk.lines(...envelope);
        expect(talk.say(`${attempt} FROM:<evil@practice.test>\r\n`, piece)).toBe('');
        expect(talk.say('\r\n.\r\n', piece)).toMatch(/^554 5\.6\.0 [^\r]*\r\n$/);
        expect(delivered(office)).toHaveLength(0);
        expect(talk.lines('NOOP')).toMatch(/^250 /);
      }
    });
  }

  it('may be empty', () => {
    const { talk, office } = ready();
    talk.lines(...envelope);
    expect(talk.lines('.')).toMatch(/^250 /);
    expect(delivered(office)[0]).toMatch(/\+0000\r\n$/);
  });

  it('is refused at its end when it is too big, and the conversation goes on', () => {
    const { talk, office } = ready();
    talk.lines(...envelope);
    const line = `${'x'.repeat(998)}\r\n`;
    for (let count = 0; count < 27; count++) talk.say(line.repeat(1000));
    expect(talk.lines('.')).toMatch(/^552 5\.3\.4 /);
    expect(delivered(office)).toHaveLength(0);
    expect(talk.lines(...envelope)).toMatch(/354 /);
  });

  it('leaves no trace of a letter forgotten by RSET', () => {
    const { talk, office } = ready();
    expect(talk.lines('MAIL FROM:<>', 'RCPT TO:<oleg@practice.test>', 'RSET', 'DATA')).toMatch(/503 .*\r\n$/);
    expect(delivered(office)).toHaveLength(0);
  });

  it('tells who types with bare LF what is wrong', () => {
    const talk = new Talk('smtp', newOffice());
    talk.heard();
    expect(talk.say('EHLO me\n')).toMatch(/^500 5\.5\.2 .*CR LF/);
  });
});
