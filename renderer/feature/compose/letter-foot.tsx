import { Send } from 'lucide-react';
import { useState } from 'react';
import type { Draft } from '../../../shared/model/draft.ts';
import { ask } from '../../state/request.ts';
import { size, timeWithSeconds } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Modal } from '../../ui/modal.tsx';
import { sizeAsSent } from './draft-attachments.tsx';
import type { Obstacle } from './letter.tsx';
import type { Saving } from './use-draft.ts';

/** What most servers take at most; the meter shows how near the letter comes. */
const USUAL_LIMIT = 25_000_000;

interface LetterFootProps {
  draft: Draft;
  saving: Saving;
  obstacle: Obstacle;
  /** Sending was asked for in spite of the obstacle. */
  refused: boolean;
  sending: boolean;
  onSend: () => void;
}

/** Send, what stands in the way, whether it is saved, how big it is, and discard. */
export function LetterFoot(props: LetterFootProps) {
  const { t, language } = useText();
  const { draft, obstacle, sending } = props;
  const [asking, setAsking] = useState(false);
  const discard = () => void ask('draft.discard', { draft: draft.id });
  const blank =
    draft.subject === '' &&
    draft.attachments.length === 0 &&
    draft.body.replace(/<[^>]*>/gu, '').trim() === '';
  const bytes = sizeAsSent(draft);
  const saved = {
    saved: t('compose.saved', { time: timeWithSeconds(draft.updated, language) }),
    unsaved: t('compose.unsaved'),
    saving: t('compose.saving'),
    failed: t('compose.saveFailed'),
  }[props.saving];
  return (
    <footer className="cmp-foot">
      <button
        type="button"
        className="btn main big"
        data-testid="compose-send"
        // Never disabled for an obstacle: pressing it says what is missing, and takes an address still being typed.
        disabled={sending}
        aria-describedby="obstacle"
        onClick={props.onSend}
      >
        <Icon of={Send} />
        {sending ? t('compose.sending') : t('compose.send')}
        <kbd>Ctrl ↵</kbd>
      </button>
      <span
        id="obstacle"
        className={`cap ${props.refused && obstacle !== null ? 'bad' : ''}`}
        data-testid="compose-obstacle"
        role={props.refused ? 'alert' : undefined}
      >
        {obstacle === null ? '' : t(`compose.${obstacle}`)}
      </span>
      <span className="grow" />
      <span className="cap num" data-testid="compose-saved" role="status">
        {saved}
      </span>
      <span className="size">
        <span className="cap num">{t('compose.size', { size: size(bytes, language) })}</span>
        <span className="meter">
          <span style={{ width: `${Math.min(100, Math.max(1, (bytes / USUAL_LIMIT) * 100))}%` }} />
        </span>
      </span>
      <button
        type="button"
        className="btn big"
        data-testid="compose-discard"
        onClick={() => (blank ? discard() : setAsking(true))}
      >
        {t('compose.discard')}
      </button>
      {asking ? (
        <Modal
          title={t('compose.discardTitle')}
          text={t('compose.discardText')}
          width={420}
          role="alertdialog"
          onClose={() => setAsking(false)}
          footer={
            <>
              <span className="grow" />
              <button type="button" className="btn big" onClick={() => setAsking(false)}>
                {t('compose.keep')}
              </button>
              <button
                type="button"
                className="btn big danger fill"
                data-testid="discard-confirm"
                onClick={discard}
              >
                {t('compose.discard')}
              </button>
            </>
          }
        />
      ) : null}
    </footer>
  );
}
