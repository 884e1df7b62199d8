import { create } from 'zustand';
import type { Payload } from '../../shared/contract/events.ts';
import type { Mode } from '../../shared/model/account.ts';
import type { Failure } from '../../shared/model/failure.ts';
import type { Mailbox } from '../../shared/model/mailbox.ts';
import type { Deed } from '../../shared/model/operation.ts';
import type { Right } from './mailbox-rules.ts';

/** What a toast says: an event by name, put into words by whoever shows it. */
export type ToastContent =
  | { kind: 'deleted'; count: number; deeds: readonly number[] }
  | { kind: 'moved' | 'copied-to'; count: number; mailbox: Mailbox; deeds: readonly number[] }
  | { kind: 'mailbox-deleted'; name: string; gone: boolean; deeds: readonly number[] }
  | { kind: 'undone'; deed: Deed }
  | { kind: 'nothing-to-undo' }
  | { kind: 'forbidden'; right: Right }
  | { kind: 'refusal'; refusal: Payload<'refusal'> }
  | { kind: 'sent'; subject: string; refused: readonly { address: string; reply: string }[] }
  | { kind: 'saved'; path: string }
  | { kind: 'mode'; email: string; mode: Mode }
  | { kind: 'copied' }
  | { kind: 'failure'; failure: Failure };

export interface Toast {
  id: number;
  content: ToastContent;
}

/** The toasts on the screen, oldest first. */
export const useToasts = create<{ toasts: readonly Toast[] }>()(() => ({ toasts: [] }));

let lastId = 0;

/** Shows a toast; a failure stays longer, since it must be read. At most three are kept. */
export function showToast(content: ToastContent): void {
  lastId += 1;
  const id = lastId;
  useToasts.setState((state) => ({ toasts: [...state.toasts.slice(-2), { id, content }] }));
  const long =
    content.kind === 'failure' ||
    content.kind === 'refusal' ||
    (content.kind === 'sent' && content.refused.length > 0);
  // What only confirms goes soon; what can be taken back stays a little.
  const undo = deedsOf(content).length > 0;
  setTimeout(() => dismissToast(id), long ? 20_000 : undo ? 8_000 : 5_000);
}

/** Takes a toast away. */
export function dismissToast(id: number): void {
  useToasts.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
}

/** What a toast can take back. */
export function deedsOf(content: ToastContent): readonly number[] {
  return 'deeds' in content ? content.deeds : [];
}

/** Takes the toast away whose undo has become empty. */
export function dismissUndo(deed: number): void {
  useToasts.setState((state) => ({
    toasts: state.toasts.filter(({ content }) => !deedsOf(content).includes(deed)),
  }));
}
