import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type RefObject } from 'react';
import type { MessageKey } from '../../../shared/model/ids.ts';
import type { MessageOrder } from '../../../shared/model/message.ts';
import { wantRows } from '../../state/list.ts';
import { emptyOrder, indexOfKey, keyAt } from '../../state/order.ts';
import { useSearch } from '../../state/search.ts';
import { useApp } from '../../state/store.ts';
import { startOfDay } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { groupByDate, groupBySource, itemAt, itemOf, type Group } from './groups.ts';

interface ListScroll {
  box: RefObject<HTMLDivElement | null>;
  groups: readonly Group[];
  virtual: Virtualizer<HTMLDivElement, Element>;
  /** How many rows a page holds. */
  page: number;
}

interface Held {
  id: MessageKey;
  /** Where its upper edge stood below the upper edge of the list. */
  offset: number;
}

/** The scrolling of the list: which items show, which rows are wanted, and that nothing moves when mail arrives. */
export function useListScroll(
  order: MessageOrder | null,
  cursor: MessageKey | null,
  now: number,
): ListScroll {
  const { t, language } = useText();
  const compact = useApp((state) => state.settings.density === 'compact');
  const view = useApp((state) => state.view);
  const rowHeight = compact ? 44 : 68;
  const groupHeight = compact ? 24 : 28;
  const box = useRef<HTMLDivElement>(null);
  const shown = order ?? emptyOrder;
  const today = startOfDay(now);
  const searched = view.kind === 'search';
  const fromServer = useSearch((state) => state.fromServer);
  const cut = useSearch((state) => state.found?.more === true);
  const groups = useMemo(
    () =>
      searched ? groupBySource(shown, fromServer, cut, t, language) : groupByDate(shown, today, t, language),
    [searched, shown, fromServer, cut, today, t, language],
  );
  const top = useCallback(
    (index: number) => {
      const item = itemOf(groups, index);
      return item * rowHeight - (item - index) * (rowHeight - groupHeight);
    },
    [groups, rowHeight, groupHeight],
  );
  const virtual = useVirtualizer<HTMLDivElement, Element>({
    count: shown.ids.length + groups.length,
    getScrollElement: () => box.current,
    estimateSize: (item) => ('group' in itemAt(groups, item) ? groupHeight : rowHeight),
    // A new function makes it measure again, which it must exactly when one of these changed.
    getItemKey: useCallback(
      (item: number) => {
        const what = itemAt(groups, item);
        return 'group' in what ? `${what.group.label}.${rowHeight}` : (shown.ids[what.index] ?? item);
      },
      [groups, shown, rowHeight],
    ),
    overscan: 8,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, groups, shown, rowHeight]);

  // A new view starts at its top.
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: 0 });
  }, [view]);
  useHold({ box, order, cursor, top, view });

  // The cursor is kept in sight when the person moves it, not when mail moves it.
  useEffect(() => {
    const element = box.current;
    const { order: current } = useApp.getState();
    if (cursor === null || !element || !current) return;
    const index = indexOfKey(current, cursor);
    if (index < 0) return;
    const start = index === 0 ? 0 : top(index);
    const end = top(index) + rowHeight;
    if (start < element.scrollTop) element.scrollTo({ top: start });
    else if (end > element.scrollTop + element.clientHeight)
      element.scrollTo({ top: end - element.clientHeight });
    // eslint-disable-next-line -- only the cursor may move the list
  }, [cursor]);

  const items = virtual.getVirtualItems();
  const first = items[0];
  const last = items.at(-1);
  useEffect(() => {
    if (!order || !first || !last) return;
    wantRows(indexNear(groups, first.index), indexNear(groups, last.index));
  }, [order, groups, first, last]);
  return {
    box,
    groups,
    virtual,
    page: Math.max(1, Math.floor((box.current?.clientHeight ?? 600) / rowHeight) - 1),
  };
}

function indexNear(groups: readonly Group[], item: number): number {
  const what = itemAt(groups, item);
  return 'group' in what ? what.group.first : what.index;
}

interface HoldOptions {
  box: RefObject<HTMLDivElement | null>;
  order: MessageOrder | null;
  cursor: MessageKey | null;
  top: (index: number) => number;
  view: unknown;
}

/** Keeps one row where it is on the screen while rows come and go above: the cursor's, else the first in sight. */
function useHold(options: HoldOptions): void {
  const { box, order, cursor, top, view } = options;
  const held = useRef<{ view: unknown; row: Held | null }>({ view, row: null });
  useLayoutEffect(() => {
    const element = box.current;
    const { row } = held.current;
    if (!element || !order || !row || held.current.view !== view) return;
    const index = indexOfKey(order, row.id);
    if (index >= 0) element.scrollTo({ top: top(index) - row.offset });
    // Only a changed order or height may move the list.
  }, [box, order, top, view]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !order) {
      held.current = { view, row: null };
      return undefined;
    }
    const hold = () => {
      const { scrollTop, clientHeight } = element;
      const at = cursor === null ? -1 : indexOfKey(order, cursor);
      const inSight = at >= 0 && top(at) >= scrollTop - 1 && top(at) < scrollTop + clientHeight;
      // At the very top with nothing selected, new mail is let in.
      const index = inSight ? at : scrollTop < 4 ? -1 : firstInSight(order, top, scrollTop);
      const id = index < 0 ? undefined : keyAt(order, index);
      held.current = { view, row: id === undefined ? null : { id, offset: top(index) - scrollTop } };
    };
    hold();
    element.addEventListener('scroll', hold, { passive: true });
    return () => element.removeEventListener('scroll', hold);
  }, [box, order, cursor, top, view]);
}

function firstInSight(order: MessageOrder, top: (index: number) => number, scrollTop: number): number {
  let low = 0;
  let high = order.ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (top(middle) < scrollTop) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, order.ids.length - 1);
}
