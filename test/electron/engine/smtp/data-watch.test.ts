import { describe, expect, it } from 'vitest';
import { DataWatch } from '../../../../electron/engine/smtp/data-watch.ts';
import type { Recorder } from '../../../../electron/app/ports-engine.ts';
import { C, cutInto, lines, S, type Turn } from '../../wire/dialogue.ts';

/** Whether nobody knows, after this was said in packets of this size, if the letter was accepted. */
function unanswered(turns: readonly Turn[], size: number): boolean {
  const watch = new DataWatch();
  const recorder = watch.around({
    connection: 1 as Recorder['connection'],
    note: () => undefined,
    close: () => undefined,
    sink: () => undefined,
  });
  for (const [from, text] of turns)
    for (const part of cutInto(size)(text)) recorder.sink(from, Buffer.from(part, 'latin1'));
  return watch.unanswered;
}

const BEGUN = [
  S(lines('220 hi')),
  C(lines('EHLO x')),
  S(lines('250-SIZE', '250 DSN')),
  C(lines('MAIL FROM:<a>')),
  S(lines('250 ok')),
];
const READY = [...BEGUN, C(lines('RCPT TO:<b>')), S(lines('250 ok')), C(lines('DATA')), S(lines('354 go'))];
const LETTER = 'Subject: x\r\n\r\nbody\r\n';

const TABLE: readonly (readonly [about: string, turns: readonly Turn[], unanswered: boolean])[] = [
  ['nothing said', [], false],
  ['before DATA', BEGUN, false],
  ['after the go-ahead', READY, false],
  ['in the middle of the letter', [...READY, C(LETTER)], false],
  ['with half of the end', [...READY, C(`${LETTER}.\r`)], false],
  ['after the dot', [...READY, C(`${LETTER}.\r\n`)], true],
  ['after the dot in a packet of its own', [...READY, C(LETTER), C('.\r\n')], true],
  ['a stuffed dot is no end', [...READY, C(`${LETTER}..\r\n`)], false],
  ['a dot among bare line feeds is no end', [...READY, C(`${LETTER}x\n.\nx\r\n`)], false],
  ['an empty letter', [...READY, C('.\r\n')], true],
  ['accepted', [...READY, C(`${LETTER}.\r\n`), S(lines('250 queued'))], false],
  ['refused', [...READY, C(`${LETTER}.\r\n`), S(lines('554 no'))], false],
  ['half a reply is none', [...READY, C(`${LETTER}.\r\n`), S('25')], true],
  ['a reply without its end is none', [...READY, C(`${LETTER}.\r\n`), S('250 que')], true],
  ['the first line of several is none', [...READY, C(`${LETTER}.\r\n`), S(lines('250-queued'))], true],
  ['all lines of several', [...READY, C(`${LETTER}.\r\n`), S(lines('250-queued', '250 as 7'))], false],
  ['QUIT afterwards', [...READY, C(`${LETTER}.\r\n`), S(lines('250 ok')), C(lines('QUIT'))], false],
  ['QUIT behind the dot, nothing answered', [...READY, C(`${LETTER}.\r\nQUIT\r\n`)], true],
  [
    'QUIT behind the dot, both answered',
    [...READY, C(`${LETTER}.\r\nQUIT\r\n`), S(lines('250 ok', '221 bye'))],
    false,
  ],
  ['the go-ahead without words', [...BEGUN, C(lines('DATA')), S('354\r\n'), C(`${LETTER}.\r\n`)], true],
  [
    'the go-ahead of several lines',
    [...BEGUN, C(lines('DATA')), S(lines('354-go', '354 on')), C(`${LETTER}.\r\n`)],
    true,
  ],
  [
    'replies that came late, the go-ahead among them',
    [
      ...BEGUN,
      C(lines('RCPT TO:<b>', 'RCPT TO:<c>', 'DATA')),
      S(lines('250 ok', '550 no', '354 go')),
      C(`${LETTER}.\r\n`),
    ],
    true,
  ],
  ['DATA refused', [...BEGUN, C(lines('DATA')), S(lines('503 no')), C(`${LETTER}.\r\n`)], false],
  [
    'a second letter',
    [
      ...READY,
      C(`${LETTER}.\r\n`),
      S(lines('250 ok')),
      C(lines('MAIL FROM:<a>')),
      S(lines('250 ok')),
      C(lines('DATA')),
      S(lines('354 go')),
      C(`${LETTER}.\r\n`),
    ],
    true,
  ],
  [
    'a go-ahead of 250, as some servers say it',
    [...BEGUN, C(lines('DATA')), S(lines('250 go')), C(`${LETTER}.\r\n`)],
    true,
  ],
  ['354 in words only', [...BEGUN, C(lines('NOOP')), S(lines('250 354 go')), C('x\r\n.\r\n')], false],
  [
    'words that look like commands in the letter',
    [...READY, C(`DATA\r\n${LETTER}.\r\n`), S(lines('250 ok'))],
    false,
  ],
];

describe('DataWatch', () => {
  it.each(TABLE)('%s', (_about, turns, expected) => {
    const longest = Math.max(1, ...turns.map(([, text]) => text.length));
    for (let size = 1; size <= longest; size += 1) expect(unanswered(turns, size)).toBe(expected);
  });

  it('passes everything on as it is', () => {
    const heard: string[] = [];
    const recorder = new DataWatch().around({
      connection: 7 as Recorder['connection'],
      note: (text) => heard.push(`note ${text}`),
      close: (reason) => heard.push(`close ${reason}`),
      sink: (from, chunk) => heard.push(`${from} ${Buffer.from(chunk).toString()}`),
    });
    recorder.note('a');
    recorder.sink('client', Buffer.from('EHLO\r\n'));
    recorder.sink('server', Buffer.from('250'));
    recorder.close('b');
    expect(recorder.connection).toBe(7);
    expect(heard).toEqual(['note a', 'client EHLO\r\n', 'server 250', 'close b']);
  });
});
