import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Redactor, type RedactedText } from '../../../electron/wire/redact.ts';
import { MASK, type Protocol } from '../../../shared/wire/line.ts';
import { C, everyByte, lines, S, split, whole, type Cut, type Turn } from './dialogue.ts';

const USER = 'vera@example.org';
const binary = (text: string) => Buffer.from(text).toString('latin1');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const quoted = (text: string) => `"${binary(text).replace(/["\\]/gu, '\\$&')}"`;
const literal = (text: string, plus = '') => `{${Buffer.byteLength(text)}${plus}}\r\n`;
const bearer = (token: string) =>
  base64(`n,a=${USER},\x01host=mail.example.org\x01port=993\x01auth=Bearer ${token}\x01\x01`);
const plain = (password: string) => base64(`\0${USER}\0${password}`);

const PASSWORDS = [
  'a',
  'ab',
  'abc',
  'OK',
  'secret',
  'two words',
  ' at the edges ',
  'quo"te\\back',
  'pass{3}',
  'пароль',
  '日本語😀',
  'x'.repeat(300),
];

interface Form {
  about: string;
  protocol: Protocol;
  /** Left out: a password that can't stand in this form. */
  fits?: (password: string) => boolean;
  turns: (password: string) => Turn[];
  /** What a reader sees, whatever the password. */
  seen: string[];
}

const M = MASK;
const isAtom = (password: string) => /^[\w]+$/u.test(password);

const FORMS: readonly Form[] = [
  {
    about: 'IMAP LOGIN with atoms',
    protocol: 'imap',
    fits: isAtom,
    turns: (password) => [
      S(lines('* OK hello')),
      C(lines(`A1 LOGIN ${USER} ${password}`)),
      S(lines('* CAPABILITY IMAP4rev2', 'A1 OK done')),
      C(lines('A2 SELECT INBOX')),
      S(lines('A2 OK')),
    ],
    seen: [
      '* OK hello',
      `A1 LOGIN ${USER} ${M}`,
      '* CAPABILITY IMAP4rev2',
      'A1 OK done',
      'A2 SELECT INBOX',
      'A2 OK',
    ],
  },
  {
    about: 'IMAP LOGIN with quoted strings',
    protocol: 'imap',
    turns: (password) => [
      C(lines(`A1 login "ve\\"ra" ${quoted(password)}`)),
      S(lines('A1 NO wrong')),
      C(lines('A2 NOOP')),
    ],
    seen: [`A1 login "ve\\"ra" ${M}`, 'A1 NO wrong', 'A2 NOOP'],
  },
  {
    about: 'IMAP LOGIN with a literal password',
    protocol: 'imap',
    turns: (password) => [
      C(`A1 LOGIN ${USER} ${literal(password)}`),
      S(lines('+ ')),
      C(`${binary(password)}\r\n`),
      S(lines('A1 OK')),
      C(lines('A2 NOOP')),
    ],
    seen: [`A1 LOGIN ${USER} #`, '+ ', M, '', 'A1 OK', 'A2 NOOP'],
  },
  {
    about: 'IMAP LOGIN with two literals at once',
    protocol: 'imap',
    turns: (password) => [
      C(`A1 LOGIN ${literal(USER, '+')}${USER} ${literal(password, '+')}${binary(password)}\r\n`),
      S(lines('A1 OK')),
      C(lines('A2 NOOP')),
    ],
    seen: ['A1 LOGIN #', M, `${M}#`, M, '', 'A1 OK', 'A2 NOOP'],
  },
  {
    about: 'IMAP AUTHENTICATE PLAIN at once',
    protocol: 'imap',
    turns: (password) => [
      C(lines(`A1 AUTHENTICATE PLAIN ${plain(password)}`)),
      S(lines('A1 OK [CAPABILITY IDLE] in')),
      C(lines('A2 IDLE')),
      S(lines('+ idling')),
      C(lines('DONE')),
    ],
    seen: [`A1 AUTHENTICATE PLAIN ${M}`, 'A1 OK [CAPABILITY IDLE] in', 'A2 IDLE', '+ idling', 'DONE'],
  },
  {
    about: 'IMAP AUTHENTICATE PLAIN in two steps',
    protocol: 'imap',
    turns: (password) => [
      C(lines('A1 AUTHENTICATE PLAIN')),
      S(lines('+ ')),
      C(lines(plain(password))),
      S(lines('A1 OK')),
      C(lines('A2 NOOP')),
    ],
    seen: ['A1 AUTHENTICATE PLAIN', '+ ', M, 'A1 OK', 'A2 NOOP'],
  },
  {
    about: 'IMAP AUTHENTICATE LOGIN in many steps',
    protocol: 'imap',
    turns: (password) => [
      C(lines('A1 AUTHENTICATE LOGIN')),
      S(lines('+ VXNlcm5hbWU6')),
      C(lines(base64(USER))),
      S(lines('* BYE not really', '+ UGFzc3dvcmQ6')),
      C(lines(base64(password))),
      S(lines('A1 NO wrong')),
      C(lines('A2 LOGOUT')),
    ],
    seen: [
      'A1 AUTHENTICATE LOGIN',
      '+ VXNlcm5hbWU6',
      M,
      '* BYE not really',
      '+ UGFzc3dvcmQ6',
      M,
      'A1 NO wrong',
      'A2 LOGOUT',
    ],
  },
  {
    about: 'IMAP AUTHENTICATE CRAM-MD5',
    protocol: 'imap',
    turns: (password) => [
      C(lines('A1 AUTHENTICATE CRAM-MD5')),
      S(lines(`+ ${base64('<1.2@host>')}`)),
      C(lines(base64(`${USER} ${createHmac('md5', password).update('<1.2@host>').digest('hex')}`))),
      S(lines('A1 OK')),
      C(lines('A2 NOOP')),
    ],
    seen: ['A1 AUTHENTICATE CRAM-MD5', `+ ${M}`, M, 'A1 OK', 'A2 NOOP'],
  },
  {
    about: 'IMAP AUTHENTICATE SCRAM-SHA-256',
    protocol: 'imap',
    turns: (password) => [
      C(lines(`A1 AUTHENTICATE SCRAM-SHA-256 ${base64(`n,,n=${USER},r=abc`)}`)),
      S(lines(`+ ${base64('r=abcdef,s=c2FsdA==,i=4096')}`)),
      C(lines(base64(`c=biws,r=abcdef,p=${createHash('sha256').update(password).digest('base64')}`))),
      S(lines(`+ ${base64(`v=${createHash('sha256').update(`${password}!`).digest('base64')}`)}`)),
      C(lines('')),
      S(lines('A1 OK')),
      C(lines('A2 NOOP')),
    ],
    seen: [`A1 AUTHENTICATE SCRAM-SHA-256 ${M}`, `+ ${M}`, M, `+ ${M}`, '', 'A1 OK', 'A2 NOOP'],
  },
  {
    about: 'IMAP AUTHENTICATE OAUTHBEARER, refused',
    protocol: 'imap',
    turns: (token) => [
      C(lines(`A1 AUTHENTICATE OAUTHBEARER ${bearer(token)}`)),
      S(lines(`+ ${base64(`{"status":"invalid_token","seen":"${token}"}`)}`)),
      C(lines('AQ==')),
      S(lines('A1 NO')),
      C(lines('A2 NOOP')),
    ],
    seen: [`A1 AUTHENTICATE OAUTHBEARER ${M}`, `+ ${M}`, M, 'A1 NO', 'A2 NOOP'],
  },
  {
    about: 'IMAP AUTHENTICATE XOAUTH2 in two steps',
    protocol: 'imap',
    turns: (token) => [
      C(lines('A1 AUTHENTICATE XOAUTH2')),
      S(lines('+ ')),
      C(lines(base64(`user=${USER}\x01auth=Bearer ${token}\x01\x01`))),
      S(lines('A1 OK')),
      C(lines('A2 NOOP')),
    ],
    seen: ['A1 AUTHENTICATE XOAUTH2', '+ ', M, 'A1 OK', 'A2 NOOP'],
  },
  {
    about: 'POP3 AUTH SCRAM-SHA-256',
    protocol: 'pop3',
    turns: (password) => [
      C(lines('AUTH SCRAM-SHA-256')),
      S(lines('+ ')),
      C(lines(base64(`n,,n=${USER},r=abc`))),
      S(lines(`+ ${base64('r=abcdef,s=c2FsdA==,i=4096')}`)),
      C(lines(base64(`c=biws,r=abcdef,p=${createHash('sha256').update(password).digest('base64')}`))),
      S(lines(`+ ${base64(`v=${createHash('sha256').update(`${password}!`).digest('base64')}`)}`)),
      C(lines('')),
      S(lines('+OK')),
      C(lines('STAT')),
    ],
    seen: ['AUTH SCRAM-SHA-256', '+ ', M, `+ ${M}`, M, `+ ${M}`, '', '+OK', 'STAT'],
  },
  {
    about: 'POP3 USER and PASS',
    protocol: 'pop3',
    turns: (password) => [
      S(lines('+OK hello')),
      C(lines(`USER ${USER}`)),
      S(lines('+OK')),
      C(lines(`pass ${binary(password)}`)),
      S(lines('+OK in')),
      C(lines('STAT')),
      S(lines('+OK 1 2')),
    ],
    seen: ['+OK hello', `USER ${USER}`, '+OK', `pass ${M}`, '+OK in', 'STAT', '+OK 1 2'],
  },
  {
    about: 'POP3 AUTH PLAIN at once',
    protocol: 'pop3',
    turns: (password) => [
      S(lines('+OK hello')),
      C(lines(`AUTH PLAIN ${plain(password)}`)),
      S(lines('-ERR no')),
      C(lines('QUIT')),
    ],
    seen: ['+OK hello', `AUTH PLAIN ${M}`, '-ERR no', 'QUIT'],
  },
  {
    about: 'POP3 AUTH PLAIN in two steps',
    protocol: 'pop3',
    turns: (password) => [
      S(lines('+OK hello')),
      C(lines('AUTH PLAIN')),
      S(lines('+ ')),
      C(lines(plain(password))),
      S(lines('+OK')),
      C(lines('UIDL')),
      S(lines('+OK', '1 x', '.')),
    ],
    seen: ['+OK hello', 'AUTH PLAIN', '+ ', M, '+OK', 'UIDL', '+OK', '1 x', '.'],
  },
  {
    about: 'POP3 APOP',
    protocol: 'pop3',
    turns: (password) => [
      S(lines('+OK <1.2@host>')),
      C(lines(`APOP ${USER} ${createHash('md5').update(`<1.2@host>${password}`).digest('hex')}`)),
      S(lines('+OK')),
      C(lines('STAT')),
    ],
    seen: ['+OK <1.2@host>', `APOP ${USER} ${M}`, '+OK', 'STAT'],
  },
  {
    about: 'SMTP AUTH PLAIN at once',
    protocol: 'smtp',
    turns: (password) => [
      S(lines('220 hi')),
      C(lines('EHLO x')),
      S(lines('250-AUTH PLAIN', '250 OK')),
      C(lines(`AUTH PLAIN ${plain(password)}`)),
      S(lines('235 in')),
      C(lines('MAIL FROM:<vera@example.org>')),
    ],
    seen: [
      '220 hi',
      'EHLO x',
      '250-AUTH PLAIN',
      '250 OK',
      `AUTH PLAIN ${M}`,
      '235 in',
      'MAIL FROM:<vera@example.org>',
    ],
  },
  {
    about: 'SMTP AUTH PLAIN in two steps',
    protocol: 'smtp',
    turns: (password) => [
      C(lines('AUTH PLAIN')),
      S(lines('334 ')),
      C(lines(plain(password))),
      S(lines('535-no', '535 really no')),
      C(lines('QUIT')),
    ],
    seen: ['AUTH PLAIN', '334 ', M, '535-no', '535 really no', 'QUIT'],
  },
  {
    about: 'SMTP AUTH LOGIN',
    protocol: 'smtp',
    turns: (password) => [
      C(lines('AUTH LOGIN')),
      S(lines('334 VXNlcm5hbWU6')),
      C(lines(base64(USER))),
      S(lines('334 UGFzc3dvcmQ6')),
      C(lines(base64(password))),
      S(lines('235 in')),
      C(lines('DATA')),
      S(lines('354 go')),
      C(lines('Subject: x', '', 'body', '.')),
      S(lines('250 ok')),
    ],
    seen: [
      'AUTH LOGIN',
      '334 VXNlcm5hbWU6',
      M,
      '334 UGFzc3dvcmQ6',
      M,
      '235 in',
      'DATA',
      '354 go',
      'Subject: x\r\n\r\nbody\r\n',
      '.',
      '250 ok',
    ],
  },
  {
    about: 'SMTP AUTH CRAM-MD5',
    protocol: 'smtp',
    turns: (password) => [
      C(lines('AUTH CRAM-MD5')),
      S(lines(`334 ${base64('<1.2@host>')}`)),
      C(lines(base64(`${USER} ${createHmac('md5', password).update('<1.2@host>').digest('hex')}`))),
      S(lines('235 in')),
      C(lines('RSET')),
    ],
    seen: ['AUTH CRAM-MD5', `334 ${M}`, M, '235 in', 'RSET'],
  },
];

function redacted(protocol: Protocol, turns: readonly Turn[], cut: Cut, secrets: string[]): RedactedText[] {
  const redactor = new Redactor(protocol, secrets, USER);
  return split(protocol, turns, cut).map((piece) => redactor.redact(piece));
}

/** Every form of a password that could be read back. */
function leaks(password: string): string[] {
  return [
    password,
    binary(password),
    quoted(password).slice(1, -1),
    base64(password),
    plain(password),
    base64(`${USER}\0${USER}\0${password}`),
  ].filter((form) => form.length > 3);
}

function expectNoLeak(found: readonly RedactedText[], password: string): void {
  for (const { text, masks } of found) {
    for (const leak of leaks(password)) expect(text).not.toContain(leak);
    expect(text.split(MASK)).toHaveLength(masks.length + 1);
    expect(masks.map((mask) => text.slice(mask.at, mask.at + MASK.length))).toEqual(masks.map(() => MASK));
  }
}

/** The same packets each time the tests run. */
function packets(seed: number): Cut {
  let state = seed * 2_654_435_761 + 1;
  const next = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return (text) => {
    const parts: string[] = [];
    for (let at = 0; at < text.length;) {
      const size = 1 + next(seed % 3 === 0 ? 4 : 30);
      parts.push(text.slice(at, at + size));
      at += size;
    }
    return parts;
  };
}

describe.each(FORMS)('$about', ({ protocol, fits, turns, seen }) => {
  const fitting = PASSWORDS.filter((password) => fits?.(password) ?? true);

  it.each(fitting)('hides %j and nothing else', (password) => {
    for (const cut of [whole, everyByte, ...Array.from({ length: 30 }, (_one, seed) => packets(seed))]) {
      const found = redacted(protocol, turns(password), cut, [password]);
      // A literal's size differs with the password; it must be there.
      expect(found.map((one) => one.text.replace(/\{\d+\+?\}$/u, '#'))).toEqual(seen);
      expectNoLeak(found, password);
    }
  });

  it('is hidden by the dialogue even when nobody knows the password', () => {
    const found = redacted(protocol, turns('hunter2'), packets(7), []);
    expect(found.map((one) => one.text.replace(/\{\d+\+?\}$/u, '#'))).toEqual(seen);
    expectNoLeak(found, 'hunter2');
  });

  it('shows nothing of a password that was cut off by the end', () => {
    const all = turns('hunter2');
    for (let count = 1; count <= all.length; count += 1) {
      const last = all[count - 1];
      if (!last) break;
      for (let length = 0; length < last[1].length; length += 1) {
        const begun = [...all.slice(0, count - 1), [last[0], last[1].slice(0, length)] as const];
        for (const { text } of redacted(protocol, begun, whole, []))
          expect(text).not.toMatch(/hunt|aHVu|h1bnRl|odW50/u);
      }
    }
  });
});

describe('a hostile server', () => {
  const password = 'correct horse';

  it.each<[Protocol, string]>([
    ['imap', `* NO you said ${password}`],
    ['imap', `A1 NO ${base64(password)} is wrong`],
    ['imap', `* BAD ${plain(password)}`],
    ['pop3', `-ERR "${password}" is wrong`],
    ['smtp', `535 5.7.8 ${plain(password)} is wrong`],
    ['smtp', `535 5.7.8 ${password} ${password}${password}`],
  ])('%s: an echo is masked: %s', (protocol, line) => {
    const found = redacted(protocol, [S(lines('+OK', line))], whole, [password]);
    expectNoLeak(found, password);
    expect(found.at(-1)?.text).toMatch(/^(\* |A1 |-ERR|535)/u);
  });

  it('masks an echo in a message too', () => {
    const body = `Subject: ${password}\r\n`;
    const found = redacted('imap', [S(`* 1 FETCH (BODY[] {${body.length}}\r\n${body})\r\n`)], whole, [
      password,
    ]);
    expect(found[1]?.text).toBe(`Subject: ${MASK}\r\n`);
    expectNoLeak(found, password);
  });

  it('masks a non-ASCII echo among bytes that are no text', () => {
    const found = redacted('pop3', [S(`-ERR ${binary('пароль')} \xff\r\n`)], whole, ['пароль']);
    expectNoLeak(found, 'пароль');
    expect(found[0]?.text).toBe(`-ERR ${MASK} \xff`);
  });

  it('puts the masks where they are, two kinds in one line', () => {
    const found = redacted(
      'pop3',
      [C(lines(`PASS ${password}`)), S(lines(`-ERR no ${password}, ${plain(password)}, sorry`))],
      whole,
      [password],
    );
    expect(found.map((one) => one.text)).toEqual([`PASS ${MASK}`, `-ERR no ${MASK}, ${MASK}, sorry`]);
    expect(found[1]?.masks).toEqual([
      { at: 8, min: 9, max: 16 },
      { at: 18, min: 33, max: 64 },
    ]);
  });

  it('gains nothing by answering before it was told', () => {
    const short = 'xyz';
    const early: [Protocol, Turn[]][] = [
      ['imap', [C(`A1 LOGIN vera ${literal(short)}`), S(lines('+ go', 'A1 NO')), C(`${short}\r\n`)]],
      ['imap', [C(lines('A1 AUTHENTICATE PLAIN')), S(lines('+ ', 'A1 OK')), C(lines(plain(short)))]],
      [
        'imap',
        [C(lines('A1 AUTHENTICATE LOGIN')), S(lines('+ x', '+ y', 'A1 OK')), C(lines('dQ==', base64(short)))],
      ],
      ['pop3', [S(lines('+OK')), C(lines('AUTH PLAIN')), S(lines('+ ', '+OK')), C(lines(plain(short)))]],
      ['smtp', [C(lines('AUTH LOGIN')), S(lines('334 x', '334 y', '235')), C(lines('dQ==', base64(short)))]],
      ['smtp', [C(lines('AUTH PLAIN')), S(lines('334 ', '535 no')), C(lines(plain(short)))]],
      ['smtp', [S(lines('220', '354 go')), C(lines(`AUTH PLAIN ${plain(short)}`))]],
    ];
    for (const [protocol, turns] of early) {
      const found = redacted(protocol, turns, whole, []);
      const texts = found.map((one) => one.text).join('\n');
      for (const leak of [short, base64(short), plain(short)]) expect(texts).not.toContain(leak);
    }
  });

  it('gains nothing by refusing a literal', () => {
    const turns = [C('A1 LOGIN {30}\r\n'), S(lines('A1 NO')), C(lines('A2 LOGIN vera hunter2'))];
    const found = redacted('imap', turns, whole, []);
    expect(found.map((one) => one.text)).toEqual(['A1 LOGIN {30}', 'A1 NO', `A2 LOGIN vera ${MASK}`]);
  });

  it('gains nothing by a literal that looks like an answer', () => {
    const turns = [C(lines('A1 AUTHENTICATE PLAIN')), S('* X {5}\r\nA1 OK\r\n'), C(lines(plain('xyz')))];
    expect(redacted('imap', turns, whole, []).at(-1)?.text).toBe(MASK);
  });

  it('gains nothing by hiding a secret before a prompt that is shown', () => {
    const turns = [C(lines('AUTH LOGIN')), S(lines('334 c2VjcmV0UGFzc3dvcmQ6'))];
    expect(redacted('smtp', turns, whole, [])[1]?.text).toBe(`334 ${MASK}`);
  });

  it.each<[Protocol, Turn[]]>([
    ['imap', [C(lines('A LOGIN vera "two \\"words\\""')), S(lines('A NO two "words" is wrong'))]],
    ['imap', [C(lines(`A AUTHENTICATE PLAIN ${plain('two words')}`)), S(lines('A NO not two words'))]],
    ['pop3', [S(lines('+OK')), C(lines('PASS two words')), S(lines('-ERR two words?'))]],
    [
      'smtp',
      [
        C(lines('AUTH LOGIN')),
        S(lines('334 UGFzc3dvcmQ6')),
        C(lines(base64('two words'))),
        S(lines('535 two words')),
      ],
    ],
    [
      'smtp',
      [
        C(lines(`AUTH XOAUTH2 ${base64('user=vera\x01auth=Bearer two words\x01\x01')}`)),
        S(lines('535 two words')),
      ],
    ],
  ])('%s: repeats in vain what a person typed', (protocol, turns) => {
    const found = redacted(protocol, turns, whole, []);
    expect(found.map((one) => one.text).join('\n')).not.toMatch(/two.*words/u);
    expect(found.at(-1)?.text).toContain(MASK);
  });

  it('knows a secret in the middle of any base64', () => {
    const token = 'ya29.a0AfH6SMBx-Zq';
    for (const before of ['', 'x', 'xy', 'xyz']) {
      for (const after of ['', 'x', 'xy', 'xyz']) {
        const text = base64(`${before}${token}${after}`);
        const shown = new Redactor('imap', [token], USER).known(`* OK you said ${text}`).text;
        // Three characters at either end are shared with the neighbours.
        expect(shown.replace(MASK, '').length).toBeLessThanOrEqual('* OK you said '.length + 14);
        expect(shown).toContain(MASK);
      }
    }
  });

  it('knows the SASL forms of a short password as well', () => {
    const found = redacted('smtp', [S(lines(`535 ${plain('abc')}`))], whole, ['abc']);
    expect(found[0]?.text).toBe(`535 ${MASK}`);
  });
});

describe('sizes', () => {
  it('are told in classes', () => {
    const size = (length: number) => {
      const found = redacted('pop3', [C(lines(`PASS ${'x'.repeat(length)}`))], whole, []);
      return found[0]?.masks.map(({ min, max }) => [min, max]);
    };
    expect(size(1)).toEqual([[1, 8]]);
    expect(size(8)).toEqual([[1, 8]]);
    expect(size(9)).toEqual([[9, 16]]);
    expect(size(5000)).toEqual([[4097, Number.MAX_SAFE_INTEGER]]);
  });
});

describe('a line is shown byte for byte', () => {
  it('as UTF-8, or else as Latin-1', () => {
    const found = redacted('smtp', [S(`220 ${binary('Привет')}\r\n220 caf\xe9\u0000\u001b\r\n`)], whole, []);
    expect(found.map((one) => one.text)).toEqual(['220 Привет', '220 café\u0000\u001b']);
  });
});
