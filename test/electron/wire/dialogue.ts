import { splitterFor, type Piece } from '../../../electron/wire/split.ts';
import type { Protocol } from '../../../shared/wire/line.ts';

/** One side's turn; `C: ` or `S: ` in front of the bytes, which are one character each. */
export type Turn = readonly [from: 'client' | 'server', text: string];

export const C = (text: string): Turn => ['client', text];
export const S = (text: string): Turn => ['server', text];

/** Cuts each turn into packets. */
export type Cut = (text: string) => string[];

export const whole: Cut = (text) => [text];
export const everyByte: Cut = (text) => text.split('');
export const at =
  (position: number): Cut =>
  (text) =>
    [text.slice(0, position), text.slice(position)].filter((part) => part !== '');

export function cutInto(size: number): Cut {
  return (text) => {
    const parts: string[] = [];
    for (let from = 0; from < text.length; from += size) parts.push(text.slice(from, from + size));
    return parts;
  };
}

/** What the splitter makes of a dialogue that came in these packets. */
export function split(protocol: Protocol, turns: readonly Turn[], cut: Cut): Piece[] {
  const splitter = splitterFor(protocol);
  const pieces = turns.flatMap(([from, text]) =>
    cut(text).flatMap((part) => splitter.feed(from, Buffer.from(part, 'latin1'))),
  );
  return [...pieces, ...splitter.end()];
}

/** Pieces as lines for people: `C` or `S`, `|` for a block, the text and how many bytes it was. */
export function told(pieces: readonly Piece[]): string[] {
  return pieces.map(
    (one) =>
      `${one.from === 'client' ? 'C' : 'S'}${one.kind === 'block' ? '|' : ' '}${one.head.toString('latin1')} (${one.bytes})`,
  );
}

export const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
