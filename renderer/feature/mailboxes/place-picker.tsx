import { CornerLeftUp } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Mailbox } from '../../../shared/model/mailbox.ts';
import { fold } from '../../../shared/search/fold.ts';
import { useText } from '../../text/text.ts';
import { focusAtOnce } from '../../ui/focus.ts';
import { Icon } from '../../ui/icon.tsx';
import { roleIcon } from '../../ui/mailbox-icon.ts';

export interface Place {
  id: number;
  /** Null is the top of an account. */
  box: Mailbox | null;
  label: string;
  /** A heading above it: the account it is the first of. */
  heading?: string | undefined;
  /** Why nothing can be put there. */
  because?: string | undefined;
}

/** Mailboxes to choose from, found by typing; arrows go through them, Enter takes the first. */
export function PlacePicker(props: { places: readonly Place[]; onPick: (id: number) => void }) {
  const { t } = useText();
  const { places, onPick } = props;
  const [typed, setTyped] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const wanted = fold(typed.trim());
  const shown = places.filter((place) => fold(`${place.label} ${place.box?.path ?? ''}`).includes(wanted));
  const onKeyDown = (event: KeyboardEvent) => {
    const first = shown.find((place) => place.because === undefined);
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && first) {
      event.preventDefault();
      onPick(first.id);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [
      ...(list.current?.querySelectorAll<HTMLElement>('input, button:not([aria-disabled])') ?? []),
    ];
    const at = items.findIndex((item) => item === document.activeElement);
    items[Math.max(0, Math.min(items.length - 1, at + step))]?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the field and the buttons within have the roles
    <div ref={list} className="pick places" onKeyDown={onKeyDown}>
      <input
        className="input"
        ref={focusAtOnce}
        aria-label={t('move.find')}
        placeholder={t('move.find')}
        data-testid="place-field"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {shown.length === 0 ? <p className="q">{t('move.none')}</p> : null}
      {shown.map((place) => (
        <PlaceButton key={`${place.id}`} place={place} onPick={onPick} flat={wanted !== ''} />
      ))}
    </div>
  );
}

function PlaceButton(props: { place: Place; onPick: (id: number) => void; flat: boolean }) {
  const { place } = props;
  const { box, because } = place;
  return (
    <>
      {place.heading === undefined ? null : <h2 className="branch-head">{place.heading}</h2>}
      <button
        type="button"
        className="tn"
        style={{ paddingLeft: 8 + (props.flat ? 0 : (box?.depth ?? 0) * 16) }}
        title={because ?? box?.path}
        aria-disabled={because === undefined ? undefined : true}
        data-testid={`place-${box?.role ?? 'top'}`}
        onClick={() => {
          if (because === undefined) props.onPick(place.id);
        }}
      >
        <Icon of={box ? roleIcon[box.role] : CornerLeftUp} />
        <span className="cut">{place.label}</span>
        {because === undefined ? null : <span className="sr">{because}</span>}
      </button>
    </>
  );
}
