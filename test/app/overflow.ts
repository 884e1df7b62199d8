// What does not fit where it stands.
import type { Page } from 'playwright-core';

/** Strips of the window whose content is cut off, and controls that lie over one another, as lines. */
export function overflowing(window: Page): Promise<string[]> {
  return window.evaluate(() => {
    const found: string[] = [];
    for (const strip of document.querySelectorAll<HTMLElement>('.win, .bar, .head, .dhead, .panes, .dock')) {
      if (strip.scrollWidth > strip.clientWidth + 1) found.push(`${strip.className} overflows`);
      const parts = [...strip.querySelectorAll('button, input')]
        .map((part) => ({ part, box: part.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0);
      for (const { part, box } of strip.matches('.bar, .head, .dhead') ? parts : []) {
        const { right } = strip.getBoundingClientRect();
        if (box.right > right + 1) found.push(`${part.outerHTML.slice(0, 80)} is cut off`);
        const under = parts.find(
          (other) => other.part !== part && other.box.left < box.left && other.box.right > box.left + 1,
        );
        if (under && !under.part.contains(part)) found.push(`${part.outerHTML.slice(0, 80)} overlaps`);
      }
    }
    return found;
  });
}
