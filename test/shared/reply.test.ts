import { describe, expect, it } from 'vitest';
import type { Address, MessageContent, MessageRow } from '../../shared/model/message.ts';
import { answerRecipients, answerSubject, answerThread, type AnswerKind } from '../../shared/mail/reply.ts';

const at = (...addresses: string[]): Address[] => addresses.map((address) => ({ name: '', address }));

function letter(parts: {
  from: string[];
  to?: string[];
  cc?: string[];
  replyTo?: string[];
}): Pick<MessageContent, 'row' | 'cc' | 'replyTo'> {
  const row: Pick<MessageRow, 'from' | 'to'> = { from: at(...parts.from), to: at(...(parts.to ?? [])) };
  return { row: row as MessageRow, cc: at(...(parts.cc ?? [])), replyTo: at(...(parts.replyTo ?? [])) };
}

const OWN = 'Vera@example.org';

describe('answerRecipients', () => {
  const table: readonly (readonly [
    about: string,
    message: Parameters<typeof letter>[0],
    kind: AnswerKind,
    to: string[],
    cc: string[],
  ])[] = [
    ['a reply goes back', { from: ['oleg@x.y'], to: ['vera@example.org'] }, 'reply', ['oleg@x.y'], []],
    ['Reply-To wins', { from: ['oleg@x.y'], replyTo: ['list@x.y'] }, 'reply', ['list@x.y'], []],
    ['a forward goes nowhere yet', { from: ['oleg@x.y'] }, 'forward', [], []],
    [
      'everyone but oneself',
      { from: ['oleg@x.y'], to: ['VERA@EXAMPLE.ORG', 'b@x.y'], cc: ['c@x.y', 'vera@example.org'] },
      'reply-all',
      ['oleg@x.y'],
      ['b@x.y', 'c@x.y'],
    ],
    [
      'nobody twice',
      { from: ['oleg@x.y'], to: ['Oleg@X.Y', 'b@x.y', 'B@x.y'], cc: ['b@x.y'] },
      'reply-all',
      ['oleg@x.y'],
      ['b@x.y'],
    ],
    [
      'to a letter of one’s own: on to whom it was written',
      { from: [OWN], to: ['b@x.y'], cc: ['c@x.y'] },
      'reply',
      ['b@x.y'],
      [],
    ],
    ['the same for all', { from: [OWN], to: ['b@x.y'], cc: ['c@x.y'] }, 'reply-all', ['b@x.y'], ['c@x.y']],
    ['own letter, oneself among others', { from: [OWN], to: [OWN, 'b@x.y'] }, 'reply', ['b@x.y'], []],
    [
      'Reply-To names oneself too',
      { from: ['oleg@x.y'], replyTo: ['list@x.y', OWN] },
      'reply',
      ['list@x.y'],
      [],
    ],
    ['a note to oneself is answered to oneself', { from: [OWN], to: [OWN] }, 'reply', [OWN], []],
    ['what is no address is left out', { from: [''], to: ['', 'b@x.y'] }, 'reply-all', [], ['b@x.y']],
  ];
  it.each(table)('%s', (_about, message, kind, to, cc) => {
    const found = answerRecipients(letter(message), kind, OWN);
    expect(found.to.map((one) => one.address)).toEqual(to);
    expect(found.cc.map((one) => one.address)).toEqual(cc);
  });
});

describe('answerSubject', () => {
  const table: readonly (readonly [subject: string, kind: AnswerKind, answer: string])[] = [
    ['Hello', 'reply', 'Re: Hello'],
    ['Hello', 'forward', 'Fwd: Hello'],
    ['Re: Hello', 'reply-all', 'Re: Hello'],
    ['RE: re: Re[2]: FW: Fwd:Hello', 'reply', 'Re: Hello'],
    ['AW: WG: Hallo', 'reply', 'Re: Hallo'],
    ['Отв: Привет', 'reply', 'Re: Привет'],
    ['пересл: Привет', 'forward', 'Fwd: Привет'],
    ['Regarding: x', 'reply', 'Re: Regarding: x'],
    ['Report: re: x', 'reply', 'Re: Report: re: x'],
    ['', 'reply', 'Re: '],
  ];
  it.each(table)('%j by %s', (subject, kind, answer) => {
    expect(answerSubject(subject, kind)).toBe(answer);
  });

  it('is quick over white space', () => {
    const from = performance.now();
    answerSubject(`${' '.repeat(200_000)}x`, 'reply');
    answerSubject(`re${' '.repeat(200_000)}x`, 'reply');
    answerSubject('re:'.repeat(100_000), 'reply');
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

describe('answerThread', () => {
  it('names the letter and where it came from', () => {
    expect(answerThread('<c@x>', '<a@x>  <b@x>\r\n <a@x>')).toEqual({
      inReplyTo: '<c@x>',
      references: '<a@x> <b@x> <c@x>',
    });
    expect(answerThread('<c@x>', '')).toEqual({ inReplyTo: '<c@x>', references: '<c@x>' });
    expect(answerThread('', '<a@x>')).toEqual({ inReplyTo: '', references: '' });
  });

  it('keeps the first and the last of a long thread', () => {
    const long = Array.from({ length: 500 }, (_one, index) => `<${index}@x>`).join(' ');
    const ids = answerThread('<new@x>', long).references.split(' ');
    expect(ids).toHaveLength(21);
    expect(ids[0]).toBe('<0@x>');
    expect(ids.slice(-2)).toEqual(['<499@x>', '<new@x>']);
  });
});
