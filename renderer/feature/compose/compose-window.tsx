import { useEffect } from 'react';
import type { DraftId } from '../../../shared/model/ids.ts';
import { useText } from '../../text/text.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Toasts } from '../../ui/toasts.tsx';
import { Letter } from './letter.tsx';
import { useDraft } from './use-draft.ts';
import './compose.css';

/** A window of its own around one letter. */
export function ComposeWindow(props: { id: DraftId }) {
  const { t } = useText();
  const state = useDraft(props.id);
  const subject = state.draft?.subject ?? '';
  useEffect(() => {
    document.title = subject === '' ? t('compose.title') : subject;
  }, [subject, t]);
  if (state.failure) {
    return (
      <main className="cmp-failed">
        <FailureNote failure={state.failure} />
      </main>
    );
  }
  if (state.gone) {
    return (
      <main className="empty cmp" data-testid="compose-gone">
        <b>{t('compose.gone')}</b>
        <p>{t('compose.goneText')}</p>
        <button type="button" className="btn line" onClick={() => window.close()}>
          {t('common.close')}
        </button>
      </main>
    );
  }
  return (
    <>
      {state.draft ? <Letter draft={state.draft} state={state} /> : <main className="cmp" aria-busy />}
      <Toasts />
    </>
  );
}
