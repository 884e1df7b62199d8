import { flushSync } from 'react-dom';
import { showPane } from './layout.ts';

/** Puts the keyboard into a pane: where it was made to go, else on the pane itself. */
export function focusPane(name: string): void {
  // On a narrow window it may be hidden, and what is hidden takes no focus.
  flushSync(() => showPane(name));
  const pane = document.querySelector<HTMLElement>(`[data-pane="${name}"]`);
  if (!pane) return;
  const target = pane.querySelector<HTMLElement>('[data-pane-focus]') ?? pane;
  target.focus();
}

/** Moves the keyboard to the next pane of the window, in the order of reading. */
export function nextPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
  if (panes.length === 0) return;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + step + panes.length) % panes.length] ?? panes[0];
  if (next?.dataset['pane']) focusPane(next.dataset['pane']);
}
