import type { Failure } from '../../shared/model/failure.ts';
import { useText } from '../text/text.ts';
import { FailureNote } from './failure-note.tsx';

/** What is left to say when main gives no snapshot. */
export function StartFailed(props: { failure: Failure }) {
  const { t } = useText();
  return (
    <main className="empty" style={{ height: '100%' }}>
      <FailureNote failure={props.failure} heading={t('start.failed')} />
      <button type="button" className="btn line" onClick={() => location.reload()}>
        {t('common.tryAgain')}
      </button>
    </main>
  );
}
