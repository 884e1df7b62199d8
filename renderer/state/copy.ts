import { showToast } from './toasts.ts';

/** Puts text on the clipboard and says so. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ kind: 'copied' });
  } catch (error) {
    showToast({ kind: 'failure', failure: { code: 'internal', detail: String(error) } });
  }
}
