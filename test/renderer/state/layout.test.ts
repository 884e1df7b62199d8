import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modeOf, paneWidths } from '../../../renderer/state/layout.ts';

const untouched = { side: null, list: null };

describe('paneWidths', () => {
  it.each([
    [1280, false, { side: 228, list: 364 }],
    [1280, true, { side: 208, list: 304 }],
    [1024, false, { side: 208, list: 320 }],
    [800, false, { side: 0, list: 320 }],
    [720, false, { side: 0, list: 280 }],
  ])('are those of the design at %i px, compact: %s', (width, compact, expected) => {
    expect(paneWidths({ width, compact, tree: true }, untouched)).toMatchObject(expected);
  });

  it('give a closed tree no room', () => {
    expect(paneWidths({ width: 1280, compact: false, tree: false }, untouched).side).toBe(0);
  });

  it('keep what the person chose, but never squeeze the reader', () => {
    const kept = { side: 320, list: 480 };
    expect(paneWidths({ width: 1600, compact: false, tree: true }, kept)).toMatchObject(kept);
    fc.assert(
      fc.property(
        fc.integer({ min: 720, max: 3000 }),
        fc.boolean(),
        fc.boolean(),
        fc.option(fc.integer({ min: 1, max: 2000 })),
        fc.option(fc.integer({ min: 1, max: 2000 })),
        (width, compact, tree, side, list) => {
          const widths = paneWidths({ width, compact, tree }, { side, list });
          expect(width - widths.side - widths.list).toBeGreaterThanOrEqual(440);
          expect(widths.list).toBeGreaterThanOrEqual(280);
        },
      ),
    );
  });
});

describe('modeOf', () => {
  it.each([
    [1280, 'wide'],
    [900, 'wide'],
    [899, 'drawer'],
    [720, 'drawer'],
    [640, 'turns'],
  ])('at %i px: %s', (width, mode) => expect(modeOf(width)).toBe(mode));
});
