import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK, type Protocol, type WireLine } from '../../../shared/wire/line.ts';
import { explain, linesOf } from './script.ts';

const PROTOCOLS = ['imap', 'pop3', 'smtp'] as const;

/** The explanations of a script's lines, one language. */
function said(protocol: Protocol, script: string, language: 'en' | 'ru' = 'en'): string[] {
  return explain(protocol, linesOf(script), language).map(({ explanation }) => explanation.text);
}
const last = (protocol: Protocol, script: string, language: 'en' | 'ru' = 'en') =>
  said(protocol, script, language).at(-1) ?? '';
const lastWhole = (protocol: Protocol, script: string) =>
  explain(protocol, linesOf(script), 'en').at(-1)?.explanation;

describe('an explanation', () => {
  it('names the argument, where it is written down and what it answers', () => {
    const [hello, command, reply] = explain(
      'smtp',
      linesOf('S: 220 mx.example.org ESMTP\nC: RCPT TO:<vera@example.org>\nS: 550 5.1.1 no such user'),
      'en',
    ).map((one) => one.explanation);
    expect(hello?.text).toContain('“mx.example.org”');
    expect(command).toEqual({
      text: 'The letter goes to “vera@example.org”.',
      rfc: { number: 5321, section: '4.1.1.3' },
      specific: true,
    });
    expect(reply).toEqual({
      text: 'The recipient is refused. There is no such mailbox there.',
      rfc: { number: 3463, section: '3.2' },
      outcome: 'refused',
      answers: 2,
      specific: true,
    });
  });

  it('tells a refusal from a delay', () => {
    const at = (reply: string) => lastWhole('smtp', `S: 220 hi\nC: MAIL FROM:<a@b>\nS: ${reply}`)?.outcome;
    expect(at('250 ok')).toBe('ok');
    expect(at('451 4.3.0 later')).toBe('failed');
    expect(at('553 no')).toBe('refused');
    const login = (reply: string) =>
      lastWhole('imap', `S: * OK hi\nC: a LOGIN x ${MASK}\nS: a ${reply}`)?.outcome;
    expect(login('NO [AUTHENTICATIONFAILED] no')).toBe('refused');
    expect(login('NO [UNAVAILABLE] later')).toBe('failed');
    expect(lastWhole('pop3', `S: +OK hi\nC: PASS ${MASK}\nS: -ERR [SYS/TEMP] later`)?.outcome).toBe('failed');
  });

  it('gives a hint with a refused login', () => {
    for (const [protocol, script] of [
      ['imap', `S: * OK\nC: a LOGIN x ${MASK}\nS: a NO [AUTHENTICATIONFAILED] no`],
      ['pop3', `S: +OK\nC: PASS ${MASK}\nS: -ERR [AUTH] no`],
      ['smtp', `S: 220 hi\nC: AUTH PLAIN ${MASK}\nS: 535 5.7.8 no`],
    ] as const)
      expect(lastWhole(protocol, script)?.hint).toContain('password made for programs');
  });

  it.each([
    ['smtp', 'FROBNICATE', 'RFC 5321'],
    ['pop3', 'FROBNICATE', 'RFC 1939'],
    ['imap', 'a FROBNICATE x', 'RFC 9051'],
    ['imap', 'a UID FROBNICATE x', 'RFC 9051'],
  ] as const)('of an unknown command is honest: %s %s', (protocol, command, standard) => {
    const told = lastWhole(protocol, `C: ${command}`);
    expect(told?.specific).toBe(false);
    expect(told?.text).toMatch(/^“(?:UID )?FROBNICATE” is not a command of/u);
    expect(told?.text).toContain(standard);
  });

  it('of what is no line of the protocol says so', () => {
    expect(lastWhole('smtp', 'S: HTTP/1.1 400 Bad Request')?.specific).toBe(false);
    expect(lastWhole('pop3', 'S: * OK imap')?.specific).toBe(false);
    expect(lastWhole('imap', 'S: 220 smtp')?.specific).toBe(false);
  });
});

describe('SMTP', () => {
  it('answers come in the order of the commands when they are sent together', () => {
    const lines = explain(
      'smtp',
      linesOf('S: 220 hi\nC: MAIL FROM:<a@b>\nC: RCPT TO:<c@d>\nC: DATA\nS: 250 ok\nS: 550 no\nS: 354 go'),
      'en',
    );
    expect(lines.slice(4).map(({ explanation }) => explanation.answers)).toEqual([2, 3, 4]);
  });

  it.each([
    ['SIZE 1048576', '1.0 MB', '1,0 МБ'],
    ['AUTH PLAIN XOAUTH2', 'a token of the mail provider', 'токен почтовой службы'],
    ['LIMITS RCPTMAX=100', 'RCPTMAX=100', 'RCPTMAX=100'],
    ['X-OWN', 'X-OWN', 'X-OWN'],
  ])('EHLO offers %s', (keyword, en, ru) => {
    const script = `S: 220 hi\nC: EHLO x\nS: 250-host\nS: 250 ${keyword}`;
    expect(last('smtp', script)).toContain(en);
    expect(last('smtp', script, 'ru')).toContain(ru);
  });

  it('reads base64 that holds no secret', () => {
    const script = `S: 220 hi\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: ${MASK}\nS: 334 UGFzc3dvcmQ6`;
    expect(said('smtp', script)[2]).toContain('“Username:”');
    expect(last('smtp', script)).toContain('“Password:”');
    const token = Buffer.from('{"status":"401"}').toString('base64');
    expect(last('smtp', `S: 220 hi\nC: AUTH XOAUTH2 ${MASK}\nS: 334 ${token}`)).toContain('{"status":"401"}');
    expect(last('smtp', `S: 220 hi\nC: AUTH CRAM-MD5\nS: 334 ${MASK}`)).toContain('hidden here');
  });

  it('says how large a letter is and what it is about', () => {
    const script = 'S: 220 hi\nC: DATA\nS: 354 go\nC| 2000 Subject: =?utf-8?B?0J/RgNC40LLQtdGC?=\\n\\nx';
    expect(last('smtp', script)).toContain('2.0 KB');
    expect(last('smtp', script)).toContain('“Привет”');
  });

  it('a 421 out of the blue ends the connection', () => {
    expect(lastWhole('smtp', 'S: 220 hi\nS: 421 4.4.2 idle')).toMatchObject({
      specific: true,
      outcome: 'failed',
    });
  });
});

describe('POP3', () => {
  it.each([
    ['RETR 7', 'Fetches message 7 whole.', 'Забирает письмо 7 целиком.'],
    ['TOP 3 10', 'message 3 and the first lines of its text: 10', 'письма 3 и начало текста, строк: 10'],
    ['LIST', 'every message', 'каждого письма'],
    ['LIST 4', 'message 4', 'письма 4'],
    ['APOP vera x', '“vera”', '«vera»'],
    ['AUTH CRAM-MD5', 'a hash of it', 'его хеш'],
  ])('%s', (command, en, ru) => {
    expect(last('pop3', `S: +OK\nC: ${command}`)).toContain(en);
    expect(last('pop3', `S: +OK\nC: ${command}`, 'ru')).toContain(ru);
  });

  it.each([
    [
      'STAT',
      '+OK 21 123456',
      '21 messages in the mailbox, 121 KB together.',
      '21 письмо в ящике, вместе 121 КБ.',
    ],
    ['STAT', '+OK 1 5', '1 message in the mailbox, 5 bytes together.', '1 письмо в ящике, вместе 5 байт.'],
    ['UIDL 2', '+OK 2 abc', 'Message 2 has the lasting name “abc”.', 'Постоянное имя письма 2 — «abc».'],
  ])('%s is answered by %s', (command, answer, en, ru) => {
    const script = `S: +OK\nC: ${command}\nS: ${answer}`;
    expect(last('pop3', script)).toBe(en);
    expect(last('pop3', script, 'ru')).toBe(ru);
  });
});

describe('IMAP', () => {
  it.each([
    ['SELECT "Two words"', '“Two words”', '«Two words»'],
    ['CREATE &BBIEOARCBEAEOAQ9BDA-', '“Витрина”', '«Витрина»'],
    [
      'FETCH 1:50 (UID FLAGS BODY.PEEK[HEADER.FIELDS (FROM TO)])',
      'messages 1 to 50: UID; flags; the header fields From, To',
      'письма 1–50: UID; флаги; поля заголовка From, To',
    ],
    [
      'UID FETCH 7 BODY[2.1]<0.50>',
      'the message with UID 7: part 2.1 (50 bytes from byte 0), which marks it as read',
      'письмо с UID 7: часть 2.1',
    ],
    ['FETCH 12:* FAST', 'the messages from 12 on', 'письма начиная с 12'],
    [
      'UID STORE 5,7 -FLAGS (\\Seen)',
      'Takes flags away (read): messages 5, 7 (by UID)',
      'Снимает флаги (прочитано): письма 5, 7 (по UID)',
    ],
    [
      'STORE 1 (UNCHANGEDSINCE 12) FLAGS ()',
      'Only where nothing changed after change 12',
      'ничего не изменилось после изменения 12',
    ],
    [
      'SEARCH OR FROM vera NOT SEEN LARGER 2048',
      'from “vera” or not: read, larger than 2.0 KB',
      'от «vera» или не: прочитанные, больше 2,0 КБ',
    ],
    [
      'SEARCH HEADER Subject hello',
      'with “hello” in the header field “Subject”',
      'с «hello» в поле заголовка «Subject»',
    ],
    [
      'LIST "" "*" RETURN (STATUS (MESSAGES))',
      'tells of each: the number of messages',
      'о каждом говорит: число писем',
    ],
    ['SELECT INBOX (QRESYNC (1 99))', 'what changed since change 99', 'что изменилось после изменения 99'],
    ['APPEND Sent (\\Seen) {10}', '“Sent”, with the flags: read', '«Sent», с флагами: прочитано'],
    ['MOVE 3 Trash', 'Moves message 3 to the mailbox “Trash”', 'Переносит письмо 3 в ящик «Trash»'],
  ])('%s', (command, en, ru) => {
    expect(last('imap', `S: * OK hi\nC: a ${command}`)).toContain(en);
    expect(last('imap', `S: * OK hi\nC: a ${command}`, 'ru')).toContain(ru);
  });

  it.each([
    ['* STATUS INBOX (MESSAGES 3 UNSEEN 1)', 'the number of messages: 3', 'число писем — 3'],
    [
      '* ESEARCH (TAG "a") UID COUNT 3 ALL 2:4',
      'Found (UIDs): how many: 3, these: 2–4.',
      'Найдено (UID): сколько: 3, вот они: 2–4.',
    ],
    ['* SEARCH', 'Nothing was found.', 'Ничего не найдено.'],
    ['* VANISHED 4,6', 'by UID: 4, 6 (at most 2)', 'по UID: 4, 6 (не больше 2)'],
    ['* QUOTA "" (STORAGE 512 1024)', '512 KB of 1.0 MB', '512 КБ из 1,0 МБ'],
    ['* LIST (\\Noselect \\HasChildren) NIL Folder', 'can’t be opened', 'открыть нельзя'],
    ['* BYE too long', 'says goodbye', 'прощается'],
    ['* OK [ALERT] Read this', '“Read this”', '«Read this»'],
    [
      '* 3 FETCH (FLAGS (\\Seen $Junk))',
      'About message 3: flags: read, junk.',
      'О письме 3: флаги: прочитано, спам.',
    ],
  ])('%s', (line, en, ru) => {
    expect(last('imap', `S: * OK hi\nS: ${line}`)).toContain(en);
    expect(last('imap', `S: * OK hi\nS: ${line}`, 'ru')).toContain(ru);
  });

  it('knows new mail from the count at the beginning', () => {
    const opened = 'S: * OK hi\nC: a SELECT INBOX\nS: * 5 EXISTS\nS: a OK\n';
    expect(said('imap', opened)[2]).toBe('There are 5 messages in the mailbox.');
    expect(last('imap', `${opened}S: * 7 EXISTS`)).toBe('New mail: 2 messages; now there are 7.');
    expect(last('imap', `${opened}S: * 2 EXPUNGE\nS: * 5 EXISTS`)).toContain('New mail: 1 message');
  });

  it('follows an answer through its literals', () => {
    const script = `S: * OK hi
      C: a FETCH 2 (FLAGS BODY[HEADER] BODY[1] UID)
      S: * 2 FETCH (FLAGS () BODY[HEADER] {20}
      S| 20 Subject: x\\n\\n
      S:  BODY[1] {5}
      S| 5 hello
      S:  UID 9)
      S: a OK`;
    expect(said('imap', script).slice(2)).toEqual([
      'About message 2: flags: none; the header (follow: 20 bytes).',
      'Message 2, the header: 20 bytes. Its subject: “x”.',
      'More about message 2: part 1 (follow: 5 bytes).',
      'Message 2, part 1: 5 bytes.',
      'More about message 2: UID 9.',
      'Everything asked for is told.',
    ]);
  });

  it('tells name from password in literals, and shows neither', () => {
    const script = `S: * OK\nC: a LOGIN {4}\nS: + go\nC| ${MASK}\nC:  {6}\nS: + go\nC| ${MASK}\nC: \nS: a OK`;
    expect(said('imap', script)[3]).toContain('user name');
    expect(said('imap', script)[6]).toContain('password');
  });
});

describe('whoever comes late', () => {
  it.each([
    ['smtp', 'S: 250 ok\nC: QUIT\nS: 221 bye'],
    ['pop3', 'S: +OK\nC: QUIT\nS: +OK bye'],
    ['imap', 'S: a OK done\nC: b LOGOUT\nS: b OK'],
  ] as const)('%s: misses an answer, and no more', (protocol, script) => {
    const later = linesOf(script).map((line): WireLine => ({ ...line, seq: line.seq + 100 }));
    const told = explain(protocol, later, 'en').map(({ explanation }) => explanation);
    expect(told.map((one) => one.specific)).toEqual([false, true, true]);
    expect(told[0]?.text).toContain('before the lines at hand');
    expect(told[2]?.answers).toBe(102);
  });
});

describe('our own notes', () => {
  it.each([
    ['connecting mail.example.org:993', '“mail.example.org:993”', 'info'],
    ['tls TLSv1.3 TLS_AES_128_GCM_SHA256', 'TLSv1.3', 'ok'],
    ['clear', 'not encrypted', 'info'],
    ['failed connect ECONNREFUSED 127.0.0.1:1', 'Nothing answers at this port', 'failed'],
    ['failed getaddrinfo ENOTFOUND x', 'No computer has this name', 'failed'],
    ['failed certificate has expired', 'has run out', 'failed'],
    ['failed self-signed certificate', 'vouches', 'failed'],
    ['failed something odd.', '“something odd”', 'failed'],
    ['closed', 'closed', 'info'],
  ])('%s', (note, words, outcome) => {
    for (const protocol of PROTOCOLS) {
      const told = lastWhole(protocol, `N: ${note}`);
      expect(told).toMatchObject({ specific: true, outcome });
      expect(told?.text).toContain(words);
      expect(last(protocol, `N: ${note}`, 'ru')).toMatch(/[а-я]/u);
    }
  });

  it('count what was left out', () => {
    const [gap] = linesOf('N: x').map((line): WireLine => ({ ...line, kind: 'gap', bytes: 12 }));
    expect(explain('imap', gap ? [gap] : [], 'en')[0]?.explanation.text).toContain('12 lines are missing');
  });
});

describe('whatever is said', () => {
  const word = fc.constantFrom(
    ...'a b * + {5} {3+} ( ) " \\ [ ] OK NO BAD BYE FETCH UID SEARCH NOT OR LIST STATUS APPEND IDLE DONE LOGIN AUTHENTICATE PLAIN SELECT STORE ENVELOPE BODY[] BODYSTRUCTURE NIL 1 7:* EXISTS EXPUNGE VANISHED ESEARCH NAMESPACE ID QUOTA +OK -ERR RETR CAPA AUTH PASS . 220 250- 250 334 354 421 550 EHLO MAIL FROM:<a@b> RCPT DATA BDAT [COPYUID [PERMANENTFLAGS'.split(
      ' ',
    ),
    MASK,
    '',
  );
  const line = fc.record({
    direction: fc.constantFrom('client' as const, 'server' as const),
    kind: fc.constantFrom('line' as const, 'line' as const, 'line' as const, 'block' as const),
    text: fc.oneof(
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
      fc.string({ unit: 'binary' }),
    ),
  });

  it.each(PROTOCOLS)('%s: there is something to say, and nothing is thrown', (protocol) => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (rows) => {
        const lines = rows.map((row, at): WireLine => ({
          ...row,
          connection: 1 as never,
          seq: at + 1,
          at: 0,
          bytes: row.text.length,
        }));
        for (const language of ['en', 'ru'] as const) {
          for (const { explanation } of explain(protocol, lines, language)) {
            expect(explanation.text).not.toBe('');
            expect(explanation.text).not.toMatch(/undefined|NaN|\[object/u);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    `* 1 FETCH ${'('.repeat(60_000)}`,
    `* 1 FETCH (BODYSTRUCTURE ${'('.repeat(30_000)}${')'.repeat(30_000)})`,
    `a SEARCH ${'NOT '.repeat(16_000)}ALL`,
    `a SEARCH ${'OR '.repeat(20_000)}`,
    `* OK [${']'.repeat(60_000)}`,
    `* LIST () "${'\\"'.repeat(30_000)}`,
    `* SEARCH ${'1 '.repeat(30_000)}`,
  ])('a monstrous line does no harm (%#)', (text) => {
    const began = performance.now();
    const script = linesOf('S: * OK hi\nC: a NOOP');
    const [first, second] = script;
    if (!first || !second) throw new Error('no script');
    const monster: WireLine = {
      ...(text.startsWith('a') ? second : first),
      text,
      seq: 3,
      bytes: text.length,
    };
    const told = explain('imap', [first, monster], 'en');
    expect(told.at(-1)?.explanation.text.length).toBeLessThan(5000);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('an answer without end stays cheap', () => {
    const [hello] = linesOf('S: * OK hi');
    if (!hello) throw new Error('no line');
    const began = performance.now();
    const pieces = Array.from({ length: 3000 }, (_one, at): WireLine => ({
      ...hello,
      seq: at + 2,
      text: `${at === 0 ? '* 1 FETCH (' : ' '}BODY[${at}] {0}`,
    }));
    explain('imap', [hello, ...pieces], 'en');
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
