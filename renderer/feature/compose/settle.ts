/** Lets a field that is being typed in hand over what it holds; the keyboard stays there. */
export function settleFields(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) return;
  field.blur();
  field.focus();
}
