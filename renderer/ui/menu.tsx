import { Check, ChevronRight, type LucideIcon } from 'lucide-react';
import { useRef } from 'react';
import {
  Button,
  Menu as AriaMenu,
  MenuItem,
  MenuTrigger,
  Popover,
  Separator,
  SubmenuTrigger,
} from 'react-aria-components';
import { useOverlay } from '../state/overlays.ts';
import { Icon } from './icon.tsx';

export interface MenuEntry {
  id: string;
  label: string;
  /** None leaves its place empty. */
  icon?: LucideIcon;
  run?: () => void;
  danger?: boolean;
  /** A hairline above this entry. */
  apart?: boolean;
  /** Why it can't be done now: it is greyed, and says so. */
  because?: string | undefined;
  /** A key that does the same. */
  keys?: string;
  /** One of a few, and whether it is the chosen one. */
  chosen?: boolean;
  /** A menu of its own. */
  entries?: readonly MenuEntry[];
}

/** An icon button that opens a menu. */
export function MenuButton(props: {
  label: string;
  icon: LucideIcon;
  entries: readonly MenuEntry[];
  className?: string;
}) {
  return (
    <MenuTrigger>
      <Button className={props.className ?? 'ib'} aria-label={props.label}>
        <Icon of={props.icon} />
      </Button>
      <Popover placement="bottom end" offset={4}>
        <Entries entries={props.entries} label={props.label} />
      </Popover>
    </MenuTrigger>
  );
}

/** A menu at a point of the window: under the pointer, or at what has the keyboard. */
export function ContextMenu(props: {
  label: string;
  at: { x: number; y: number };
  entries: readonly MenuEntry[];
  onClose: () => void;
}) {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span
        ref={anchor}
        aria-hidden
        style={{ position: 'fixed', left: props.at.x, top: props.at.y, width: 1, height: 1 }}
      />
      <Popover
        isOpen
        aria-label={props.label}
        triggerRef={anchor}
        placement="bottom start"
        offset={0}
        onOpenChange={(open) => {
          if (!open) props.onClose();
        }}
      >
        <Entries entries={props.entries} label={props.label} onClose={props.onClose} atOnce />
      </Popover>
    </>
  );
}

interface EntriesProps {
  entries: readonly MenuEntry[];
  label: string;
  onClose?: () => void;
  /** Takes the keyboard by itself: nothing opened it that would give it over. */
  atOnce?: boolean;
}

function Entries(props: EntriesProps) {
  useOverlay();
  return (
    <AriaMenu
      className="menu"
      aria-label={props.label}
      {...(props.onClose ? { onClose: props.onClose } : {})}
      {...(props.atOnce ? { autoFocus: 'first' as const } : {})}
    >
      {props.entries.flatMap((entry) => [
        ...(entry.apart ? [<Separator key={`${entry.id}-line`} />] : []),
        entry.entries && entry.because === undefined ? (
          <SubmenuTrigger key={entry.id}>
            <Item entry={entry} />
            <Popover offset={-2} aria-label={entry.label}>
              <Entries
                entries={entry.entries}
                label={entry.label}
                {...(props.onClose ? { onClose: props.onClose } : {})}
              />
            </Popover>
          </SubmenuTrigger>
        ) : (
          <Item key={entry.id} entry={entry} />
        ),
      ])}
    </AriaMenu>
  );
}

function Item({ entry }: { entry: MenuEntry }) {
  const icon = entry.chosen ? Check : entry.icon;
  return (
    <MenuItem
      id={entry.id}
      className={entry.danger ? 'danger' : ''}
      data-testid={`menu-${entry.id}`}
      isDisabled={entry.because !== undefined}
      onAction={entry.run ?? (() => undefined)}
      textValue={entry.label}
    >
      {icon ? <Icon of={icon} /> : <span className="i" />}
      <span className="words">
        <span>{entry.label}</span>
        {entry.because === undefined ? null : <span className="because">{entry.because}</span>}
      </span>
      {entry.keys === undefined ? null : <kbd aria-hidden>{entry.keys}</kbd>}
      {entry.entries ? <Icon of={ChevronRight} size="s" /> : null}
    </MenuItem>
  );
}
