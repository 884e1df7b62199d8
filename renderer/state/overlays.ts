import { useEffect } from 'react';
import { create } from 'zustand';

/**
 * How many dialogs, menus and popovers are open. The message body is a native view above the page,
 * so it must step aside while anything of ours could lie over it.
 */
export const useOverlays = create<{ count: number }>()(() => ({ count: 0 }));

/** Counts the calling component as an overlay while it is mounted. */
export function useOverlay(): void {
  useEffect(() => {
    useOverlays.setState((state) => ({ count: state.count + 1 }));
    return () => useOverlays.setState((state) => ({ count: state.count - 1 }));
  }, []);
}
