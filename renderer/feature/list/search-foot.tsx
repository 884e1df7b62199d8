import { Globe, Info, TriangleAlert } from 'lucide-react';
import { searchServer, useSearch } from '../../state/search.ts';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';

/** Below what was found: what else there is to know, and the way to ask the servers too. */
export function SearchFoot() {
  const { t } = useText();
  const found = useSearch((state) => state.found);
  const server = useSearch((state) => state.server);
  const more = useSearch((state) => state.fromServer.size);
  const accounts = useApp((state) => state.accounts);
  const imap = accounts.filter((account) => account.mode === 'imap');
  const offline = useApp((state) =>
    imap.every((account) => {
      const now = state.statuses.get(account.id)?.state;
      return now !== 'online' && now !== 'syncing' && now !== 'idle';
    }),
  );
  if (!found) return null;
  const told = typeof server === 'object' ? server : null;
  return (
    <div className="search-foot" role="status" data-testid="search-foot">
      {found.notes.map((note) => (
        <p key={`${note.operator}:${note.value}`}>
          <Icon of={Info} size="s" />
          <span className="anywhere">{t('search.note', note)}</span>
        </p>
      ))}
      {found.complete ? null : (
        <p>
          <Icon of={Info} size="s" />
          <span>{t('search.incomplete')}</span>
        </p>
      )}
      {told && told.left.length > 0 ? (
        <p>
          <Icon of={Info} size="s" />
          <span className="anywhere">{t('search.left', { words: told.left.join(', ') })}</span>
        </p>
      ) : null}
      {told?.problems.map((problem) => (
        <p key={problem.where} className="warn">
          <Icon of={TriangleAlert} size="s" tone="warn" />
          <span className="anywhere">{t('search.problem', problem)}</span>
        </p>
      ))}
      {told && more === 0 && told.problems.length === 0 ? <p>{t('search.nothingMore')}</p> : null}
      {server === 'asking' ? <p>{t('search.asking')}</p> : null}
      {server === null && imap.length > 0 && offline ? <p>{t('search.offline')}</p> : null}
      {server === null && imap.length > 0 && !offline ? (
        <button
          type="button"
          className="btn line"
          data-testid="search-server"
          onClick={() => void searchServer()}
        >
          <Icon of={Globe} size="s" />
          {t('search.ask')}
        </button>
      ) : null}
    </div>
  );
}
