import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';

interface SplitterProps {
  label: string;
  /** Which way the value grows on the screen. */
  axis: 'x' | 'up';
  value: number;
  min: number;
  max: number;
  /** Null puts it back to where it is by itself. */
  onChange: (value: number | null) => void;
  className: string;
  style?: React.CSSProperties;
}

/** A divider: dragged, moved by arrows (16 px, with Shift 64), put back by a double click. */
export function Splitter(props: SplitterProps) {
  const start = useRef<{ at: number; value: number } | null>(null);
  const [dragging, setDragging] = useState(false);
  const set = (value: number) => props.onChange(Math.round(Math.max(props.min, Math.min(props.max, value))));
  const position = (event: PointerEvent) => (props.axis === 'x' ? event.clientX : -event.clientY);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 64 : 16;
    const [more, less] = props.axis === 'x' ? ['ArrowRight', 'ArrowLeft'] : ['ArrowUp', 'ArrowDown'];
    if (event.key === more) set(props.value + step);
    else if (event.key === less) set(props.value - step);
    else if (event.key === 'Home') set(props.min);
    else if (event.key === 'End') set(props.max);
    else if (event.key === 'Enter') props.onChange(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation={props.axis === 'x' ? 'vertical' : 'horizontal'}
      aria-valuenow={props.value}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      className={props.className}
      style={props.style}
      data-dragging={dragging || undefined}
      onKeyDown={onKeyDown}
      onDoubleClick={() => props.onChange(null)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: position(event), value: props.value };
        setDragging(true);
      }}
      onPointerMove={(event) => {
        if (start.current) set(start.current.value + position(event) - start.current.at);
      }}
      onLostPointerCapture={() => {
        start.current = null;
        setDragging(false);
      }}
    />
  );
}

/** A number that outlives the window, such as the width of a pane; null until the person chose one. */
export function useKept(name: string): [number | null, (value: number | null) => void] {
  const [value, setValue] = useState(() => {
    const kept = Number(localStorage.getItem(`glasspost.${name}`));
    return Number.isFinite(kept) && kept > 0 ? kept : null;
  });
  return [
    value,
    (next) => {
      setValue(next);
      if (next === null) localStorage.removeItem(`glasspost.${name}`);
      else localStorage.setItem(`glasspost.${name}`, String(next));
    },
  ];
}
