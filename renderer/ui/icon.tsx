import type { LucideIcon } from 'lucide-react';

/** An icon of the one grid: 16 px (14 when `small`, 20 when `large`), a stroke of 1.5 px whatever the size. */
export function Icon(props: { of: LucideIcon; size?: 's' | 'l'; tone?: 'flag' | 'bad' | 'warn' | 'good' }) {
  const pixels = props.size === 's' ? 14 : props.size === 'l' ? 20 : 16;
  return (
    <props.of
      size={pixels}
      strokeWidth={1.5}
      absoluteStrokeWidth
      aria-hidden
      className={`i ${props.size ?? ''} ${props.tone ?? ''}`}
    />
  );
}

/** The mark: an envelope and the pane of glass behind it. */
export function Mark() {
  return (
    <svg
      className="mark"
      viewBox="0 0 20 20"
      fill="none"
      stroke="var(--accent)"
      strokeWidth="1.5"
      strokeLinejoin="round"
      aria-hidden
    >
      <rect x="2.75" y="4.75" width="10.5" height="8.5" rx="1.5" />
      <path d="M6.75 13.25v2h10.5v-8.5h-4" opacity=".55" />
      <path d="M3.2 5.8 8 9.4l4.8-3.6" />
    </svg>
  );
}
