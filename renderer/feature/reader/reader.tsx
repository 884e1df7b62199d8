import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { bridge } from '../../bridge.ts';
import { selectMode, useLayout } from '../../state/layout.ts';
import { focusPane } from '../../state/panes.ts';
import { openedKey } from '../../state/select.ts';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useNarrow } from '../../ui/use-narrow.ts';
import { HeadersTab } from './headers-tab.tsx';
import { MessageTab } from './message-tab.tsx';
import { RawTab } from './raw-tab.tsx';
import { ReaderSkeleton } from './reader-skeleton.tsx';
import { StructureTab } from './structure-tab.tsx';
import { Tabs, type TabName } from './tabs.tsx';
import { Toolbar } from './toolbar.tsx';
import { useContent } from './use-content.ts';
import './reader.css';
import type { TextKey } from '../../text/en.ts';

/** The two lists that are not messages explain themselves here. */
const hints: Readonly<Record<string, TextKey>> = {
  drafts: 'list.emptyDraftsHint',
  outbox: 'list.emptyOutboxHint',
};

/** The right pane: one message in four views, or a word about what could be here. */
export function Reader() {
  const { t } = useText();
  const id = useApp(openedKey);
  const many = useApp((state) => state.selected.size);
  const hint = useApp((state) => hints[state.view.kind] ?? 'reader.noneHint');
  const [tab, setTab] = useState<TabName>('message');
  const pane = useRef<HTMLElement>(null);
  const narrow = useNarrow(pane, 540);
  useEffect(() => {
    if (id === null) void bridge.request('view.place', null);
  }, [id]);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape steps out, wherever within it is pressed
    <section
      ref={pane}
      className="read"
      aria-label={t('pane.message')}
      data-pane="reader"
      data-testid="reader"
      onKeyDown={stepOut}
    >
      {id === null ? (
        <>
          <div className="head">
            <Back />
            <span className="grow" />
            {many > 1 ? <Toolbar narrow={narrow} /> : null}
          </div>
          <div className="empty" tabIndex={-1} data-pane-focus>
            <b>{many > 1 ? t('reader.many', { count: many }) : t('reader.none')}</b>
            <p>{many > 1 ? t('reader.manyHint') : t(hint)}</p>
          </div>
        </>
      ) : (
        <>
          <div className="head">
            <Back />
            <Tabs tab={tab} onChange={setTab} />
            <span className="grow" />
            <Toolbar narrow={narrow} />
          </div>
          <Opened key={id} id={id} tab={tab} />
        </>
      )}
    </section>
  );
}

function stepOut(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  event.preventDefault();
  focusPane('list');
}

/** The way to the list, where list and reader take turns. */
function Back() {
  const { t } = useText();
  const turns = useLayout((state) => selectMode(state) === 'turns');
  if (!turns) return null;
  return (
    <button
      type="button"
      className="ib back"
      aria-label={t('reader.back')}
      title={t('reader.back')}
      data-testid="reader-back"
      onClick={() => focusPane('list')}
    >
      <Icon of={ArrowLeft} />
    </button>
  );
}

function Opened(props: { id: MessageKey; tab: TabName }) {
  const { t } = useText();
  const { id, tab } = props;
  const { opening, again } = useContent(id);
  const here = tab === 'message' && opening.state === 'open';
  // The native view stays where it was put: it goes whenever there is nothing for it to show.
  useEffect(() => {
    if (!here) void bridge.request('view.place', null);
  }, [here]);
  return (
    <div className="tab-in" role="tabpanel" id="reader-panel" aria-labelledby={`tab-${tab}`}>
      {opening.state === 'loading' ? <ReaderSkeleton id={id} /> : null}
      {opening.state === 'failed' ? (
        <div className="reader-failed">
          <FailureNote failure={opening.failure} heading={t('reader.failed')} />
          <button type="button" className="btn line" onClick={again}>
            {t('common.tryAgain')}
          </button>
        </div>
      ) : null}
      {opening.state === 'open' ? <Tab tab={tab} content={opening.content} onWhole={again} /> : null}
    </div>
  );
}

function Tab(props: { tab: TabName } & Parameters<typeof MessageTab>[0]) {
  switch (props.tab) {
    case 'message':
      return <MessageTab content={props.content} onWhole={props.onWhole} />;
    case 'headers':
      return <HeadersTab content={props.content} />;
    case 'structure':
      return <StructureTab content={props.content} />;
    case 'raw':
      return <RawTab id={props.content.id} />;
  }
}
