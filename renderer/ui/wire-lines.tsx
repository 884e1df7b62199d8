import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { WireLine } from '../../shared/wire/line.ts';
import { WireRow, type WireItem } from './wire-row.tsx';
import type { Explain } from '../state/explain.ts';
import { useApp } from '../state/store.ts';

interface WireLinesProps {
  lines: readonly WireLine[];
  /** What a line means; without it there is no column for that. */
  explain?: Explain | undefined;
  follow: boolean;
  /** The person scrolled away from the end, or back to it. */
  onFollow?: (follow: boolean) => void;
  label: string;
  testId?: string;
}

const keyOf = (line: WireLine) => `${line.connection}.${line.seq}`;

/** Splits the beginning of a block into rows; a hundred are enough to see what it is. */
function blockRows(line: WireLine): WireItem[] {
  return line.text
    .split(/\r?\n/u)
    .slice(0, 100)
    .map((text, index) => ({ key: `${keyOf(line)}.${index}`, line, part: text }));
}

/** Protocol lines as they came, virtualised: knows nothing of where they come from. */
export function WireLines(props: WireLinesProps) {
  const { lines, follow, onFollow } = props;
  const box = useRef<HTMLDivElement>(null);
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const rowHeight = useApp((state) => (state.settings.density === 'compact' ? 18 : 20));
  const items = useMemo<readonly WireItem[]>(() => {
    if (unfolded.size === 0) return lines.map((line) => ({ key: keyOf(line), line }));
    return lines.flatMap((line) => {
      const item: WireItem = { key: keyOf(line), line };
      return unfolded.has(item.key) ? [{ ...item, open: true }, ...blockRows(line)] : [item];
    });
  }, [lines, unfolded]);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    paddingStart: 4,
    paddingEnd: 4,
  });
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  const length = virtual.getTotalSize();
  useEffect(() => {
    const element = box.current;
    if (follow && element) element.scrollTo({ top: element.scrollHeight });
  }, [follow, items, length]);
  // A box that grows or shrinks must still show its end.
  useEffect(() => {
    const element = box.current;
    if (!follow || !element) return undefined;
    const observer = new ResizeObserver(() => element.scrollTo({ top: element.scrollHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [follow]);

  const lastTop = useRef(0);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - rowHeight;
    // Only an upward move is a wish to stop: new lines push the end away by themselves.
    if (follow && !atEnd && element.scrollTop < lastTop.current) onFollow?.(false);
    else if (!follow && atEnd && element.scrollTop > lastTop.current) onFollow?.(true);
    lastTop.current = element.scrollTop;
  };
  const toggle = (key: string) => {
    const next = new Set(unfolded);
    if (!next.delete(key)) next.add(key);
    setUnfolded(next);
  };
  return (
    <div
      ref={box}
      className="wire"
      role="log"
      aria-live="off"
      aria-label={props.label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get in
      tabIndex={0}
      data-pane-focus
      data-testid={props.testId}
      onScroll={onScroll}
    >
      <div style={{ height: length }}>
        {virtual.getVirtualItems().map((row) => {
          const item = items[row.index];
          return item ? (
            <WireRow
              key={item.key}
              item={item}
              explanation={item.part === undefined ? props.explain?.(item.line) : undefined}
              explained={props.explain !== undefined}
              top={row.start}
              onToggle={toggle}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}
