import { createHmac } from 'node:crypto';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity } from '../../../electron/practice/certificate.ts';
import type { Identity } from '../../../electron/practice/certificate.ts';
import type { Listener } from '../../../electron/practice/listener.ts';
import { PostOffice } from '../../../electron/practice/post-office.ts';
import { VERA } from '../../../electron/practice/server.ts';
import { listenSubmission } from '../../../electron/practice/smtp/server.ts';
import { NOW, base64, binary, newOffice } from './talk.ts';
import { Wire, replies, sayInPieces } from './wire.ts';

const PLAIN = `AUTH PLAIN ${base64('\0vera@practice.test\0amber-pane')}`;

let office: PostOffice;
let identity: Identity;
let listener: Listener;
beforeAll(async () => {
  office = newOffice();
  identity = await makeIdentity(new Date());
  listener = await listenSubmission({
    host: '127.0.0.1',
    port: 0,
    office,
    identity,
    startTls: true,
    implicitTls: false,
  });
});
afterAll(() => listener.stop());

async function greeted(...lines: string[]): Promise<Wire> {
  const wire = await Wire.dial(listener.port);
  await replies(wire, [], 1);
  await replies(wire, lines);
  return wire;
}

const ready = (): Promise<Wire> => greeted('EHLO me.example.org', PLAIN);

/** What has come since the last call. */
function delivered(email = 'oleg@practice.test'): string[] {
  const inbox = office.account(email)?.inbox;
  const messages = inbox?.messages ?? [];
  inbox?.remove(messages.map(({ uid }) => uid));
  return messages.map((message) => Buffer.from(message.raw).toString('latin1'));
}

describe('one command, one reply', () => {
  const long = 'a'.repeat(600);
  const table: readonly (readonly [before: readonly string[], line: string, reply: RegExp])[] = [
    [[], 'EHLO me', /^250-practice\.test hello\r\n(?:250-.*\r\n)+250 /],
    [[], 'HELO me', /^250 /],
    [[], 'EHLO', /^501 5\.5\.4/],
    [[], 'EHLO a b', /^501 /],
    [[], 'MAIL FROM:<vera@practice.test>', /^503 5\.5\.1 first EHLO/],
    [['EHLO me'], 'MAIL FROM:<vera@practice.test>', /^530 5\.7\.0 /],
    [['EHLO me'], 'AUTH PLAIN =', /^501 /],
    [['EHLO me'], `AUTH PLAIN ${base64('\0vera@practice.test\0wrong')}`, /^535 5\.7\.8 /],
    [['EHLO me'], 'AUTH DIGEST-MD5', /^504 5\.5\.4 /],
    [['EHLO me'], 'AUTH CRAM-MD5', /^334 [A-Za-z0-9+/]+=*\r\n$/],
    [['EHLO me', 'AUTH CRAM-MD5'], base64(`vera@practice.test ${'0'.repeat(32)}`), /^535 5\.7\.8 /],
    [['EHLO me'], 'AUTH PLAIN', /^334 \r\n$/],
    [['EHLO me', 'AUTH PLAIN'], base64('\0vera@practice.test\0amber-pane'), /^235 2\.7\.0 /],
    [['EHLO me', 'AUTH PLAIN'], '*', /^501 /],
    [['EHLO me'], 'AUTH LOGIN', /^334 VXNlcm5hbWU6\r\n$/],
    [['EHLO me', 'AUTH LOGIN'], base64('vera@practice.test'), /^334 UGFzc3dvcmQ6\r\n$/],
    [['EHLO me', 'AUTH LOGIN', base64('vera@practice.test')], base64('amber-pane'), /^235 /],
    [['EHLO me', `AUTH LOGIN ${base64('vera@practice.test')}`], base64('amber-pane'), /^235 /],
    [['EHLO me', PLAIN], PLAIN, /^503 /],
    [['EHLO me', PLAIN], 'MAIL FROM:<vera@practice.test> SIZE=26214401', /^552 5\.3\.4/],
    [['EHLO me', PLAIN], 'MAIL FROM:<> SIZE=26214400 SMTPUTF8 BODY=8BITMIME', /^250 2\.1\.0 /],
    [['EHLO me', PLAIN], 'MAIL FROM:<> RET=HDRS ENVID=QQ314159', /^250 /],
    [['EHLO me', PLAIN], 'MAIL FROM:<> RET=SOME', /^501 /],
    [['EHLO me', PLAIN], 'MAIL FROM:<vera@practice.test> NONSENSE=1', /^555 5\.5\.4/],
    [['HELO me', PLAIN], 'MAIL FROM:<vera@practice.test> SIZE=1', /^555 5\.5\.4 .*EHLO/],
    [['EHLO me', PLAIN], 'MAIL FROM:vera@practice.test', /^501 5\.1\.7 /],
    [['EHLO me', PLAIN], 'MAIL FROM: <vera@practice.test>', /^250 /],
    [['EHLO me', PLAIN], `MAIL FROM:<${binary('вера')}@practice.test>`, /^553 5\.6\.7/],
    [['EHLO me', PLAIN], `MAIL FROM:<${binary('вера')}@practice.test> SMTPUTF8`, /^250 /],
    [['EHLO me', PLAIN], `MAIL FROM:<${'l'.repeat(65)}@practice.test>`, /^501 .*64/],
    [['EHLO me', PLAIN], 'RCPT TO:<oleg@practice.test>', /^503 5\.5\.1 first MAIL/],
    [['EHLO me', PLAIN], 'DATA', /^503 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'MAIL FROM:<>', /^503 .*RSET/],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'DATA', /^503 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<Oleg@Practice.Test>', /^250 2\.1\.5 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<@relay.example.org:oleg@practice.test>', /^250 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<oleg@practice.test> NOTIFY=SUCCESS,DELAY', /^250 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<oleg@practice.test> NOTIFY=NEVER,DELAY', /^501 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<oleg@practice.test> X=1', /^555 /],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<nobody@practice.test>', /^550 5\.1\.1 .*vera@/],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<oleg@example.org>', /^550 5\.7\.1 relaying denied/],
    [['EHLO me', PLAIN, 'MAIL FROM:<>'], 'RCPT TO:<>', /^501 5\.1\.3 /],
    [['EHLO me'], 'VRFY oleg', /^252 2\.1\.5 /],
    [['EHLO me'], 'NOOP anything', /^250 2\.0\.0 /],
    [['EHLO me'], 'rset', /^250 /],
    [['EHLO me'], 'HELP', /^214-(.*\r\n)+214 /],
    [['EHLO me'], 'Subject: hello', /^500 5\.5\.2 .*header/],
    [['EHLO me'], 'EXPN staff', /^500 5\.5\.2 .*HELP/],
    [['EHLO me'], 'WIZ please', /^500 5\.5\.2 /],
    [['EHLO me'], 'XCLIENT ADDR=192.0.2.1', /^500 5\.5\.2 /],
    [['EHLO me'], '', /^500 /],
    [['EHLO me'], `NOOP ${long}`, /^250 /],
    [['EHLO me'], 'x'.repeat(20_000), /^500 5\.5\.6 .*12288/],
    [['EHLO me'], 'STARTTLS now', /^501 /],
    [[], 'QUIT', /^221 2\.0\.0 /],
  ];
  for (const [before, line, reply] of table) {
    it(`${before.join(' | ').slice(0, 60)} > ${line.slice(0, 60)}`, async () => {
      const wire = await greeted(...before);
      expect(await replies(wire, [line])).toMatch(reply);
      wire.close();
    });
  }

  it('offers what it can do, STARTTLS included', async () => {
    const offers = await replies(await greeted(), ['EHLO me']);
    expect(offers.match(/(?<=^250[ -]).+?(?=\r)/gm)?.slice(1)).toEqual([
      'PIPELINING',
      '8BITMIME',
      'SMTPUTF8',
      'ENHANCEDSTATUSCODES',
      'DSN',
      'AUTH PLAIN LOGIN CRAM-MD5',
      'STARTTLS',
      'SIZE 26214400',
    ]);
  });

  it('answers CRAM-MD5 with yes to the right digest', async () => {
    const wire = await greeted('EHLO me');
    const [, challenge = ''] = /^334 (.*)\r\n/.exec(await replies(wire, ['AUTH CRAM-MD5'])) ?? [];
    const digest = createHmac('md5', 'amber-pane').update(Buffer.from(challenge, 'base64')).digest('hex');
    expect(await replies(wire, [base64(`vera@practice.test ${digest}`)])).toMatch(/^235 2\.7\.0 /);
  });

  it('names at most 100 recipients, then 452', async () => {
    const many = Array.from({ length: 101 }, (_, at) => ({
      email: `u${at}@practice.test`,
      password: 'x',
      name: '',
    }));
    const crowd = new PostOffice([VERA, ...many], () => NOW);
    const other = await listenSubmission({
      host: '127.0.0.1',
      port: 0,
      office: crowd,
      identity,
      startTls: true,
      implicitTls: false,
    });
    const wire = await Wire.dial(other.port);
    await replies(wire, [], 1);
    const heard = await replies(wire, [
      'EHLO me',
      PLAIN,
      'MAIL FROM:<vera@practice.test>',
      ...many.map(({ email }) => `RCPT TO:<${email}>`),
    ]);
    expect(heard.match(/^250 2\.1\.5/gm)).toHaveLength(100);
    expect(heard).toMatch(/\r\n452 4\.5\.3 [^\r]*\r\n$/);
    await other.stop();
  });
});

describe('a letter', () => {
  const envelope = ['MAIL FROM:<vera@practice.test>', 'RCPT TO:<oleg@practice.test>', 'DATA'];
  const letter = (wire: Wire, ...lines: string[]): Promise<string> => replies(wire, lines, 1);

  it('arrives with Return-Path and Received before its exact octets, dots unstuffed', async () => {
    const wire = await ready();
    await replies(wire, envelope);
    expect(await letter(wire, 'Subject: x', '', '..', '..a', 'a.', '.')).toMatch(/^250 2\.0\.0 /);
    const [raw = ''] = delivered();
    const [, header, body] = /^(Return-Path:[^]*?\+0000\r\n)([^]*)$/.exec(raw) ?? [];
    expect(body).toBe('Subject: x\r\n\r\n.\r\n.a\r\na.\r\n');
    expect(header).toContain(
      'Return-Path: <vera@practice.test>\r\nReceived: from me.example.org ([127.0.0.1])\r\n by practice.test',
    );
    expect(header).toContain(' with ESMTPA id ');
    expect(header).toContain(' for <oleg@practice.test>;');
  });

  it('carries no trick in its trace', async () => {
    const wire = await greeted('EHLO evil(\\);x"', PLAIN, ...envelope);
    await letter(wire, 'Subject: x', '', 'x', '.');
    expect(delivered()[0]).toContain('Received: from evil????x? ([127.0.0.1])\r\n');
  });

  it('says nothing of one recipient to another', async () => {
    const wire = await ready();
    await replies(wire, [...envelope.slice(0, 2), 'RCPT TO:<vera@practice.test>', 'DATA']);
    await letter(wire, 'To: oleg@practice.test', '', 'x', '.');
    for (const email of ['oleg@practice.test', 'vera@practice.test']) {
      const [raw = ''] = delivered(email);
      expect(raw).not.toMatch(/bcc|for </i);
      expect(raw.match(/vera@/g)?.length).toBe(1); // the Return-Path
    }
  });

  it('goes once to someone who is named twice', async () => {
    const wire = await ready();
    await replies(wire, [...envelope.slice(0, 2), 'RCPT TO:<OLEG@practice.test>', 'DATA']);
    await letter(wire, '', 'x', '.');
    expect(delivered()).toHaveLength(1);
  });

  it('goes out in one breath with its commands', async () => {
    const wire = await ready();
    const all = [...envelope, 'Subject: a', '', 'x', '.', ...envelope, 'Subject: b', '', 'y', '.', 'QUIT'];
    const heard = await replies(wire, all, 9);
    expect(heard).toMatch(/221 2\.0\.0 see you\r\n$/);
    expect(delivered()).toHaveLength(2);
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
    it(`does not end at ${JSON.stringify(attempt)}, and is refused`, async () => {
      for (const piece of [1, 1000]) {
        const wire = await ready();
        await replies(wire, envelope);
        const text = `${attempt} FROM:<evil@practice.test>\r\n\r\n.\r\n`;
        await sayInPieces(wire, text, piece);
        expect(await replies(wire, [], 1)).toMatch(/^554 5\.6\.0 [^\r]*\r\n$/);
        expect(delivered()).toHaveLength(0);
        expect(await replies(wire, ['NOOP'])).toMatch(/^250 /);
        wire.close();
      }
    });
  }

  it('may be empty', async () => {
    const wire = await ready();
    await replies(wire, envelope);
    expect(await letter(wire, '.')).toMatch(/^250 /);
    expect(delivered()[0]).toMatch(/\+0000\r\n$/);
  });

  it('is refused at its end when it is too big, and the conversation goes on', async () => {
    const wire = await ready();
    await replies(wire, envelope);
    const line = `${'x'.repeat(998)}\r\n`;
    for (let count = 0; count < 27; count++) wire.say(line.repeat(1000));
    expect(await letter(wire, '.')).toMatch(/^552 5\.3\.4 /);
    expect(delivered()).toHaveLength(0);
    expect(await replies(wire, envelope)).toMatch(/354 /);
    wire.close();
  });

  it('leaves no trace when it was forgotten by RSET, or cut off before its end', async () => {
    const wire = await ready();
    expect(await replies(wire, [...envelope.slice(0, 2), 'RSET', 'DATA'])).toMatch(/503 .*\r\n$/);
    await replies(wire, envelope);
    wire.say('Subject: half\r\n\r\nx');
    wire.reset();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(delivered()).toHaveLength(0);
  });

  it('is reported as delivered to who asked for it (RFC 3461), and to nobody else', async () => {
    const wire = await ready();
    await replies(wire, [
      'MAIL FROM:<vera@practice.test> RET=HDRS ENVID=QQ+2B314',
      'RCPT TO:<oleg@practice.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;oleg+2Bx@practice.test',
      'DATA',
    ]);
    await letter(wire, 'Subject: asked', '', 'secret body', '.');
    const [report = '', ...more] = delivered('vera@practice.test');
    expect(more).toEqual([]);
    expect(report).toMatch(/^Return-Path: <>\r\n/);
    const { attachments, subject, text } = await simpleParser(Buffer.from(report, 'latin1'));
    expect(subject).toMatch(/^Delivered/);
    expect(text).toContain('mailbox of:\n\n  oleg@practice.test');
    expect(attachments.map(({ contentType }) => contentType)).toContain('text/rfc822-headers');
    for (const line of [
      'Original-Envelope-Id: QQ+314',
      'Original-Recipient: rfc822;oleg+x@practice.test',
      'Final-Recipient: rfc822; oleg@practice.test',
      'Action: delivered',
      'Subject: asked',
    ])
      expect(report).toContain(`${line}\r\n`);
    expect(report).not.toContain('secret body');
    expect(delivered()).toHaveLength(1);
    for (const from of ['<>', '<vera@practice.test>']) {
      const asks = from === '<>' ? ' NOTIFY=SUCCESS' : ' NOTIFY=NEVER';
      await replies(wire, [`MAIL FROM:${from}`, `RCPT TO:<oleg@practice.test>${asks}`, 'DATA']);
      await letter(wire, 'Subject: quiet', '', 'x', '.');
    }
    expect(delivered('vera@practice.test')).toEqual([]);
    expect(delivered()).toHaveLength(2);
  });

  it('keeps no parameter of a MAIL that was refused', async () => {
    const wire = await ready();
    const lines = ['MAIL FROM:<vera@practice.test> SMTPUTF8 ENVID=1 X=1', 'MAIL FROM:<vera@practice.test>'];
    expect(await replies(wire, lines)).toMatch(/^555 .*\r\n250 /);
    expect(await replies(wire, [`RCPT TO:<${binary('вера')}@practice.test>`])).toMatch(/^553 5\.6\.7/);
  });

  it('can be typed with bare LF by someone who types everything so', async () => {
    const wire = await Wire.dial(listener.port);
    const typed = ['EHLO me', PLAIN, ...envelope, 'Subject: x', '', '.hidden', '..', 'end', '.', 'QUIT', ''];
    wire.say(typed.join('\n'));
    expect(await wire.end()).toMatch(/\r\n250 2\.0\.0 accepted [^\r]*\r\n221 /);
    expect(delivered()[0]).toMatch(/\r\nSubject: x\r\n\r\nhidden\r\n\.\r\nend\r\n$/);
  });
});
