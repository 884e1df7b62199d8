import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { bridge } from '../../bridge.ts';
import { useOverlays } from '../../state/overlays.ts';
import { useToasts } from '../../state/toasts.ts';

/**
 * The empty place of the body. Main lays an isolated native view over it, so its rectangle is reported
 * whenever it changes, and the view is hidden while something of ours is open: it would lie beneath.
 */
export function BodyPlace(props: { message: MessageKey; as: 'html' | 'text' }) {
  const { message, as } = props;
  const place = useRef<HTMLDivElement>(null);
  const last = useRef('');
  const covered = useOverlays((state) => state.count + state.veils > 0);
  const toasts = useToasts((state) => state.toasts);
  const report = useCallback(() => {
    const element = place.current;
    if (!element) return;
    const { x, y, width, height } = element.getBoundingClientRect();
    const end = Math.min(y + height, topOfToasts(x, x + width));
    // Rounded at both ends, so that neither a seam nor an overlap is left.
    const [left, top] = [Math.round(x), Math.round(y)];
    const at = { x: left, y: top, width: Math.round(x + width) - left, height: Math.round(end) - top };
    const argument = covered || at.width < 1 || at.height < 1 ? null : { message, as, at };
    const name = JSON.stringify(argument);
    if (name === last.current) return;
    last.current = name;
    void bridge.request('view.place', argument);
  }, [message, as, covered]);
  // Every drawing may have moved it without changing its size; so may a toast that comes or goes.
  useLayoutEffect(report);
  useEffect(report, [report, toasts]);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(report);
    observer.observe(element);
    // What stands above moves it down without a resize of its own once it is as small as it gets.
    if (element.parentElement) observer.observe(element.parentElement);
    window.addEventListener('resize', report);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', report);
    };
  }, [report]);
  useEffect(
    () => () => {
      void bridge.request('view.place', null);
    },
    [],
  );
  return <div ref={place} className="body-place" data-testid="body-place" />;
}

/** Where the toasts begin, if any of them would lie over this stretch of the window. */
function topOfToasts(left: number, right: number): number {
  const box = document.querySelector('.toasts')?.getBoundingClientRect();
  return !box || box.height === 0 || box.left >= right || box.right <= left ? Infinity : box.top - 8;
}
