import { create } from 'zustand';
import type { Failure } from '../../shared/model/failure.ts';

/** What a toast says: an event by name, put into words by whoever shows it. */
export type ToastContent =
  | { kind: 'deleted'; count: number; undo?: () => void }
  | { kind: 'moved'; count: number; mailbox: string; undo?: () => void }
  | { kind: 'sent'; subject: string; refused: readonly { address: string; reply: string }[] }
  | { kind: 'saved'; path: string }
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
  const long = content.kind === 'failure' || (content.kind === 'sent' && content.refused.length > 0);
  // What only confirms goes soon; what can be taken back stays a little.
  const undo = content.kind === 'deleted' || content.kind === 'moved';
  setTimeout(() => dismissToast(id), long ? 20_000 : undo ? 8_000 : 5_000);
}

/** Takes a toast away. */
export function dismissToast(id: number): void {
  useToasts.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
}

/** Takes back the last thing that still can be: the one whose toast is on the screen. */
export function undoLast(): void {
  const last = useToasts.getState().toasts.findLast(({ content }) => 'undo' in content && content.undo);
  if (!last || !('undo' in last.content)) return;
  last.content.undo?.();
  dismissToast(last.id);
}
