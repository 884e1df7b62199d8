import type { LucideIcon } from 'lucide-react';
import { Button, Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { useOverlay } from '../state/overlays.ts';
import { Icon } from './icon.tsx';

export interface MenuEntry {
  id: string;
  label: string;
  icon: LucideIcon;
  run: () => void;
  danger?: boolean;
  /** A hairline above this entry. */
  apart?: boolean;
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

function Entries(props: { entries: readonly MenuEntry[]; label: string }) {
  useOverlay();
  return (
    <AriaMenu className="menu" aria-label={props.label}>
      {props.entries.flatMap((entry) => [
        ...(entry.apart ? [<Separator key={`${entry.id}-line`} />] : []),
        <MenuItem
          key={entry.id}
          id={entry.id}
          className={entry.danger ? 'danger' : ''}
          onAction={entry.run}
          textValue={entry.label}
        >
          <Icon of={entry.icon} />
          {entry.label}
        </MenuItem>,
      ])}
    </AriaMenu>
  );
}
