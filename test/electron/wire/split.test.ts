import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_HEAD, LINE_LIMIT, splitterFor } from '../../../electron/wire/split.ts';
import type { Protocol } from '../../../shared/wire/line.ts';
import { at, C, cutInto, everyByte, lines, S, split, told, whole, type Turn } from './dialogue.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

interface Dialogue {
  about: string;
  protocol: Protocol;
  turns: readonly Turn[];
  pieces: readonly string[];
}

const DIALOGUES: readonly Dialogue[] = [
  {
    about: 'IMAP: literals in both directions',
    protocol: 'imap',
    turns: [
      S(lines('* OK hello')),
      C('a LOGIN {4}\r\n'),
      S('+ go\r\n'),
      C('vera {3}\r\n'),
      S('+ go\r\n'),
      C('a\r\nb\r\n'.slice(0, 3) + '\r\n'),
      S(lines('a OK in')),
      C('b APPEND Sent {5+}\r\nx\r\ny\n\r\n'),
      S(
        '* 1 FETCH (BODY[] {12}\r\nS: a {3}\r\n\r\nx FLAGS (\\Seen) BINARY[1] ~{2}\r\n\r\n)\r\nb OK done\r\n',
      ),
    ],
    pieces: [
      'S * OK hello (12)',
      'C a LOGIN {4} (13)',
      'S + go (6)',
      'C|vera (4)',
      'C  {3} (6)',
      'S + go (6)',
      'C|a\r\n (3)',
      'C  (2)',
      'S a OK in (9)',
      'C b APPEND Sent {5+} (20)',
      'C|x\r\ny\n (5)',
      'C  (2)',
      'S * 1 FETCH (BODY[] {12} (24)',
      'S|S: a {3}\r\n\r\n (12)',
      'S x FLAGS (\\Seen) BINARY[1] ~{2} (32)',
      'S|\r\n (2)',
      'S ) (3)',
      'S b OK done (11)',
    ],
  },
  {
    about: 'IMAP: two literals in one command, and an empty one',
    protocol: 'imap',
    turns: [
      C('a LOGIN {4+}\r\nvera {3+}\r\nabc\r\nb SEARCH SUBJECT {0+}\r\n\r\nc NOOP\r\n'),
      S('* 2 FETCH (BODY[] {0}\r\n)\r\n'),
    ],
    pieces: [
      'C a LOGIN {4+} (14)',
      'C|vera (4)',
      'C  {3+} (7)',
      'C|abc (3)',
      'C  (2)',
      'C b SEARCH SUBJECT {0+} (23)',
      'C  (2)',
      'C c NOOP (8)',
      'S * 2 FETCH (BODY[] {0} (23)',
      'S ) (3)',
    ],
  },
  {
    about: 'IMAP: what only looks like a literal',
    protocol: 'imap',
    turns: [S(lines('* OK {5} no', '* OK {}', '* OK {x}', '* OK {12345678901}', '* OK 5}', 'a OK'))],
    pieces: [
      'S * OK {5} no (13)',
      'S * OK {} (9)',
      'S * OK {x} (10)',
      'S * OK {12345678901} (20)',
      'S * OK 5} (9)',
      'S a OK (6)',
    ],
  },
  {
    about: 'IMAP: a literal that the server does not want is not sent',
    protocol: 'imap',
    turns: [C('a APPEND Sent {20}\r\n'), S('a NO too big\r\n'), C('b NOOP\r\n'), S('b OK\r\n')],
    pieces: ['C a APPEND Sent {20} (20)', 'S a NO too big (14)', 'C b NOOP (8)', 'S b OK (6)'],
  },
  {
    about: 'POP3: pipelined messages, empty ones, lone dots',
    protocol: 'pop3',
    turns: [
      S(lines('+OK ready')),
      C(lines('RETR 1', 'TOP 2 0', 'RETR 3', 'RETR 4', 'RETR 5', 'NOOP')),
      S('+OK here\r\nA: 1\r\n\r\n..\r\n.\n.\r.\r\n'.replace('.\n.\r.', 'x.\n.\r.y') + '.\r\n'),
      S('+OK\r\nB: 2\r\n\r\n.\r\n-ERR gone\r\n+OK\r\n.\r\n+OK\r\n\r\n.\r\n+OK\r\n'),
    ],
    pieces: [
      'S +OK ready (11)',
      'C RETR 1 (8)',
      'C TOP 2 0 (9)',
      'C RETR 3 (8)',
      'C RETR 4 (8)',
      'C RETR 5 (8)',
      'C NOOP (6)',
      'S +OK here (10)',
      'S|A: 1\r\n\r\n..\r\nx.\n.\r.y\r\n (21)',
      'S . (3)',
      'S +OK (5)',
      'S|B: 2\r\n\r\n (8)',
      'S . (3)',
      'S -ERR gone (11)',
      'S +OK (5)',
      'S . (3)',
      'S +OK (5)',
      'S|\r\n (2)',
      'S . (3)',
      'S +OK (5)',
    ],
  },
  {
    about: 'POP3: AUTH PLAIN in two steps keeps the answers with their commands',
    protocol: 'pop3',
    turns: [
      S(lines('+OK ready')),
      C(lines('AUTH PLAIN')),
      S('+ \r\n'),
      C(lines('AHZlcmEAc2VjcmV0')),
      S(lines('+OK in')),
      C(lines('RETR 1')),
      S(lines('+OK', 'a', '+OK b', '.')),
      C(lines('LIST', 'RETR 2')),
      S(lines('+OK', '1 3', '.', '+OK', 'x', '.')),
    ],
    pieces: [
      'S +OK ready (11)',
      'C AUTH PLAIN (12)',
      'S +  (4)',
      'C AHZlcmEAc2VjcmV0 (18)',
      'S +OK in (8)',
      'C RETR 1 (8)',
      'S +OK (5)',
      'S|a\r\n+OK b\r\n (10)',
      'S . (3)',
      'C LIST (6)',
      'C RETR 2 (8)',
      'S +OK (5)',
      'S 1 3 (5)',
      'S . (3)',
      'S +OK (5)',
      'S|x\r\n (3)',
      'S . (3)',
    ],
  },
  {
    about: 'POP3: several continuations, and one given up',
    protocol: 'pop3',
    turns: [
      S(lines('+OK ready')),
      C(lines('AUTH CRAM-MD5')),
      S('+ PDE+\r\n'),
      C(lines('x')),
      S('+\r\n'),
      C(lines('*')),
      S(lines('-ERR no')),
      C(lines('TOP 1 0')),
      S(lines('+OK', 'a', '.')),
    ],
    pieces: [
      'S +OK ready (11)',
      'C AUTH CRAM-MD5 (15)',
      'S + PDE+ (8)',
      'C x (3)',
      'S + (3)',
      'C * (3)',
      'S -ERR no (9)',
      'C TOP 1 0 (9)',
      'S +OK (5)',
      'S|a\r\n (3)',
      'S . (3)',
    ],
  },
  {
    about: 'POP3: a listing of all is lines, of one is a line',
    protocol: 'pop3',
    turns: [
      S(lines('+OK ready')),
      C(lines('capa', 'LIST', 'LIST 2', 'UIDL 2', 'uidl', 'LIST 9', 'RETR 1')),
      S(
        lines(
          '+OK',
          'USER',
          '.',
          '+OK',
          '1 5',
          '+OK 7',
          '.',
          '+OK 2 7',
          '+OK 2 abc',
          '+OK',
          '.',
          '-ERR',
          '+OK',
          'x',
          '.',
        ),
      ),
    ],
    pieces: [
      'S +OK ready (11)',
      'C capa (6)',
      'C LIST (6)',
      'C LIST 2 (8)',
      'C UIDL 2 (8)',
      'C uidl (6)',
      'C LIST 9 (8)',
      'C RETR 1 (8)',
      'S +OK (5)',
      'S USER (6)',
      'S . (3)',
      'S +OK (5)',
      'S 1 5 (5)',
      'S +OK 7 (7)',
      'S . (3)',
      'S +OK 2 7 (9)',
      'S +OK 2 abc (11)',
      'S +OK (5)',
      'S . (3)',
      'S -ERR (6)',
      'S +OK (5)',
      'S|x\r\n (3)',
      'S . (3)',
    ],
  },
  {
    about: 'SMTP: data with stuffed dots, twice',
    protocol: 'smtp',
    turns: [
      S(lines('220 hi')),
      C(lines('EHLO x')),
      S(lines('250-a', '250 b')),
      C(lines('DATA')),
      S(lines('354 go')),
      C('A: 1\r\n\r\n..\r\n..x\r\n.\n\r.\r\n'.replace('.\n\r.\r\n', 'y.\n\r\n') + '.\r\n'),
      S(lines('250 ok')),
      C(lines('DATA')),
      S(lines('354 go')),
      C('.\r\nQUIT\r\n'),
      S(lines('250 ok', '221 bye')),
    ],
    pieces: [
      'S 220 hi (8)',
      'C EHLO x (8)',
      'S 250-a (7)',
      'S 250 b (7)',
      'C DATA (6)',
      'S 354 go (8)',
      'C|A: 1\r\n\r\n..\r\n..x\r\ny.\n\r\n (22)',
      'C . (3)',
      'S 250 ok (8)',
      'C DATA (6)',
      'S 354 go (8)',
      'C . (3)',
      'C QUIT (6)',
      'S 250 ok (8)',
      'S 221 bye (9)',
    ],
  },
  {
    about: 'SMTP: a go-ahead of 250, behind late replies',
    protocol: 'smtp',
    turns: [
      S(lines('220 hi')),
      C(lines('RCPT TO:<a>', 'DATA')),
      S(lines('250-a', '250 ok', '250 go')),
      C(lines('x', '.', 'QUIT')),
    ],
    pieces: [
      'S 220 hi (8)',
      'C RCPT TO:<a> (13)',
      'C DATA (6)',
      'S 250-a (7)',
      'S 250 ok (8)',
      'S 250 go (8)',
      'C|x\r\n (3)',
      'C . (3)',
      'C QUIT (6)',
    ],
  },
  {
    about: 'SMTP: a 354 that nobody asked for begins no data',
    protocol: 'smtp',
    turns: [
      S(lines('220 hi', '354 go')),
      C(lines('EHLO x', 'AUTH PLAIN AHYAcA==')),
      S(lines('354 go')),
      C(lines('QUIT')),
    ],
    pieces: [
      'S 220 hi (8)',
      'S 354 go (8)',
      'C EHLO x (8)',
      'C AUTH PLAIN AHYAcA== (21)',
      'S 354 go (8)',
      'C QUIT (6)',
    ],
  },
  {
    about: 'SMTP BDAT: as many bytes as it says, whatever they are',
    protocol: 'smtp',
    turns: [
      S(lines('220 hi')),
      C('BDAT 7\r\na\r\n.\r\n\nBDAT 3 LAST\r\nxyzBDAT 0 LAST\r\nQUIT\r\n'),
      S(lines('250 ok')),
    ],
    pieces: [
      'S 220 hi (8)',
      'C BDAT 7 (8)',
      'C|a\r\n.\r\n\n (7)',
      'C BDAT 3 LAST (13)',
      'C|xyz (3)',
      'C BDAT 0 LAST (13)',
      'C QUIT (6)',
      'S 250 ok (8)',
    ],
  },
  {
    about: 'POP3: AUTH and LANG without a name are answered by a list',
    protocol: 'pop3',
    turns: [
      S(lines('+OK hi')),
      C(lines('AUTH', 'LANG', 'RETR 1')),
      S(lines('+OK', 'PLAIN', '.', '+OK', 'en English', '.', '+OK', 'x', '.')),
    ],
    pieces: [
      'S +OK hi (8)',
      'C AUTH (6)',
      'C LANG (6)',
      'C RETR 1 (8)',
      'S +OK (5)',
      'S PLAIN (7)',
      'S . (3)',
      'S +OK (5)',
      'S en English (12)',
      'S . (3)',
      'S +OK (5)',
      'S|x\r\n (3)',
      'S . (3)',
    ],
  },
  {
    about: 'lines with LF alone, CR alone, no end',
    protocol: 'smtp',
    turns: [S('220 a\n220 b\r220 c\r\n220 d'), C('EHLO')],
    pieces: ['S 220 a (6)', 'S 220 b\r220 c (13)', 'C EHLO (4)', 'S 220 d (5)'],
  },
];

describe('a dialogue is cut into the same pieces', () => {
  it.each(DIALOGUES)('$about', ({ protocol, turns, pieces }) => {
    expect(told(split(protocol, turns, whole))).toEqual(pieces);
    expect(told(split(protocol, turns, everyByte))).toEqual(pieces);
    const longest = Math.max(...turns.map(([, text]) => text.length));
    for (let position = 1; position < longest; position += 1) {
      expect(told(split(protocol, turns, at(position)))).toEqual(pieces);
      expect(told(split(protocol, turns, cutInto(position)))).toEqual(pieces);
    }
  });
});

describe('no byte is lost', () => {
  const sum = (protocol: Protocol, turns: readonly Turn[], cut: (text: string) => string[], from: string) =>
    split(protocol, turns, cut)
      .filter((one) => one.from === from)
      .reduce((total, one) => total + one.bytes, 0);

  it.each(DIALOGUES)('$about, broken off anywhere', ({ protocol, turns }) => {
    const total = turns.reduce((length, [, text]) => length + text.length, 0);
    for (let end = 0; end <= total; end += 1) {
      let left = end;
      const begun = turns.map(([from, text]): Turn => {
        const part = text.slice(0, left);
        left -= part.length;
        return [from, part];
      });
      for (const side of ['client', 'server']) {
        const fed = begun
          .filter(([from]) => from === side)
          .reduce((length, [, text]) => length + text.length, 0);
        expect(sum(protocol, begun, everyByte, side)).toBe(fed);
      }
    }
  });

  it('whatever is said', () => {
    const scrap = fc.constantFrom(
      '\r\n',
      '\n',
      '.\r\n',
      '{3}',
      '{2+}',
      'RETR 1',
      'DATA',
      '354 x',
      '+OK',
      '+ ',
      'a NO',
      'x',
      '\r\n.\r\n',
    );
    const turn = fc.tuple(
      fc.constantFrom('client' as const, 'server' as const),
      fc.array(scrap, { maxLength: 6 }),
    );
    const protocol = fc.constantFrom<Protocol>('imap', 'pop3', 'smtp');
    fc.assert(
      fc.property(protocol, fc.array(turn, { maxLength: 12 }), (kind, given) => {
        const turns = given.map(([from, parts]): Turn => [from, parts.join('')]);
        const pieces = split(kind, turns, whole);
        for (const side of ['client', 'server']) {
          const fed = turns
            .filter(([from]) => from === side)
            .reduce((length, [, text]) => length + text.length, 0);
          const found = pieces.filter((one) => one.from === side);
          expect(found.reduce((total, one) => total + one.bytes, 0)).toBe(fed);
        }
        expect(told(split(kind, turns, everyByte))).toEqual(told(pieces));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what is long is cut for display only', () => {
  it('a block shows its head and counts the rest', () => {
    const body = 'x'.repeat(BLOCK_HEAD + 100);
    const found = split('imap', [S(`* 1 FETCH (BODY[] {${body.length}}\r\n${body})\r\n`)], cutInto(1000));
    expect(found.map((one) => [one.kind, one.head.length, one.bytes])).toEqual([
      ['line', 24, 26],
      ['block', BLOCK_HEAD, body.length],
      ['line', 1, 3],
    ]);
  });

  it.each([LINE_LIMIT - 2, LINE_LIMIT - 1, LINE_LIMIT, LINE_LIMIT + 1, LINE_LIMIT + 500])(
    'a line of %i bytes',
    (length) => {
      const turns = [S(`${'y'.repeat(length)}\r\nnext\r\n`)];
      const expected = [
        { length: Math.min(length, LINE_LIMIT), bytes: length + 2 },
        { length: 4, bytes: 6 },
      ];
      for (const cut of [whole, cutInto(7), cutInto(LINE_LIMIT), at(LINE_LIMIT + 1)]) {
        const found = split('pop3', turns, cut);
        expect(found.map((one) => ({ length: one.head.length, bytes: one.bytes }))).toEqual(expected);
      }
    },
  );

  it('a literal at the end of a long line is followed all the same', () => {
    const line = `* 1 FETCH (ENVELOPE ("${'z'.repeat(LINE_LIMIT)}") BODY[] {8}`;
    for (const cut of [whole, cutInto(1000), at(LINE_LIMIT + 30), at(line.length - 2)]) {
      const found = split('imap', [S(`${line}\r\na OK {9})\r\n`)], cut);
      expect(told(found).slice(1)).toEqual(['S|a OK {9} (8)', 'S ) (3)']);
    }
  });

  it('keeps little of an endless line', () => {
    const splitter = splitterFor('imap');
    const chunk = Buffer.alloc(64 * 1024, 0x61);
    for (let count = 0; count < 1000; count += 1) expect(splitter.feed('server', chunk)).toEqual([]);
    const [last] = splitter.end();
    expect(last?.head.length).toBe(LINE_LIMIT);
    expect(last?.bytes).toBe(1000 * 64 * 1024);
  });
});
