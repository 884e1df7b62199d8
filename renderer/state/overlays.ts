import { useEffect } from 'react';
import { create } from 'zustand';

interface Overlays {
  /** How many dialogs and menus are open: they have the keyboard. */
  count: number;
  /** How many things of ours lie over the panes without taking the keyboard. */
  veils: number;
}

/**
 * What lies over the window. The message body is a native view above the page, so it must step aside
 * while anything of ours could lie over it.
 */
export const useOverlays = create<Overlays>()(() => ({ count: 0, veils: 0 }));

/** Counts the calling component as an overlay while it is mounted. */
export function useOverlay(): void {
  useCounted('count');
}

/** Counts the calling component as something over the panes while it is mounted. */
export function useVeil(): void {
  useCounted('veils');
}

function useCounted(what: keyof Overlays): void {
  useEffect(() => {
    useOverlays.setState((state) => ({ [what]: state[what] + 1 }));
    return () => useOverlays.setState((state) => ({ [what]: state[what] - 1 }));
  }, [what]);
}
