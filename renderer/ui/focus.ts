/** A ref that gives an element the keyboard when it appears: in a dialog, where the person is to begin. */
export function focusAtOnce(element: HTMLElement | null): void {
  element?.focus();
}
