import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Pop3Protocol,
  ProtocolError,
  type Answer,
  type Shape,
} from '../../../../electron/engine/pop3/protocol.ts';

// The same cases each time; another seed finds others.
fc.configureGlobal({ seed: 20_261_121 });

type Command = readonly [command: string, shape?: Shape];

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** Commands were sent, these bytes came in pieces of this size: the answers, briefly. */
function answers(commands: readonly Command[], heard: string, size: number): Answer[] {
  const protocol = new Pop3Protocol();
  for (const [command, shape] of commands) protocol.send(command, shape);
  const found: Answer[] = [];
  for (let at = 0; at < heard.length; at += size)
    found.push(...protocol.receive(bytes(heard.slice(at, at + size))));
  return found;
}

/** The same, cut at these places. */
function inPieces(commands: readonly Command[], heard: string, cuts: readonly number[]): Answer[] {
  const protocol = new Pop3Protocol();
  for (const [command, shape] of commands) protocol.send(command, shape);
  const ends = [...cuts.toSorted((a, b) => a - b), heard.length];
  return ends.flatMap((end, at) => protocol.receive(bytes(heard.slice(ends[at - 1] ?? 0, end))));
}

const told = (all: readonly Answer[]) =>
  all.map(({ command, status, text, lines, message }) => ({
    command,
    status,
    text,
    ...(lines.length > 0 ? { lines } : {}),
    ...(message ? { message: message.toString('latin1') } : {}),
  }));

interface Case {
  about: string;
  commands: readonly Command[];
  heard: string;
  answers: ReturnType<typeof told>;
}

const HELLO = { command: 'greeting', status: 'ok' as const, text: 'hello' };
const hello = '+OK hello\r\n';

const CASES: readonly Case[] = [
  { about: 'the greeting', commands: [], heard: hello, answers: [HELLO] },
  {
    about: 'a greeting that says no',
    commands: [],
    heard: '-ERR busy\r\n',
    answers: [{ command: 'greeting', status: 'error', text: 'busy' }],
  },
  {
    about: 'answers without words, with LF alone',
    commands: [['NOOP'], ['NOOP']],
    heard: `${hello}+OK\n-ERR\n`,
    answers: [
      HELLO,
      { command: 'NOOP', status: 'ok', text: '' },
      { command: 'NOOP', status: 'error', text: '' },
    ],
  },
  {
    about: 'AUTH in two steps',
    commands: [['AUTH PLAIN'], ['AGEAYg=='], ['STAT']],
    heard: `${hello}+ \r\n+OK in\r\n+OK 1 2\r\n`,
    answers: [
      HELLO,
      { command: 'AUTH PLAIN', status: 'continue', text: '' },
      { command: 'AGEAYg==', status: 'ok', text: 'in' },
      { command: 'STAT', status: 'ok', text: '1 2' },
    ],
  },
  {
    about: 'listings, empty and stuffed',
    commands: [
      ['CAPA', 'lines'],
      ['LIST', 'lines'],
      ['UIDL', 'lines'],
    ],
    heard: `${hello}+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n+OK none\r\n.\r\n-ERR no\r\n`,
    answers: [
      HELLO,
      { command: 'CAPA', status: 'ok', text: '', lines: ['USER', 'SASL PLAIN'] },
      { command: 'LIST', status: 'ok', text: 'none' },
      { command: 'UIDL', status: 'error', text: 'no' },
    ],
  },
  {
    about: 'pipelined messages with refusals between',
    commands: [['RETR 1', 'message'], ['RETR 2', 'message'], ['RETR 3', 'message'], ['DELE 1'], ['QUIT']],
    heard: `${hello}+OK 3\r\na\r\n.\r\n-ERR gone\r\n+OK\r\nb\r\n\r\nc\r\n.\r\n+OK\r\n+OK bye\r\n`,
    answers: [
      HELLO,
      { command: 'RETR 1', status: 'ok', text: '3', message: 'a\r\n' },
      { command: 'RETR 2', status: 'error', text: 'gone' },
      { command: 'RETR 3', status: 'ok', text: '', message: 'b\r\n\r\nc\r\n' },
      { command: 'DELE 1', status: 'ok', text: '' },
      { command: 'QUIT', status: 'ok', text: 'bye' },
    ],
  },
];

describe('answers are the same at every split', () => {
  it.each(CASES)('$about', ({ commands, heard, answers: expected }) => {
    for (let size = 1; size <= heard.length; size += 1) {
      expect(told(answers(commands, heard, size))).toEqual(expected);
    }
  });

  it.each(CASES)('$about, in two pieces of any size', ({ commands, heard, answers: expected }) => {
    for (let at = 0; at <= heard.length; at += 1) {
      expect(told(inPieces(commands, heard, [at]))).toEqual(expected);
    }
  });

  it.each(CASES)('$about, cut anywhere', ({ commands, heard, answers: expected }) => {
    const cuts = fc.array(fc.integer({ min: 0, max: heard.length }), { maxLength: 8 });
    fc.assert(
      fc.property(cuts, (where) => {
        expect(told(inPieces(commands, heard, where))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe('dots are undone exactly', () => {
  const table: readonly (readonly [about: string, sent: string, is: string])[] = [
    ['nothing', '.\r\n', ''],
    ['one line', 'a\r\n.\r\n', 'a\r\n'],
    ['a stuffed dot', '..\r\n.\r\n', '.\r\n'],
    ['two dots', '...\r\n.\r\n', '..\r\n'],
    ['a dot and words', '..a\r\n.b\r\n.\r\n', '.a\r\nb\r\n'],
    ['a dot in a line', 'a.\r\n a.b\r\n.\r\n', 'a.\r\n a.b\r\n'],
    ['CRLF.CRLF in the body', 'a\r\n..\r\nb\r\n.\r\n', 'a\r\n.\r\nb\r\n'],
    ['CR without LF', 'a\rb\r\r\nc\r\n.\r\n', 'a\rb\r\r\nc\r\n'],
    ['a dot and CR without LF', 'a\r\n.\rb\r\n.\r\n', 'a\r\n\rb\r\n'],
    ['a dot, CR, CR, LF', '.\r\r\n.\r\n', '\r\r\n'],
    ['LF alone is no line end', 'a\n.\nb\n.\r\nc\r\n.\r\n', 'a\n.\nb\n.\r\nc\r\n'],
    ['CR.CR is no end', 'a\r.\r\n.\r\n', 'a\r.\r\n'],
    ['LF.CRLF is no end', 'a\n.\r\nb\r\n.\r\n', 'a\n.\r\nb\r\n'],
    ['bytes above 127 and NUL', 'a\0\xff\xfe\r\n.\r\n', 'a\0\xff\xfe\r\n'],
  ];
  it.each(table)('%s', (_about, sent, is) => {
    const heard = `${hello}+OK\r\n${sent}+OK next\r\n`;
    for (let size = 1; size <= heard.length; size += 1) {
      const [, message, next] = answers([['RETR 1', 'message'], ['NOOP']], heard, size);
      expect(message?.message?.toString('latin1')).toBe(is);
      expect(next?.text).toBe('next');
    }
  });

  it('gives back whatever a server stuffed', () => {
    const scrap = fc.constantFrom('.', '..', '\r\n', '\r\n.\r\n', '\n', '\r', 'a', '\n.\n', 'long line ');
    const body = fc.array(scrap, { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(body, { maxLength: 4 }), fc.integer({ min: 1, max: 7 }), (bodies, size) => {
        // What stands before the first CRLF is a line too.
        const whole = bodies.map((one) => (one === '' || one.endsWith('\r\n') ? one : `${one}\r\n`));
        const sent = whole.map((one) => `+OK\r\n${one.replace(/(^|\r\n)\./gu, '$1..')}.\r\n`);
        const commands = whole.map((_one, at): Command => [`RETR ${at}`, 'message']);
        const found = answers(commands, hello + sent.join(''), size).slice(1);
        expect(found.map((one) => one.message?.toString('latin1'))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a big message in small packets quickly', () => {
    const protocol = new Pop3Protocol();
    protocol.send('RETR 1', 'message');
    protocol.receive(bytes(`${hello}+OK\r\n`));
    const from = performance.now();
    const chunk = bytes(`${'x'.repeat(70)}\r\n..y\r\n`.repeat(20));
    for (let count = 0; count < 10_000; count += 1) protocol.receive(chunk);
    const [answer] = protocol.receive(bytes('.\r\n'));
    expect(answer?.message?.length).toBe(10_000 * (chunk.length - 20));
    expect(performance.now() - from).toBeLessThan(5000);
  });
});

describe('a server that breaks the protocol', () => {
  const table: readonly (readonly [about: string, commands: readonly Command[], heard: string])[] = [
    ['another protocol', [], '220 smtp.example.org ESMTP\r\n'],
    ['IMAP', [], '* OK IMAP4rev1\r\n'],
    ['HTTP', [], 'HTTP/1.1 400 Bad Request\r\n'],
    ['TLS', [], '\u0016\u0003\u0001\n'],
    ['an empty line', [], '\r\n'],
    ['small letters', [], '+ok hello\r\n'],
    ['a word that begins so', [], '+OKAY\r\n'],
    ['an answer to nothing', [], `${hello}+OK\r\n`],
    ['an answer too many', [['NOOP']], `${hello}+OK\r\n-ERR\r\n`],
    ['lines behind a message', [['RETR 1', 'message']], `${hello}+OK\r\na\r\n.\r\nx\r\n`],
    ['a greeting without end', [], `+OK ${'x'.repeat(70 * 1024)}`],
    ['an answer without end', [['NOOP']], `${hello}+OK ${'x'.repeat(70 * 1024)}\r\n`],
  ];
  it.each(table)('%s', (_about, commands, heard) => {
    for (const size of [1, 3, heard.length])
      expect(() => answers(commands, heard, size)).toThrow(ProtocolError);
  });

  it('a line in a message may be as long as it likes', () => {
    const long = 'x'.repeat(300 * 1024);
    const [, found] = answers([['RETR 1', 'message']], `${hello}+OK\r\n${long}\r\n.\r\n`, 4096);
    expect(found?.message?.toString('latin1')).toBe(`${long}\r\n`);
  });

  it('a message that breaks off is no answer', () => {
    expect(answers([['RETR 1', 'message']], `${hello}+OK\r\na\r\n.`, 100)).toHaveLength(1);
    expect(answers([['RETR 1', 'message']], `${hello}+OK\r\na\r\n.\r`, 100)).toHaveLength(1);
  });

  it('whatever it says: an answer or a ProtocolError', () => {
    const scrap = fc.constantFrom('+OK', '-ERR', '+ ', '+', ' x', '\r\n', '\n', '.\r\n', '..', 'a');
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 20 }), (parts) => {
        const commands: Command[] = [['CAPA', 'lines'], ['RETR 1', 'message'], ['NOOP']];
        const outcome = (size: number) => {
          try {
            return told(answers(commands, parts.join(''), size));
          } catch (thrown) {
            return thrown instanceof ProtocolError ? 'broken' : thrown;
          }
        };
        expect(outcome(1)).toEqual(outcome(1000));
        expect(outcome(1)).not.toBeInstanceOf(Error);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what we send', () => {
  it('is one line', () => {
    const protocol = new Pop3Protocol();
    expect(protocol.send('RETR 1', 'message').toString()).toBe('RETR 1\r\n');
    for (const wrong of ['USER a\r\nDELE 1', 'a\n', '\r'])
      expect(() => protocol.send(wrong)).toThrow(ProtocolError);
  });

  it('counts the answers to come', () => {
    const protocol = new Pop3Protocol();
    expect(protocol.pending).toBe(1);
    protocol.send('NOOP');
    protocol.receive(bytes(hello));
    expect(protocol.pending).toBe(1);
    protocol.receive(bytes('+OK\r\n'));
    expect(protocol.pending).toBe(0);
  });
});
