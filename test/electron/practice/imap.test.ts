import { describe, expect, it } from 'vitest';
import { NOW, Talk, base64, binary, mail, newOffice, openImap } from './talk.ts';
import type { PostOffice } from '../../../electron/practice/post-office.ts';

const LETTERS = [
  'From: Lena <lena@example.org>\nTo: vera@practice.test\nSubject: one\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\nglass\n',
  'From: oleg@practice.test\nSubject: =?UTF-8?B?0KHQvNC10YLQsA==?=\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>стекло</p>\n--b--\n',
  'From: lists@example.org\nList-Id: <kiln.example.org>\nSubject: three\n\nlong enough to be larger than the others, by far: ' +
    'x'.repeat(500) +
    '\n',
].map(mail);

function filled(): PostOffice {
  const office = newOffice();
  LETTERS.forEach((raw, index) => {
    office.accounts[0]?.inbox.append(
      raw,
      index === 0 ? ['\\Seen'] : [],
      new Date(Date.UTC(2026, 10, 18 + index, 10)),
    );
  });
  return office;
}

describe('before login', () => {
  const table: readonly (readonly [string, RegExp])[] = [
    [
      'A CAPABILITY',
      /^\* CAPABILITY IMAP4rev1 LITERAL\+ ID .* SASL-IR AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5 STARTTLS\r\nA OK /,
    ],
    ['A LOGIN vera@practice.test amber-pane', /^A OK \[CAPABILITY /],
    ['A LOGIN "vera@practice.test" "amber-pane"', /^A OK /],
    ['A LOGIN vera@practice.test wrong', /^A NO \[AUTHENTICATIONFAILED\]/],
    ['A LOGIN vera@practice.test', /^A BAD the password is missing \(write: LOGIN user password\)/],
    ['A LOGIN "vera', /^A BAD the quoted string of the user name has no end/],
    [`A AUTHENTICATE PLAIN ${base64('\0vera@practice.test\0amber-pane')}`, /^A OK /],
    [`A AUTHENTICATE PLAIN\r\n${base64('\0vera@practice.test\0amber-pane')}`, /^\+ \r\nA OK /],
    ['A AUTHENTICATE PLAIN\r\n*', /^\+ \r\nA BAD /],
    ['A AUTHENTICATE PLAIN !!', /^A BAD /],
    ['A AUTHENTICATE SCRAM-SHA-1', /^A NO \[CANNOT\]/],
    ['A SELECT INBOX', /^A BAD log in first: A LOGIN user password/],
    ['A STARTTLS', /^A OK begin TLS now\r\n$/],
    ['A STARTTLS\r\nB LOGIN vera@practice.test amber-pane', /^A OK begin TLS now\r\n$/],
    [`A AUTHENTICATE LOGIN ${base64('vera@practice.test')}\r\n${base64('amber-pane')}`, /^\+ \S+\r\nA OK /],
    [
      `A AUTHENTICATE LOGIN\r\n${base64('vera@practice.test')}\r\n${base64('amber-pane')}`,
      /^\+ VXNlcm5hbWU6\r\n\+ UGFzc3dvcmQ6\r\nA OK /,
    ],
    [
      `A AUTHENTICATE CRAM-MD5\r\n${base64(`vera@practice.test ${'0'.repeat(32)}`)}`,
      /^\+ \S+\r\nA NO \[AUTH/,
    ],
    ['A AUTHENTICATE CRAM-MD5 ', /^\+ \S+\r\n$/],
    ['A AUTHENTICATE CRAM-MD5 eA==', /^A BAD CRAM-MD5 begins with a question/],
    ['NOOP', /^NOOP BAD a command starts with a tag, then its name: A1 NOOP/],
    [
      'LOGIN vera amber-pane',
      /^LOGIN BAD a command starts with a tag, then its name: A1 LOGIN user password/,
    ],
    ['A', /^A BAD the name of a command is missing/],
    ['', /^\* BAD an empty line/],
    ['* NOOP', /^\* BAD a command starts with a tag/],
    ['A XYZZY', /^A BAD there is no command XYZZY/],
    ['A ID ("name" "x" "v" NIL)', /^\* ID \("name" "Glasspost practice server"\)\r\nA OK/],
    ['A ID NIL', /^\* ID .*\r\nA OK/],
    ['A ID ("name")', /^A BAD /],
    ['A LOGOUT', /^\* BYE .*\r\nA OK/],
    [`A LOGIN {99999999}`, /^A NO \[TOOBIG\]/],
    ['x'.repeat(70_000), /^\* BAD a line has at most 65536/],
  ];
  for (const [line, reply] of table) {
    it(`answers ${line.slice(0, 70)}`, () => {
      const talk = new Talk('imap', newOffice());
      expect(talk.heard()).toMatch(/^\* OK \[CAPABILITY IMAP4rev1 /);
      expect(talk.lines(line)).toMatch(reply);
    });
  }

  it('hears a literal that is too big to its end when it was sent unasked', () => {
    const talk = new Talk('imap', newOffice());
    talk.heard();
    expect(talk.say(`A LOGIN {40000000+}\r\n`)).toBe('');
    for (let count = 0; count < 40; count++) expect(talk.say('x'.repeat(1_000_000))).toBe('');
    expect(talk.lines(' {3+}', 'abc', 'B NOOP')).toMatch(/^A NO \[TOOBIG\] .*\r\nB OK /);
  });
});

describe('with INBOX open', () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ['A FETCH 1 FLAGS', /^\* 1 FETCH \(FLAGS \(\\Seen \\Recent\)\)\r\nA OK/],
    ['A UID FETCH 2:* FLAGS', /^\* 2 FETCH \(UID 2 FLAGS \(\\Recent\)\)\r\n\* 3 FETCH \(UID 3 .*\r\nA OK/],
    ['A UID FETCH 100:* UID', /^\* 3 FETCH \(UID 3\)\r\nA OK/],
    ['A UID FETCH 100 UID', /^A OK/],
    ['A FETCH 4 UID', /^A BAD there is no message 4: this mailbox holds 3/],
    ['A FETCH 0 UID', /^A BAD expected message numbers/],
    [
      'A FETCH 1 FAST',
      /^\* 1 FETCH \(FLAGS \(.*\) INTERNALDATE "18-Nov-2026 10:00:00 \+0000" RFC822.SIZE \d+\)\r\n/,
    ],
    [
      'A FETCH 1 ALL',
      /ENVELOPE \("Fri, 20 Nov 2026 10:00:00 \+0000" "one" \(\("Lena" NIL "lena" "example.org"\)\)/,
    ],
    [
      'A FETCH 2 BODYSTRUCTURE',
      /BODYSTRUCTURE \(\("text" "plain" \("charset" "us-ascii"\) NIL NIL "7bit" 5 0 NIL NIL NIL NIL\)\("text" "html" .*\) "mixed" \("boundary" "b"\) NIL NIL NIL\)/,
    ],
    [
      'A FETCH 2 (BODY.PEEK[1] BODY.PEEK[2.MIME] BODY.PEEK[9])',
      /\(BODY\[1\] \{5\}\r\nfirst BODY\[2.MIME\] \{42\}\r\nContent-Type: text\/html; charset=utf-8\r\n\r\n BODY\[9\] NIL\)\r\n/,
    ],
    [
      'A FETCH 1 BODY.PEEK[HEADER.FIELDS (subject TO)]',
      /BODY\[HEADER.FIELDS \(SUBJECT TO\)\] \{40\}\r\nTo: vera@practice.test\r\nSubject: one\r\n\r\n\)/,
    ],
    ['A FETCH 1 BODY.PEEK[TEXT]<1.3>', /BODY\[TEXT\]<1> \{3\}\r\nlas\)/],
    ['A FETCH 1 BODY.PEEK[]<9999.3>', /BODY\[\]<9999> \{0\}\r\n\)/],
    ['A FETCH 1 RFC822.TEXT', /^\* 1 FETCH \(RFC822.TEXT \{7\}\r\nglass\r\n\)\r\n/],
    ['A FETCH 2 BODY[1]', /^\* 2 FETCH \(FLAGS \(\\Seen \\Recent\) BODY\[1\] \{5\}\r\nfirst\)\r\n/],
    ['A FETCH 1 (UID NONSENSE)', /^A BAD NONSENSE cannot be fetched/],
    ['A FETCH 1', /^A BAD what to fetch is missing/],
    ['A FETCH 1 BODY[MIME]', /^A BAD MIME needs a part number/],
    ['A FETCH 1:3 (UID MODSEQ) (CHANGEDSINCE 3)', /^\* 3 FETCH \(UID 3 MODSEQ \(4\)\)\r\nA OK/],
    [
      'A STORE 2 +FLAGS (\\Flagged $Work)',
      /^\* FLAGS \(.* \$Work\)\r\n\* OK \[PERMANENTFLAGS \(.* \$Work \\\*\)\] .*\r\n\* 2 FETCH \(FLAGS \(\\Flagged \$Work \\Recent\)\)\r\nA OK/,
    ],
    ['A STORE 1 -FLAGS.SILENT \\seen', /^A OK/],
    ['A UID STORE 1 FLAGS ()', /^\* 1 FETCH \(UID 1 FLAGS \(\\Recent\)\)\r\nA OK/],
    [
      'A STORE 1:2 (UNCHANGEDSINCE 2) +FLAGS (\\Deleted)',
      /^\* 1 FETCH \(UID 1 FLAGS \(.*\\Deleted .*\) MODSEQ \(5\)\)\r\nA OK \[MODIFIED 2\]/,
    ],
    ['A STORE 1 +FLAGS (\\Recent)', /^A BAD \\Recent is given by the server/],
    ['A FETCH 1 FULL', /^\* 1 FETCH \(FLAGS .* ENVELOPE .* BODY \("text" "plain" /],
    ['A FETCH 1 RFC822', /^\* 1 FETCH \(RFC822 \{\d+\}\r\nFrom: Lena/],
    ['A FETCH 1 RFC822.HEADER', /^\* 1 FETCH \(RFC822.HEADER \{\d+\}\r\nFrom: [^]*\r\n\r\n\)\r\nA OK/],
    [`A FETCH 1 (${'UID '.repeat(51).trim()})`, /^A BAD at most 50/],
    [`A LIST "" "${'*a'.repeat(150)}"`, /^A OK/],
    [`A LIST "" ${'a'.repeat(500)}`, /^A BAD a pattern has at most 400/],
    ['A LSUB "" "Projects/%"', /^\* LSUB \(\) "\/" "Projects\/Glass"\r\nA OK/],
    [
      'A UNSUBSCRIBE Projects\r\nB LSUB "" "P%"',
      /^A OK .*\r\n\* LSUB \(\\Noselect\) "\/" "Projects"\r\nB OK/,
    ],
    ['A STORE 1 FLAG x', /^A BAD expected FLAGS/],
    ['A SEARCH ALL', /^\* SEARCH 1 2 3\r\n/],
    ['A SEARCH UNSEEN NOT FROM oleg', /^\* SEARCH 3\r\n/],
    ['A SEARCH OR SEEN LARGER 500', /^\* SEARCH 1 3\r\n/],
    ['A SEARCH (SUBJECT ONE) SMALLER 500', /^\* SEARCH 1\r\n/],
    ['A SEARCH SINCE 19-Nov-2026 BEFORE "20-Nov-2026"', /^\* SEARCH 2\r\n/],
    ['A SEARCH ON 18-Nov-2026', /^\* SEARCH 1\r\n/],
    ['A SEARCH SENTSINCE 20-Nov-2026', /^\* SEARCH 1\r\n/],
    ['A SEARCH 2:* UID 1:2', /^\* SEARCH 2\r\n/],
    ['A SEARCH HEADER List-Id ""', /^\* SEARCH 3\r\n/],
    [`A SEARCH CHARSET UTF-8 SUBJECT {10+}\r\n${binary('смета')}`, /^\* SEARCH 2\r\n/],
    [`A UID SEARCH CHARSET UTF-8 BODY "${binary('СТЕКЛО')}"`, /^\* SEARCH 2\r\n/],
    ['A SEARCH CHARSET KOI8-R SUBJECT {5+}\r\n\xd3\xcd\xc5\xd4\xc1', /^\* SEARCH 2\r\n/],
    ['A SEARCH CHARSET UTF-7 ALL', /^A NO \[BADCHARSET \(UTF-8 US-ASCII ISO-8859-1 KOI8-R WINDOWS-1251\)\]/],
    ['A SEARCH MODSEQ 3', /^\* SEARCH 2 3 \(MODSEQ 4\)\r\n/],
    ['A SEARCH TEXT nowhere', /^\* SEARCH\r\nA OK/],
    ['A SEARCH FOO', /^A BAD FOO is no search key/],
    ['A COPY 1 Archive', /^A OK \[COPYUID \d+ 1 1\]/],
    ['A COPY 1 Nowhere', /^A NO \[TRYCREATE\]/],
    ['A MOVE 1,3 Archive', /^\* OK \[COPYUID \d+ 1,3 1:2\] moved\r\n\* 1 EXPUNGE\r\n\* 2 EXPUNGE\r\nA OK/],
    ['A UID MOVE 2 Trash', /^\* OK \[COPYUID \d+ 2 1\] moved\r\n\* 2 EXPUNGE\r\nA OK/],
    [
      'A APPEND INBOX (\\Seen) "17-Jul-2026 02:44:25 +0300" {3+}\r\nx:y',
      /^\* 4 EXISTS\r\n\* 4 RECENT\r\nA OK \[APPENDUID \d+ 4\]/,
    ],
    ['A APPEND Nowhere {3}\r\nx:y', /^\+ .*\r\nA NO \[TRYCREATE\]/],
    ['A APPEND INBOX "17-Jul" {3+}\r\nx:y', /^A BAD expected a date and time/],
    ['A LIST "" ""', /^\* LIST \(\\Noselect\) "\/" ""\r\n/],
    ['A LIST "" "%rch%"', /^\* LIST \(\\HasNoChildren \\Archive\) "\/" "Archive"\r\nA OK/],
    ['A LIST Projects/ %', /^\* LIST \(\\HasNoChildren\) "\/" "Projects\/Glass"\r\nA OK/],
    ['A LIST "" inbox', /^\* LIST \(\\HasNoChildren\) "\/" "INBOX"\r\nA OK/],
    ['A LIST "" "&BBI*"', /^A BAD a mailbox name travels/],
    [
      'A LIST (SPECIAL-USE) "" "*" RETURN (SPECIAL-USE)',
      /^(\* LIST \(\\HasNoChildren \\\w+\) .*\r\n){5}A OK/,
    ],
    [
      'A LIST "" (Sent INBOX) RETURN (STATUS (MESSAGES UNSEEN))',
      /\* STATUS "INBOX" \(MESSAGES 3 UNSEEN 2\)\r\n/,
    ],
    ['A LSUB "" "Pro*"', /^\* LSUB \(\) "\/" "Projects"\r\n\* LSUB \(\) "\/" "Projects\/Glass"\r\nA OK/],
    [
      'A STATUS inbox (MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT HIGHESTMODSEQ)',
      /^\* STATUS "INBOX" \(MESSAGES 3 UIDNEXT 4 UIDVALIDITY \d+ UNSEEN 2 RECENT 3 HIGHESTMODSEQ 4\)\r\n/,
    ],
    [
      'A SELECT &BBIEOARCBEAEOAQ9BDA-',
      /^\* OK \[CLOSED\] .*\r\n\* FLAGS [^]*\* 0 EXISTS\r\n[^]*A OK \[READ-WRITE\]/,
    ],
    [
      `A SELECT "${binary('Витрина')}"`,
      /^A BAD a mailbox name travels in modified UTF-7, here "&BBIEOARCBEAEOAQ9BDA-"/,
    ],
    ['A SELECT Nowhere', /^\* OK \[CLOSED\] .*\r\nA NO \[NONEXISTENT\]/],
    ['A EXAMINE INBOX (CONDSTORE)', /\* OK \[PERMANENTFLAGS \(\)\][^]*HIGHESTMODSEQ 4[^]*A OK \[READ-ONLY\]/],
    ['A CREATE a/b/c', /^A OK/],
    ['A CREATE Sent', /^A NO \[ALREADYEXISTS\]/],
    ['A CREATE "a//b"', /^A NO \[CANNOT\]/],
    ['A DELETE inbox', /^A NO \[CANNOT\]/],
    ['A DELETE Projects', /^A NO \[HASCHILDREN\]/],
    ['A DELETE Projects/Glass', /^A OK/],
    ['A RENAME Projects Work', /^A OK/],
    ['A RENAME INBOX Old', /EXPUNGE\r\nA OK/],
    ['A SUBSCRIBE Nowhere', /^A NO/],
    ['A UNSUBSCRIBE Sent', /^A OK/],
    ['A ENABLE CONDSTORE X', /^\* ENABLED CONDSTORE\r\nA OK/],
    ['A NAMESPACE', /^\* NAMESPACE \(\("" "\/"\)\) NIL NIL\r\nA OK/],
    ['A LOGIN x y', /^A BAD you are logged in already/],
    ['A UID NOOP', /^A BAD there is no command UID NOOP/],
    ['A CHECK', /^A OK/],
    ['A UNSELECT\r\nB FETCH 1 UID', /^A OK .*\r\nB BAD open a mailbox first/],
    ['A NOOP extra', /^A BAD this is more/],
    ['A IDLE\r\nB NOOP', /^\+ .*\r\nA BAD IDLE ends with the line DONE/],
  ];
  for (const [line, reply] of table) {
    it(`answers ${line.slice(0, 90)}`, () => {
      expect(openImap(filled()).lines(line)).toMatch(reply);
    });
  }

  it('gives every octet back', () => {
    const odd = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 256));
    const office = filled();
    office.accounts[0]?.inbox.append(odd, [], NOW);
    const heard = openImap(office).lines('A FETCH 4 BODY.PEEK[]');
    expect(heard).toBe(`* 4 FETCH (BODY[] {3000}\r\n${odd.toString('latin1')})\r\nA OK FETCH completed\r\n`);
  });

  it('changes nothing in a mailbox opened with EXAMINE', () => {
    const office = filled();
    const talk = openImap(office);
    talk.lines('A EXAMINE INBOX');
    for (const line of ['B STORE 1:* +FLAGS (\\Deleted)', 'B EXPUNGE', 'B MOVE 1 Trash'])
      expect(talk.lines(line)).toMatch(/^B NO /);
    expect(talk.lines('C FETCH 2 BODY[TEXT]', 'D CLOSE')).not.toMatch(/Seen/);
    expect(office.accounts[0]?.inbox.messages).toHaveLength(3);
  });

  it('expunges what CLOSE leaves behind, and what UID EXPUNGE names', () => {
    const office = filled();
    const talk = openImap(office);
    expect(talk.lines('A STORE 1:3 +FLAGS.SILENT (\\Deleted)', 'B UID EXPUNGE 2')).toBe(
      'A OK STORE completed\r\n* 2 EXPUNGE\r\nB OK EXPUNGE completed\r\n',
    );
    expect(talk.lines('C CLOSE')).toMatch(/^C OK/);
    expect(office.accounts[0]?.inbox.messages).toHaveLength(0);
  });
});

describe('two sessions in one mailbox', () => {
  it('EXPUNGE waits while sequence numbers are in use (RFC 9051, 7.5.1), and the message can still be read', () => {
    const office = filled();
    const one = openImap(office);
    const two = openImap(office);
    two.lines('A STORE 1 +FLAGS (\\Deleted)', 'B EXPUNGE');
    expect(one.heard()).toBe('');
    expect(one.lines('C FETCH 1 BODY.PEEK[TEXT]')).toBe(
      '* 1 FETCH (BODY[TEXT] {7}\r\nglass\r\n)\r\nC OK FETCH completed\r\n',
    );
    expect(one.lines('D STORE 2 +FLAGS (\\Flagged)')).not.toContain('EXPUNGE');
    expect(one.lines('E SEARCH ALL')).toMatch(/^\* SEARCH 2 3\r\nE OK/);
    expect(one.lines('F COPY 1 Archive')).toMatch(/^\* 1 EXPUNGE\r\nF NO \[EXPUNGEISSUED\]/);
    expect(one.lines('G FETCH 1 UID')).toMatch(/^\* 1 FETCH \(UID 2\)/);
  });

  it('UID FETCH lets EXPUNGE through; flags and new mail come with any command', () => {
    const office = filled();
    const one = openImap(office);
    const two = openImap(office);
    two.lines(
      'A STORE 1 +FLAGS (\\Deleted)',
      'B EXPUNGE',
      'C STORE 1 +FLAGS (\\Answered)',
      'D APPEND INBOX {3+}',
      'x:y',
    );
    expect(one.lines('E UID FETCH 3 UID')).toBe(
      '* 3 FETCH (UID 3)\r\n* 1 EXPUNGE\r\n* 3 EXISTS\r\n* 2 RECENT\r\n* 1 FETCH (UID 2 FLAGS (\\Answered \\Recent))\r\nE OK UID FETCH completed\r\n',
    );
  });

  it('IDLE tells at once', () => {
    const office = filled();
    const one = openImap(office);
    expect(one.lines('A IDLE')).toMatch(/^\+ /);
    office.deliver(mail('Subject: new\n\nx'), 'vera@practice.test');
    expect(one.heard()).toMatch(/^\* 4 EXISTS\r\n\* \d RECENT\r\n$/);
    const two = openImap(office);
    two.lines('B STORE 1 +FLAGS (\\Deleted)');
    expect(one.heard()).toMatch(/^\* 1 FETCH \(UID 1 FLAGS \(\\Seen \\Deleted/);
    two.lines('C EXPUNGE');
    expect(one.heard()).toBe('* 1 EXPUNGE\r\n');
    expect(one.lines('DONE')).toBe('A OK IDLE ended\r\n');
    two.lines('D STORE 1 +FLAGS (\\Seen)');
    expect(one.heard()).toBe('');
  });

  it('only the first session gets \\Recent', () => {
    const office = filled();
    expect(openImap(office).lines('A SEARCH RECENT')).toMatch(/^\* SEARCH 1 2 3/);
    expect(openImap(office).lines('A SEARCH RECENT')).toMatch(/^\* SEARCH\r\n/);
  });
});
