import { useRef, type KeyboardEvent } from 'react';
import { useText } from '../../text/text.ts';

const names = ['message', 'headers', 'structure', 'raw'] as const;
export type TabName = (typeof names)[number];

/** The views of a message; arrows move between them, as in any tab list. */
export function Tabs(props: { tab: TabName; onChange: (tab: TabName) => void }) {
  const { t } = useText();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const to = (names.indexOf(props.tab) + step + names.length) % names.length;
    const name = names[to];
    if (name) props.onChange(name);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <div
      ref={list}
      className="tabs"
      role="tablist"
      tabIndex={-1}
      aria-label={t('reader.views')}
      onKeyDown={onKeyDown}
    >
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === props.tab}
          aria-controls="reader-panel"
          tabIndex={name === props.tab ? 0 : -1}
          data-pane-focus={name === props.tab || undefined}
          data-testid={`tab-${name}`}
          onClick={() => props.onChange(name)}
        >
          {t(`reader.tab.${name}`)}
        </button>
      ))}
    </div>
  );
}
