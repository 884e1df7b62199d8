import { useApp } from '../../state/store.ts';
import { count } from '../../text/format.ts';
import { mailboxName } from '../../text/mailbox-name.ts';
import { useText } from '../../text/text.ts';
import { DraftList } from './draft-list.tsx';
import { MessageList } from './message-list.tsx';
import { OutboxList } from './outbox-list.tsx';
import { SearchFoot } from './search-foot.tsx';
import './list.css';

/** The middle pane: the heading of the view, and its messages, drafts or outbox. */
export function ListPane() {
  const { t } = useText();
  const view = useApp((state) => state.view);
  const box = useApp((state) =>
    state.view.kind === 'mailbox'
      ? state.mailboxes.find((one) => state.view.kind === 'mailbox' && one.id === state.view.mailbox)
      : undefined,
  );
  const title =
    view.kind === 'mailbox'
      ? box
        ? mailboxName(box, t)
        : ''
      : view.kind === 'search'
        ? t('search.title')
        : t(`mailboxes.${view.kind}`);
  return (
    <section className="list" aria-label={t('pane.messages')} data-pane="list">
      <div className="head">
        <h1 className="cut" title={title}>
          {title}
        </h1>
        <Summary />
      </div>
      {view.kind === 'drafts' ? (
        <DraftList />
      ) : view.kind === 'outbox' ? (
        <OutboxList />
      ) : (
        <MessageList label={title} />
      )}
      {view.kind === 'search' ? <SearchFoot /> : null}
    </section>
  );
}

function Summary() {
  const { t, language } = useText();
  const number = useApp((state) => {
    const { view } = state;
    if (view.kind === 'drafts') return state.drafts.length;
    if (view.kind === 'outbox') return state.outbox.length;
    return state.order?.ids.length ?? 0;
  });
  const unread = useApp((state) =>
    state.mailboxes.reduce((sum, box) => {
      const here =
        state.view.kind === 'mailbox'
          ? box.id === state.view.mailbox
          : state.view.kind === 'inboxes' && box.role === 'inbox';
      return here ? sum + box.unread : sum;
    }, 0),
  );
  const selected = useApp((state) => state.selected.size);
  if (selected > 1) {
    return (
      <span className="cap num">
        {t('list.selected', { count: selected, shown: count(selected, language) })}
      </span>
    );
  }
  if (unread > 0) return <span className="cap num nowrap">{t('mailboxes.unread', { count: unread })}</span>;
  if (number === 0) return null;
  return (
    <span className="cap num nowrap">
      {t('list.total', { count: number, shown: count(number, language) })}
    </span>
  );
}
