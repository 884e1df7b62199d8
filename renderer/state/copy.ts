import { showToast } from './toasts.ts';

/** Puts text on the clipboard and says so. */
export async function copyText(text: string): Promise<void> {
  try {
    // The program's windows have no permissions; a person's own press needs none with the older command.
    if (!copyByCommand(text)) await navigator.clipboard.writeText(text);
    showToast({ kind: 'copied' });
  } catch (error) {
    showToast({ kind: 'failure', failure: { code: 'internal', detail: String(error) } });
  }
}

function copyByCommand(text: string): boolean {
  let taken = false;
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopPropagation();
    taken = true;
  };
  document.addEventListener('copy', give, { capture: true, once: true });
  // oxlint-disable-next-line typescript/no-deprecated -- there is no other way without a permission
  const done = document.execCommand('copy');
  document.removeEventListener('copy', give, { capture: true });
  return done && taken;
}
