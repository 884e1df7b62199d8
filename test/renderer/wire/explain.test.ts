import { describe, expect, it } from 'vitest';
import { Explanations } from '../../../renderer/state/explain.ts';
import type { WireConnection, WireLine } from '../../../shared/wire/line.ts';

const connection = (id: number, protocol: 'imap' | 'pop3' | 'smtp') =>
  [id, { id, protocol } as unknown as WireConnection] as const;
const line = (id: number, seq: number, text: string): WireLine => ({
  connection: id as WireLine['connection'],
  seq,
  at: 0,
  direction: text.startsWith('>') ? 'client' : 'server',
  kind: 'line',
  text: text.slice(2),
  bytes: text.length,
});
const connections = new Map([connection(1, 'pop3'), connection(2, 'smtp')]);
const dialogue = [
  line(1, 1, '< +OK ready'),
  line(2, 1, '< 220 mail.example ESMTP'),
  line(1, 2, '> STAT'),
  line(2, 2, '> EHLO me'),
  line(1, 3, '< +OK 2 320'),
];
const texts = (all: Explanations, lines: readonly WireLine[]) => lines.map((one) => all.get(one)?.text);

describe('explanations in the window', () => {
  it('tell each connection’s lines in its own order, however they are mixed and cut into batches', () => {
    const whole = new Explanations('en');
    expect(whole.work(dialogue, connections, 1000)).toBe(false);
    const bit = new Explanations('en');
    for (let end = 1; end <= dialogue.length; end += 1) bit.work(dialogue.slice(0, end), connections, 1000);
    expect(texts(bit, dialogue)).toEqual(texts(whole, dialogue));
    expect(texts(whole, dialogue).every((text) => text !== undefined && text !== '')).toBe(true);
    expect(whole.get(dialogue[4]!)?.text).toContain('2 messages');
  });

  it('go on in slices, and where the beginning fell out of the window', () => {
    const all = new Explanations('ru');
    let rounds = 0;
    while (all.work(dialogue, connections, 0)) rounds += 1;
    expect(rounds).toBe(dialogue.length - 1);
    const later = [...dialogue.slice(3), line(1, 4, '> QUIT')];
    expect(all.work(later, connections, 1000)).toBe(false);
    expect(all.get(later[2]!)?.text).toMatch(/[а-я]/u);
    all.work([], connections, 1000);
    all.work([line(1, 5, '< +OK bye')], connections, 1000);
    expect(all.get(line(1, 5, '< +OK bye'))?.text).toMatch(/[а-я]/u);
  });

  it('of a long transcript are not all kept', () => {
    const all = new Explanations('en');
    const long = Array.from({ length: 26_000 }, (_, index) => line(1, index + 1, '> NOOP'));
    all.work(long, connections, 60_000);
    expect(all.get(long[0]!)).toBeUndefined();
    expect(all.get(long.at(-1)!)).toBeDefined();
  });
});
