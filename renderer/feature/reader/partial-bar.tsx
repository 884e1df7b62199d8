import { CloudDownload } from 'lucide-react';
import { useState } from 'react';
import type { MessageContent } from '../../../shared/model/message.ts';
import { endProgress, useProgress } from '../../state/progress.ts';
import { ask } from '../../state/request.ts';
import { size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';

/** Says that only the texts of a long message are here, and gets the rest when the person asks for it. */
export function PartialBar(props: { content: MessageContent; onWhole: () => void }) {
  const { t, language } = useText();
  const { content } = props;
  const [fetching, setFetching] = useState(false);
  const step = useProgress((state) => state.tasks.get(String(content.id)));
  // Also where the person looked at something else meanwhile.
  const running = fetching || step !== undefined;
  if (content.partial === undefined) return null;
  const fetch = async () => {
    setFetching(true);
    const reply = await ask('message.fetchWhole', { id: content.id });
    endProgress(String(content.id));
    setFetching(false);
    if (reply.ok && !reply.result.interrupted) props.onWhole();
  };
  const words = step
    ? t('reader.fetching', { done: size(step.done, language), total: size(step.total, language) })
    : t('reader.fetchingNow');
  return (
    <div className="strip in-reader" data-testid="reader-partial">
      <Icon of={CloudDownload} />
      <span className="grow num" role="status">
        {running ? words : t('reader.partial', { size: size(content.partial, language) })}
      </span>
      {step ? (
        <span className="meter">
          <span style={{ width: `${Math.min(100, (step.done / Math.max(1, step.total)) * 100)}%` }} />
        </span>
      ) : null}
      {running ? (
        <button
          type="button"
          className="btn line"
          data-testid="fetch-stop"
          onClick={() => void ask('message.stopFetching', { id: content.id })}
        >
          {t('common.cancel')}
        </button>
      ) : (
        <button type="button" className="btn line" data-testid="fetch-whole" onClick={() => void fetch()}>
          {t('reader.fetchAll')}
        </button>
      )}
    </div>
  );
}
