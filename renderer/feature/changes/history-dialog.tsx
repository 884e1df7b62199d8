import { Copy, Flag, Folder, FolderInput, Trash2, type LucideIcon } from 'lucide-react';
import { useEffect } from 'react';
import type { Deed } from '../../../shared/model/operation.ts';
import { loadDeeds, useChanges } from '../../state/changes.ts';
import { undoDeed } from '../../state/deeds.ts';
import { showDialog } from '../../state/store.ts';
import { canUndo } from '../../state/undoable.ts';
import { aboutWords, capital, doingWords } from '../../text/deed-words.ts';
import { rowDate } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Modal } from '../../ui/modal.tsx';
import { useNow } from '../../ui/use-now.ts';

const icons: Readonly<Record<Deed['kind'], LucideIcon>> = {
  flag: Flag,
  move: FolderInput,
  copy: Copy,
  remove: Trash2,
  create: Folder,
  rename: Folder,
  delete: Trash2,
  subscribe: Folder,
};

/** What was done, newest first, each with a way back while there is one. */
export function HistoryDialog() {
  const { t } = useText();
  const deeds = useChanges((state) => state.deeds);
  useEffect(() => void loadDeeds(), []);
  const close = () => showDialog(null);
  return (
    <Modal
      title={t('history.title')}
      text={t('history.text')}
      width={520}
      testId="history-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big main" onClick={close}>
            {t('common.done')}
          </button>
        </>
      }
    >
      {deeds?.length === 0 ? (
        <div className="empty">
          <b>{t('history.empty')}</b>
          <p>{t('history.emptyHint')}</p>
        </div>
      ) : null}
      <ul className="changes">
        {deeds?.map((deed) => (
          <Row key={deed.id} deed={deed} onUndo={() => void undoDeed(deed.id).then(loadDeeds)} />
        ))}
      </ul>
    </Modal>
  );
}

function Row(props: { deed: Deed; onUndo: () => void }) {
  const { t, language } = useText();
  const now = useNow();
  const { deed } = props;
  const about = aboutWords(deed, t, language);
  return (
    <li className={`change ${deed.undone ? 'gone' : ''}`} data-testid="history-row">
      <Icon of={icons[deed.kind]} />
      <div className="grow">
        <b>{capital(doingWords(deed, t))}</b>
        {about === '' ? null : <p>{about}</p>}
        <p className="meta num">{rowDate(deed.made, now, language)}</p>
      </div>
      {canUndo(deed) ? (
        <button
          type="button"
          className="btn line"
          data-testid="history-undo"
          aria-label={`${t('common.undo')}: ${doingWords(deed, t)}`}
          onClick={props.onUndo}
        >
          {t('common.undo')}
        </button>
      ) : (
        <span className="cap">{t(deed.undone ? 'history.undone' : 'history.final')}</span>
      )}
    </li>
  );
}
