// What IMAP says of a message must not depend on the server: Dovecot and the practice server are asked the same of the
// same letters. Where RFC 3501 leaves room, or Dovecot does not do what it says, the reason stands below.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lettersForOleg, lettersForVera } from '../../../electron/practice/sample/seed.ts';
import { mailServer } from '../../server/mail-server.ts';
import { practiceServer, type EngineServer } from '../../server/practice-server.ts';
import { NOW, binary, mail } from './talk.ts';
import { Wire } from './wire.ts';

/** Its place in the list below. */
const NO_BODY = 2;
const MULTIPART = `Date: Mon, 7 Feb 2000 21:52:25 +0000
Content-Type: multipart/mixed; boundary=b

before
--b
Content-Type: message/rfc822

From: x@y
Subject: inner
Content-Type: multipart/alternative; boundary=c

--c

one
--c
Content-Type: text/html; charset="utf-8"
Content-Disposition: inline

<b>
--c--

--b
Content-Type: application/pdf; name="a b.pdf"
Content-Transfer-Encoding: base64
Content-Description: a thing
Content-ID: <q@q>
Content-MD5: abc==
Content-Language: en, de
Content-Location: http://x/
Content-Disposition: attachment; filename*=utf-8''%d1%84.pdf

AAAA
--b--
after
`;
const ADDRESSES = `From: "Doe, John" <john@example.org>, =?utf-8?q?J=C3=B6rg?= <j@x.org>
To: friends: a@b.c, "B" <b@c.d>;, undisclosed-recipients:;
Cc: (comment) x@y.z (Name)
Sender: s@s.s
Reply-To: <r@r.r>
Bcc: b@b.b
In-Reply-To: <1@2>
Message-ID: <3@4>
Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
Subject: folded
 subject "quoted" \\ back

hi
`;
const ODD = [
  MULTIPART,
  ADDRESSES,
  'Subject: no body\nDate: Mon, 7 Feb 2000 00:00:00 +0000\n',
  'Subject: 8bit ф\nDate: Mon, 7 Feb 2000 00:00:00 +0000\n\nbody\n\n\n',
  'From: root@localhost\nFrom: second@x.y\nTo: a@b.c\nTo: d@e.f\nDate: 1 Jan 2001 00:00 GMT\n\nx',
  'Content-Type: text/plain; charset=koi8-r; format=flowed\nContent-Transfer-Encoding: QUOTED-PRINTABLE\nContent-Disposition: attachment;\n filename="x.txt"; size=10\nDate: 1 Jan 2001 00:00 GMT\n\n=F0\n',
].map(mail);
const LETTERS = [...[...lettersForVera(NOW), ...lettersForOleg(NOW)].map(({ raw }) => raw), ...ODD];

const ITEMS = `FAST|ENVELOPE|BODYSTRUCTURE|BODY|RFC822|RFC822.HEADER|RFC822.TEXT|BODY.PEEK[]|BODY.PEEK[HEADER]
BODY.PEEK[TEXT]|BODY.PEEK[1]|BODY.PEEK[1.MIME]|BODY.PEEK[2]|BODY.PEEK[2.MIME]|BODY.PEEK[1.HEADER]|BODY.PEEK[1.TEXT]
BODY.PEEK[1.2]|BODY.PEEK[1.2.MIME]|BODY.PEEK[HEADER.FIELDS (To from Nope)]|BODY.PEEK[HEADER.FIELDS.NOT (To FROM)]
BODY.PEEK[]<5.20>`.split(/[|\n]/);

const SEARCHES =
  `ALL|SEEN|UNSEEN|ANSWERED|DRAFT|FLAGGED|KEYWORD x|UNKEYWORD x|1:3,5|UID 2:4|*|SUBJECT glass|FROM "Doe"
TO friends|CC Name|BCC b@b.b|HEADER Message-ID ""|BODY "<p"|HEADER Content-Type koi8|TEXT inner|TEXT "quoted"
NOT SUBJECT e|OR FROM oleg FROM lena|SENTON 7-Feb-1994|SENTBEFORE 1-Jan-2000|SENTSINCE 1-Nov-2026|ON 17-Jul-2026
SINCE 18-Jul-2026|BEFORE 17-Jul-2026|LARGER 2000|SMALLER 100|(FROM lena SUBJECT glass) SEEN|UID 5:* NOT 7:*
CHARSET UTF-8 SUBJECT "Смета"|CHARSET UTF-8 TEXT "стекло"|CHARSET UTF-8 BODY "Спасибо"`.split(/[|\n]/);

/**
 * The answer with every string as a JSON string: literal and quoted are two ways to write the same (RFC 3501, section
 * 4.3). A part that is not there is an empty string for Dovecot and NIL for us ("non-existent", section 4.5).
 */
function withoutDress(answer: string): string {
  let out = '';
  for (let at = 0; at < answer.length;) {
    const rest = answer.slice(at);
    const literal = /^\{(\d+)\}\r\n/.exec(rest);
    const quoted = literal ? null : /^"(?:[^"\\]|\\.)*"/.exec(rest);
    if (literal) {
      const size = Number(literal[1]);
      const start = literal[0].length;
      out += size === 0 ? 'NIL' : JSON.stringify(rest.slice(start, start + size));
      at += start + size;
    } else if (quoted) {
      out += JSON.stringify(quoted[0].slice(1, -1).replace(/\\(.)/g, '$1'));
      at += quoted[0].length;
    } else {
      out += answer[at++] ?? '';
    }
  }
  return out;
}

/** Answers to commands given by hand, without their tagged line. */
class Asker {
  #wire: Wire;
  #count = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  async ask(command: string): Promise<string> {
    const tag = `T${++this.#count}`;
    this.#wire.say(`${tag} ${command}\r\n`);
    const heard = await this.#wire.hear(new RegExp(`(^|\\r\\n)${tag} .*\\r\\n$`));
    const end = heard.lastIndexOf(`${tag} OK `);
    if (end < 0) throw new Error(`${command}: ${heard}`);
    return heard.slice(0, end);
  }
}

let practice: EngineServer;
let both: readonly [Asker, Asker];
beforeAll(async () => {
  const dovecot = await mailServer();
  practice = await practiceServer();
  const open = async (server: Pick<EngineServer, 'ports' | 'newUser'>): Promise<Asker> => {
    const user = server.newUser();
    const wire = await Wire.dial(server.ports.imap);
    await wire.hear(/\r\n/);
    const asker = new Asker(wire);
    await asker.ask(`LOGIN ${user.email} ${user.password}`);
    for (const [at, raw] of LETTERS.entries()) {
      const text = Buffer.from(raw).toString('latin1');
      const flags = at % 3 === 0 ? '(\\Flagged)' : '(\\Seen)';
      await asker.ask(`APPEND INBOX ${flags} "17-Jul-2026 02:44:25 +0000" {${text.length}+}\r\n${text}`);
    }
    await asker.ask('SELECT INBOX');
    return asker;
  };
  both = [await open(dovecot), await open(practice)];
});
afterAll(() => practice.stop());

async function answers(command: string): Promise<{ theirs: string; ours: string }> {
  const heard = await Promise.all(
    // Dovecot tells of keywords that it is asked for.
    both.map(async (asker) => (await asker.ask(command)).replace(/^\* (?:FLAGS|OK) .*\r\n/gm, '')),
  );
  const [theirs = '', ours = ''] = heard.map(withoutDress);
  return { theirs, ours };
}

describe('Dovecot and the practice server say the same', () => {
  it.each(ITEMS)('FETCH %s', async (item) => {
    for (let number = 1; number <= LETTERS.length; number++) {
      // A header without an empty line after it has none when it is cut either (RFC 3501, section 6.4.5); Dovecot adds it.
      if (item.includes('HEADER.FIELDS (') && number === LETTERS.length - ODD.length + NO_BODY + 1) continue;
      const { theirs, ours } = await answers(`FETCH ${number} ${item === 'FAST' ? item : `(${item})`}`);
      expect(ours).toBe(theirs);
    }
  });

  it.each(SEARCHES)('SEARCH %s', async (keys) => {
    const { theirs, ours } = await answers(`SEARCH ${binary(keys)}`);
    expect(ours).toBe(theirs);
  });
});
