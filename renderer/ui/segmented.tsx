import type { LucideIcon } from 'lucide-react';
import { useRef, type KeyboardEvent } from 'react';
import { Icon } from './icon.tsx';

export interface Segment<T extends string> {
  value: T;
  label: string;
  icon?: LucideIcon;
  testId?: string;
}

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  options: readonly Segment<T>[];
  onChange: (value: T) => void;
  wide?: boolean;
  className?: string;
}

/** One of a few: a radio group that looks like a switch. Arrows move, and moving chooses. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = props.options.findIndex((option) => option.value === props.value);
    const to = (at + step + props.options.length) % props.options.length;
    const option = props.options[to];
    if (!option) return;
    props.onChange(option.value);
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[to]?.focus();
  };
  return (
    <div
      ref={group}
      className={`seg ${props.wide ? 'wide' : ''} ${props.className ?? ''}`}
      role="radiogroup"
      tabIndex={-1}
      aria-label={props.label}
      onKeyDown={onKeyDown}
    >
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === props.value}
          tabIndex={option.value === props.value ? 0 : -1}
          data-testid={option.testId}
          onClick={() => props.onChange(option.value)}
        >
          {option.icon ? <Icon of={option.icon} size="s" /> : null}
          {option.label}
        </button>
      ))}
    </div>
  );
}
