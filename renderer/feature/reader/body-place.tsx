import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { bridge } from '../../bridge.ts';
import { useOverlays } from '../../state/overlays.ts';

/**
 * The empty place of the body. Main lays an isolated native view over it, so its rectangle is reported
 * whenever it changes, and the view is hidden while something of ours is open: it would lie beneath.
 */
export function BodyPlace(props: { message: MessageKey; as: 'html' | 'text' }) {
  const { message, as } = props;
  const place = useRef<HTMLDivElement>(null);
  const last = useRef('');
  const covered = useOverlays((state) => state.count > 0);
  const report = useCallback(() => {
    const element = place.current;
    if (!element) return;
    const { x, y, width, height } = element.getBoundingClientRect();
    const at = { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
    const argument = covered || width < 1 || height < 1 ? null : { message, as, at };
    const name = JSON.stringify(argument);
    if (name === last.current) return;
    last.current = name;
    void bridge.request('view.place', argument);
  }, [message, as, covered]);
  // Every drawing may have moved it without changing its size.
  useLayoutEffect(report);
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
