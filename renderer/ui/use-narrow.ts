import { useLayoutEffect, useState, type RefObject } from 'react';

/** Whether an element is narrower than a number of pixels: for what CSS alone cannot move elsewhere. */
export function useNarrow(element: RefObject<HTMLElement | null>, below: number): boolean {
  const [narrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const measure = ([entry]: ResizeObserverEntry[]) => {
      // Hidden has no width, and is not narrow.
      if (entry && entry.contentRect.width > 0) setNarrow(entry.contentRect.width < below);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, below]);
  return narrow;
}
