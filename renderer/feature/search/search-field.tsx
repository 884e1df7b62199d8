import { Search, X } from 'lucide-react';
import { useEffect, type KeyboardEvent } from 'react';
import { focusPane } from '../../state/panes.ts';
import { leaveSearch, search, setTyped, useSearch } from '../../state/search.ts';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import './search.css';

/** A pause in typing this long, ms, is a wish to see. */
const REST = 220;

/** Where a search is typed. Enter and Down lead to what was found, Escape back to what was there before. */
export function SearchField() {
  const { t } = useText();
  const typed = useSearch((state) => state.typed);
  const shown = useApp((state) => (state.view.kind === 'search' ? state.view.query : ''));
  useEffect(() => {
    if (typed === shown || (typed.trim() === '' && shown === '')) return undefined;
    const timer = setTimeout(() => void search(typed), REST);
    return () => clearTimeout(timer);
  }, [typed, shown]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      void leaveSearch().then(() => focusPane('list'));
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      focusPane('list');
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void search(typed).then(() => focusPane('list'));
    }
  };
  return (
    <search className="field search-field">
      <Icon of={Search} />
      <input
        type="text"
        aria-label={t('search.field')}
        placeholder={t('search.field')}
        data-testid="search-field"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {typed === '' ? (
        <kbd aria-hidden>/</kbd>
      ) : (
        <button
          type="button"
          className="ib"
          aria-label={t('search.clear')}
          title={t('search.clear')}
          onClick={() => void leaveSearch().then(() => focusPane('list'))}
        >
          <Icon of={X} size="s" />
        </button>
      )}
    </search>
  );
}
