import { Check, Clock, Send, TriangleAlert } from 'lucide-react';
import type { OutboxItem } from '../../../shared/model/draft.ts';
import { ask } from '../../state/request.ts';
import { useApp } from '../../state/store.ts';
import { failureText } from '../../../shared/text/failure.ts';
import { rowDate, time } from '../../text/format.ts';
import { useText, type Say } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';

const icons = {
  queued: Clock,
  waiting: Clock,
  sending: Send,
  refused: TriangleAlert,
  'maybe-sent': TriangleAlert,
};

/** Letters on their way: those that need the person first. */
export function OutboxList() {
  const { t } = useText();
  const outbox = useApp((state) => state.outbox);
  if (outbox.length === 0) {
    return (
      <div className="empty" tabIndex={-1} data-pane-focus>
        <Icon of={Check} size="l" tone="good" />
        <b>{t('list.emptyOutbox')}</b>
        <p>{t('list.emptyOutboxHint')}</p>
      </div>
    );
  }
  const needs = (item: OutboxItem) => (item.state === 'refused' || item.state === 'maybe-sent' ? 0 : 1);
  const sorted = [...outbox].sort((a, b) => needs(a) - needs(b) || b.queued - a.queued);
  return (
    <ul className="plain-rows" tabIndex={-1} data-pane-focus>
      {sorted.map((item) => (
        <OutboxRow key={item.message} item={item} />
      ))}
    </ul>
  );
}

function stateWords(item: OutboxItem, t: Say, at: string | undefined): string {
  if (item.state !== 'waiting') return t(`outbox.${item.state}`);
  return at === undefined ? t('outbox.waitingNow') : t('outbox.waiting', { time: at });
}

/** Whole addresses, and of many the first three: the rest is a number. */
function recipients(item: OutboxItem, t: Say): string {
  const shown = item.recipients.slice(0, 3).join(', ');
  const rest = item.recipients.length - 3;
  return rest > 0 ? t('outbox.andMore', { names: shown, count: rest }) : shown;
}

function OutboxRow(props: { item: OutboxItem }) {
  const { t, language } = useText();
  const now = useNow();
  const { item } = props;
  const tone = item.state === 'refused' ? 'bad' : item.state === 'maybe-sent' ? 'warn' : undefined;
  const text = item.failure ? failureText(item.failure, language) : undefined;
  const next = item.nextTry === undefined ? undefined : time(item.nextTry, language);
  return (
    <li className="row outbox-row" data-testid="outbox-item" data-state={item.state}>
      <div className="l1">
        <span className="who anywhere" title={item.recipients.join(', ')}>
          {recipients(item, t)}
        </span>
        <Icon of={icons[item.state]} size="s" {...(tone ? { tone } : {})} />
        <time>{rowDate(item.queued, now, language)}</time>
      </div>
      <div className="l2">
        <span className="sub cut">{item.subject || t('common.noSubject')}</span>
      </div>
      <p className={`what ${tone ?? ''}`}>{stateWords(item, t, next)}</p>
      {item.state === 'maybe-sent' ? (
        <p>{t('outbox.maybeSentText')}</p>
      ) : text ? (
        <p>
          {text.what}. {text.todo}
        </p>
      ) : null}
      {item.failure && item.failure.detail !== '' ? (
        <p className="mono anywhere selectable">{item.failure.detail}</p>
      ) : null}
      {item.state === 'sending' ? null : (
        <div className="acts">
          <button
            type="button"
            className="btn line"
            onClick={() => void ask('outbox.retry', { message: item.message })}
          >
            {t('outbox.retry')}
          </button>
          <button
            type="button"
            className="btn"
            onClick={() => void ask('outbox.takeBack', { message: item.message })}
          >
            {t('outbox.takeBack')}
          </button>
        </div>
      )}
    </li>
  );
}
