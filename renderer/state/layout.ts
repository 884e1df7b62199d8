import { create } from 'zustand';

/**
 * How the three panes share the window: all side by side; the tree in a drawer that is opened by a button;
 * or, on a very narrow or much enlarged window, list and reader taking turns.
 */
export type LayoutMode = 'wide' | 'drawer' | 'turns';

interface Layout {
  width: number;
  height: number;
  /** Whether a wide window shows the tree. */
  tree: boolean;
  /** Whether the drawer is open, where there is one. */
  drawer: boolean;
  /** Whose turn it is, where they take turns. */
  turn: 'list' | 'reader';
}

const KEPT = 'glasspost.tree';

export const useLayout = create<Layout>()(() => ({
  width: 1280,
  height: 800,
  tree: true,
  drawer: false,
  turn: 'list',
}));

export function modeOf(width: number): LayoutMode {
  return width >= 900 ? 'wide' : width >= 720 ? 'drawer' : 'turns';
}

export const selectMode = (state: Layout): LayoutMode => modeOf(state.width);

/** Keeps the layout in step with the size of the window. */
export function followWindow(): void {
  const set = () => useLayout.setState({ width: innerWidth, height: innerHeight, drawer: false });
  useLayout.setState({ tree: localStorage.getItem(KEPT) !== 'closed' });
  set();
  window.addEventListener('resize', set);
}

/** Shows or hides the mailboxes: as a column where there is room, else as a drawer. */
export function toggleTree(): void {
  const { tree, drawer, width } = useLayout.getState();
  if (modeOf(width) !== 'wide') {
    useLayout.setState({ drawer: !drawer });
    return;
  }
  localStorage.setItem(KEPT, tree ? 'closed' : 'open');
  useLayout.setState({ tree: !tree });
}

export function closeDrawer(): void {
  if (useLayout.getState().drawer) useLayout.setState({ drawer: false });
}

/** Lets a pane be seen whose turn it may not be. */
export function showPane(name: string): void {
  if (name === 'list' || name === 'reader') useLayout.setState({ turn: name, drawer: false });
}

/** The reader is not squeezed below this. */
const READER = 440;

export interface PaneWidths {
  side: number;
  list: number;
  normalSide: number;
  normalList: number;
}

/** The widths of the tree and the list: as the person left them, as far as the reader keeps enough. */
export function paneWidths(
  window: { width: number; compact: boolean; tree: boolean },
  kept: { side: number | null; list: number | null },
): PaneWidths {
  const { width, compact } = window;
  const small = width <= 1100;
  const normalSide = compact || small ? 208 : 228;
  const normalList = compact ? 304 : small ? 320 : 364;
  const fit = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));
  const open = window.tree && modeOf(width) === 'wide';
  const wishSide = fit(kept.side ?? normalSide, 180, 320);
  const wishList = fit(kept.list ?? normalList, 280, 480);
  const side = open ? fit(wishSide, 180, Math.max(180, width - READER - 280)) : 0;
  const list = fit(wishList, 280, Math.max(280, width - READER - side));
  return { side, list, normalSide, normalList };
}
