import { describe, expect, it } from 'vitest';
import { match, type Entry, type Held, type Hint } from '../../../../electron/store/switch/match.ts';
import { placesOfUidl } from '../../../../shared/mail/uidl-format.ts';

const held = (id: number, messageId: string, size: number, sha?: string, header?: string): Held => ({
  id,
  messageId,
  size,
  ...(sha === undefined ? {} : { sha }),
  ...(header === undefined ? {} : { header }),
});
const entry = (
  id: number,
  messageId: string | undefined,
  size: number,
  sha?: string,
  header?: string,
): Entry => ({
  id,
  messageId,
  size,
  ...(sha === undefined ? {} : { sha }),
  ...(header === undefined ? {} : { header }),
});
const hints = (...all: [number, number, Hint['by']][]) =>
  new Map(all.map(([id, of, by]): [number, Hint] => [id, { held: of, by }]));
const none = hints();

describe('a message that is here and one that a server holds are the same', () => {
  it('by Message-ID and length', () => {
    expect(match([held(1, '<a>', 10, 'x')], [entry(7, '<a>', 10)], none).pairs).toEqual([
      { entry: 7, held: 1, by: 'content' },
    ]);
  });

  it('by where it is, when length and Message-ID do not say otherwise', () => {
    const at = hints([7, 1, 'known'], [8, 2, 'known'], [9, 3, 'known']);
    const found = match(
      [held(1, '<a>', 10, 'x'), held(2, '<b>', 20, 'y'), held(3, '<c>', 30, 'z')],
      // The second is longer than ours, but of the same name; the third is another one.
      [entry(7, undefined, 10), entry(8, '<b>', 21), entry(9, '<d>', 30)],
      at,
    );
    expect(found.pairs).toEqual([
      { entry: 7, held: 1, by: 'known' },
      { entry: 8, held: 2, by: 'known' },
    ]);
  });

  it('by where it is, when the length is another one, only after its Message-ID was asked for', () => {
    const at = hints([7, 1, 'known']);
    const asked = match([held(1, '<a>', 12, 'x'), held(2, '<b>', 9, 'y')], [entry(7, undefined, 10)], at);
    expect(asked).toMatchObject({ pairs: [], ask: [7] });
    const told = match([held(1, '<a>', 12, 'x'), held(2, '<b>', 9, 'y')], [entry(7, '<a>', 10)], at);
    expect(told.pairs).toEqual([{ entry: 7, held: 1, by: 'known' }]);
  });

  it('by its header, where it has no Message-ID', () => {
    const ours = [held(1, '', 10, 'x', 'header:1'), held(2, '', 10, 'y', 'header:2')];
    const found = match(
      ours,
      [entry(7, '', 10, undefined, 'header:2'), entry(8, '', 10, undefined, 'header:3')],
      none,
    );
    expect(found.pairs).toEqual([{ entry: 7, held: 2, by: 'content' }]);
  });

  it('by the hash of all, where several could be meant', () => {
    const ours = [held(1, '<a>', 10, 'x'), held(2, '<a>', 10, 'y')];
    expect(match(ours, [entry(7, '<a>', 10), entry(8, '<a>', 10)], none)).toMatchObject({
      pairs: [],
      unsure: [7, 8],
    });
    expect(match(ours, [entry(7, '<a>', 10, 'y'), entry(8, '<a>', 10, 'z')], none)).toMatchObject({
      pairs: [{ entry: 7, held: 2, by: 'hash' }],
      unsure: [],
    });
  });

  it('by the hash of all, where the server counts other bytes', () => {
    const ours = [held(1, '<a>', 10, 'x')];
    expect(match(ours, [entry(7, '<a>', 12)], none)).toMatchObject({ pairs: [], unsure: [7] });
    expect(match(ours, [entry(7, '<a>', 10, 'x')], none).pairs).toEqual([{ entry: 7, held: 1, by: 'hash' }]);
  });

  it('one for one, where all of ours are the same', () => {
    const ours = [held(1, '<a>', 10, 'x'), held(2, '<a>', 10, 'x')];
    const found = match(ours, [entry(7, '<a>', 10), entry(8, '<a>', 10), entry(9, '<a>', 10)], none);
    expect(found.pairs).toHaveLength(2);
    // The third is a copy of what is here.
    expect(found.copies).toEqual([{ entry: 9, held: 2 }]);
  });

  it('never because neither has a name', () => {
    expect(match([held(1, '', 10, 'x')], [entry(7, '', 10)], none)).toMatchObject({ pairs: [], copies: [] });
  });
});

describe('what UIDLs are made of', () => {
  const many = Array.from({ length: 100 }, (_, at) => held(at, `<${at}>`, at, `x${at}`));
  const theirs = (name: (at: number) => string | undefined) =>
    many.map(({ id, size }) => entry(id, name(id), size));
  const guessed = hints(...many.map(({ id }): [number, number, Hint['by']] => [id, id, 'format']));

  it('is believed for lengths that agree, and some are looked at', () => {
    const found = match(
      many,
      theirs(() => undefined),
      guessed,
    );
    expect(found.pairs).toHaveLength(100);
    expect(found.ask).toHaveLength(20);
  });

  it('is not believed when one of those is another message', () => {
    const asked = match(
      many,
      theirs(() => undefined),
      guessed,
    ).ask;
    const found = match(
      many,
      theirs((at) => (at === asked[3] ? '<other>' : asked.includes(at) ? `<${at}>` : undefined)),
      guessed,
    );
    expect(found.pairs.every(({ by }) => by === 'content')).toBe(true);
    expect(found.ask.length).toBeGreaterThan(70);
  });

  it.each([
    ['0000001f5f3e2b11', 0x1f, 0x5f3e2b11],
    ['1598958353.31', 31, 1598958353],
    ['UID31-1598958353', 31, 1598958353],
    ['31', 31, undefined],
  ])('%s', (uidl, uid, uidValidity) => {
    expect(placesOfUidl(uidl)).toEqual([{ uid, ...(uidValidity === undefined ? {} : { uidValidity }) }]);
  });

  it.each(['', 'GmailId17', '0', '00000000000000000', 'whqtswO00WBw418f9t5JxYwZ'])(
    '%j tells nothing',
    (uidl) => {
      expect(placesOfUidl(uidl)).toEqual([]);
    },
  );
});

describe('headers are asked for', () => {
  it('of what is as long as one of ours', () => {
    const found = match([held(1, '<a>', 10, 'x')], [entry(7, undefined, 10), entry(8, undefined, 11)], none);
    expect(found.ask).toEqual([7]);
  });

  it('of all where no length agrees: a server may count otherwise', () => {
    const found = match([held(1, '<a>', 10, 'x')], [entry(7, undefined, 12), entry(8, undefined, 11)], none);
    expect(found.ask).toEqual([7, 8]);
  });

  it('of none where nothing is here', () => {
    expect(match([], [entry(7, undefined, 12)], none).ask).toEqual([]);
  });
});
