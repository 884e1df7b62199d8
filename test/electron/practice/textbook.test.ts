// The dialogues of textbooks, typed line by line at the real ports: what the RFCs print works as they print it.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPractice } from '../../../electron/practice/server.ts';
import type { PracticeServer } from '../../../electron/practice/server.ts';
import { base64, mail } from './talk.ts';
import { Wire } from './wire.ts';

let server: PracticeServer;
beforeEach(async () => {
  server = await startPractice({ seed: false });
});
afterEach(() => server.stop());

/** A line that is typed, and what must be heard before the next one; nothing typed for what comes by itself. */
type Step = readonly [typed: string | undefined, heard: RegExp];

/** Type line after line; the lines that were not answered as they should be. */
async function type(port: number, lineEnd: string, steps: readonly Step[]): Promise<string[]> {
  const wire = await Wire.dial(port);
  const wrong: string[] = [];
  for (const [typed, heard] of steps) {
    if (typed !== undefined) wire.say(`${typed}${lineEnd}`);
    const answer = await wire.hear(heard);
    if (!heard.test(answer)) wrong.push(`${typed}: ${answer}`);
  }
  wire.close();
  return wrong;
}

const LINE_ENDS = [
  ['telnet', '\r\n'],
  ['nc', '\n'],
] as const;

describe.each(LINE_ENDS)('typed with %s', (_, lineEnd) => {
  it('SMTP: RFC 5321, appendix D.1, with a login before it', async () => {
    const wrong = await type(server.ports.smtp, lineEnd, [
      [undefined, /^220 practice\.test .*\r\n$/],
      ['EHLO bar.example', /^250-practice\.test hello\r\n(250-.*\r\n)+250 SIZE 26214400\r\n$/],
      ['AUTH LOGIN', /^334 VXNlcm5hbWU6\r\n$/],
      [base64('vera@practice.test'), /^334 UGFzc3dvcmQ6\r\n$/],
      [base64('amber-pane'), /^235 2\.7\.0 .*\r\n$/],
      ['MAIL FROM:<vera@practice.test>', /^250 2\.1\.0 .*\r\n$/],
      ['RCPT TO:<oleg@practice.test>', /^250 2\.1\.5 .*\r\n$/],
      ['RCPT TO:<Green@practice.test>', /^550 5\.1\.1 .*\r\n$/],
      ['RCPT TO:<vera@practice.test>', /^250 2\.1\.5 .*\r\n$/],
      ['DATA', /^354 .*\r\n$/],
      [`From: vera@practice.test${lineEnd}Subject: Blah${lineEnd}${lineEnd}Blah blah blah...`, /^$/],
      ['..etc. etc. etc.', /^$/],
      ['.', /^250 2\.0\.0 accepted .*delivered to 2\r\n$/],
      ['VRFY Crispin', /^252 2\.1\.5 .*\r\n$/],
      ['RSET', /^250 2\.0\.0 .*\r\n$/],
      ['NOOP', /^250 2\.0\.0 .*\r\n$/],
      ['HELP', /^214-.*\r\n[^]*214 .*\r\n$/],
      ['QUIT', /^221 2\.0\.0 .*\r\n$/],
    ]);
    expect(wrong).toEqual([]);
    const lost = await type(server.ports.pop3, lineEnd, [
      [undefined, /^\+OK/],
      ['USER oleg@practice.test', /^\+OK/],
      ['PASS amber-pane', /^\+OK 1 messages/],
      ['RETR 1', /\r\nSubject: Blah\r\n\r\nBlah blah blah\.\.\.\r\n\.\.etc\. etc\. etc\.\r\n\.\r\n$/],
    ]);
    expect(lost).toEqual([]);
  });

  it('POP3: RFC 1939, section 10, and every other command', async () => {
    for (const text of ['a', 'bb'])
      server.deliver(mail(`Subject: ${text}\n\n${text}\nmore\n`), 'vera@practice.test');
    const wire = await Wire.dial(server.ports.pop3);
    const greeting = await wire.hear(/\r\n$/);
    const [stamp = ''] = /<[^>]+>/.exec(greeting) ?? [];
    wire.say(
      `APOP vera@practice.test ${createHash('md5').update(`${stamp}amber-pane`).digest('hex')}${lineEnd}`,
    );
    expect(await wire.hear(/\r\n$/)).toMatch(/^\+OK 2 messages/);
    const steps: readonly Step[] = [
      ['STAT', /^\+OK 2 48\r\n$/],
      ['LIST', /^\+OK 2 messages\r\n1 23\r\n2 25\r\n\.\r\n$/],
      ['LIST 2', /^\+OK 2 25\r\n$/],
      ['UIDL', /^\+OK .*\r\n1 [!-~]{1,70}\r\n2 [!-~]{1,70}\r\n\.\r\n$/],
      ['UIDL 1', /^\+OK 1 [!-~]{1,70}\r\n$/],
      ['RETR 1', /^\+OK 23 octets\r\nSubject: a\r\n\r\na\r\nmore\r\n\.\r\n$/],
      ['TOP 1 0', /^\+OK .*\r\nSubject: a\r\n\r\n\.\r\n$/],
      ['TOP 2 1', /^\+OK .*\r\nSubject: bb\r\n\r\nbb\r\n\.\r\n$/],
      ['DELE 1', /^\+OK .*\r\n$/],
      ['DELE 1', /^-ERR .*\r\n$/],
      ['RETR 1', /^-ERR .*\r\n$/],
      ['STAT', /^\+OK 1 25\r\n$/],
      ['RSET', /^\+OK .*2 messages\r\n$/],
      ['DELE 2', /^\+OK .*\r\n$/],
      ['NOOP', /^\+OK .*\r\n$/],
      ['CAPA', /^\+OK .*\r\n(?:[A-Z].*\r\n)+\.\r\n$/],
      ['QUIT', /^\+OK 1 deleted.*\r\n$/],
    ];
    for (const [typed, heard] of steps) {
      wire.say(`${typed}${lineEnd}`);
      expect(await wire.hear(heard)).toMatch(heard);
    }
    const wrong = await type(server.ports.pop3, lineEnd, [
      [undefined, /^\+OK/],
      ['USER vera@practice.test', /^\+OK/],
      ['PASS amber-pane', /^\+OK 1 messages/],
    ]);
    expect(wrong).toEqual([]);
  });

  it('IMAP: RFC 3501, section 8, and every other command', async () => {
    for (let count = 1; count <= 12; count++)
      server.deliver(
        mail(`From: Terry <terry@example.org>\nSubject: IMAP4rev1 WG mtg ${count}\n\nbody\n`),
        'vera@practice.test',
      );
    const wrong = await type(server.ports.imap, lineEnd, [
      [undefined, /^\* OK \[CAPABILITY IMAP4rev1 .*\r\n$/],
      ['a000 capability', /^\* CAPABILITY IMAP4rev1 .*\r\na000 OK/],
      ['a001 login vera@practice.test amber-pane', /^a001 OK/],
      ['a01a namespace', /^\* NAMESPACE \(\("" "\/"\)\) NIL NIL\r\na01a OK/],
      ['a01b id ("name" "telnet")', /^\* ID .*\r\na01b OK/],
      ['a01c enable condstore', /^\* ENABLED CONDSTORE\r\na01c OK/],
      [
        'a002 select inbox',
        /^\* FLAGS .*\r\n[^]*\* 12 EXISTS\r\n[^]*\* OK \[UIDVALIDITY \d+\].*\r\n[^]*a002 OK \[READ-WRITE\]/,
      ],
      [
        'a003 fetch 12 full',
        /^\* 12 FETCH \(FLAGS .* INTERNALDATE .* RFC822.SIZE \d+ ENVELOPE .* BODY .*\)\r\na003 OK/,
      ],
      [
        'a004 fetch 12 body[header]',
        /^\* 12 FETCH \([^]*BODY\[HEADER\] \{\d+\}\r\nFrom: Terry[^]*\)\r\na004 OK/,
      ],
      ['a005 store 12 +flags \\deleted', /^\* 12 FETCH \(.*FLAGS \(.*\\Deleted.*\).*\)\r\na005 OK/],
      [
        'a006 fetch 12 (uid rfc822.size rfc822.text)',
        /^\* 12 FETCH \(.*UID 12 .*RFC822.TEXT \{6\}\r\nbody\r\n\)\r\na006 OK/,
      ],
      ['a007 search unseen subject "mtg 3"', /^\* SEARCH 3\r\na007 OK/],
      ['a008 uid fetch 1:2 fast', /^(?:\* \d FETCH \(.*UID \d.*\)\r\n){2}a008 OK/],
      ['a009 create Notes', /^a009 OK/],
      ['a010 copy 1:2 Notes', /^a010 OK \[COPYUID \d+ 1:2 1:2\]/],
      ['a011 uid move 3 Notes', /^\* OK \[COPYUID \d+ 3 3\] .*\r\n\* 3 EXPUNGE\r\na011 OK/],
      [
        'a012 status Notes (messages uidnext unseen)',
        /^\* STATUS "Notes" \(MESSAGES 3 UIDNEXT 4 UNSEEN 3\)\r\na012 OK/,
      ],
      ['a013 subscribe Notes', /^a013 OK/],
      ['a014 lsub "" "N*"', /^\* LSUB \(\) "\/" "Notes"\r\na014 OK/],
      ['a015 list "" "N%"', /^\* LIST \(\\HasNoChildren\) "\/" "Notes"\r\na015 OK/],
      ['a016 rename Notes Diary', /^a016 OK/],
      ['a017 unsubscribe Notes', /^a017 OK/],
      ['a018 append Diary (\\seen) {11}', /^\+ .*\r\n$/],
      [`Subject: x`, /^$/],
      ['', /a018 OK \[APPENDUID \d+ 4\]/],
      ['a019 check', /^a019 OK/],
      ['a020 noop', /^a020 OK/],
      ['a021 idle', /^\+ .*\r\n$/],
      ['done', /^a021 OK/],
      ['a022 expunge', /^\* 11 EXPUNGE\r\na022 OK/],
      ['a023 examine Diary', /^\* OK \[CLOSED\][^]*\* 4 EXISTS\r\n[^]*a023 OK \[READ-ONLY\]/],
      ['a024 close', /^a024 OK/],
      ['a025 delete Diary', /^a025 OK/],
      ['a026 authenticate plain', /^a026 BAD/],
      ['a027 xyzzy', /^a027 BAD there is no command XYZZY/],
      ['a028 logout', /^\* BYE .*\r\na028 OK/],
    ]);
    expect(wrong).toEqual([]);
  });
});

it('IMAP: NOOP tells of mail that has come', async () => {
  const wire = await Wire.dial(server.ports.imap);
  wire.say('1 LOGIN vera@practice.test amber-pane\r\n2 SELECT INBOX\r\n');
  await wire.hear(/^2 OK /m);
  server.deliver(mail('Subject: new\n\nx\n'), 'vera@practice.test');
  wire.say('3 NOOP\r\n');
  expect(await wire.hear(/^3 OK /m)).toMatch(/^\* 1 EXISTS\r\n\* 1 RECENT\r\n3 OK /);
  wire.close();
});
