import { ArrowLeftRight, PanelLeft, RefreshCw, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { run } from '../../state/commands.ts';
import { selectMode, useLayout } from '../../state/layout.ts';
import { ask } from '../../state/request.ts';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Icon, Mark } from '../../ui/icon.tsx';
import { StateLine } from './state-line.tsx';
import { WaitingButton } from './waiting-button.tsx';

/** The row above the panes: who we are, how things stand, and the settings. */
export function TitleBar(props: { bare: boolean; children?: ReactNode }) {
  const { t } = useText();
  const dock = useApp((state) => state.settings.wireDock);
  const tree = useLayout((state) => (selectMode(state) === 'wide' ? state.tree : state.drawer));
  return (
    <header className="bar">
      <div className="brand">
        {props.bare ? null : (
          <button
            type="button"
            className="ib"
            aria-label={t('title.mailboxes')}
            title={t('title.mailboxes')}
            aria-expanded={tree}
            data-testid="tree-toggle"
            onClick={() => run('view.mailboxes')}
          >
            <Icon of={PanelLeft} />
          </button>
        )}
        <Mark />
        Glasspost
      </div>
      {props.children}
      {props.bare ? <span className="grow" /> : <StateLine />}
      {props.bare ? null : <WaitingButton />}
      {props.bare ? null : (
        <button
          type="button"
          className="ib"
          aria-label={t('title.check')}
          title={t('title.check')}
          onClick={() => void ask('account.sync', {})}
        >
          <Icon of={RefreshCw} />
        </button>
      )}
      <button
        type="button"
        className="ib"
        aria-label={t('title.wire')}
        title={t('title.wire')}
        aria-pressed={dock}
        data-testid="wire-toggle"
        onClick={() => run('wire.toggle')}
      >
        <Icon of={ArrowLeftRight} />
      </button>
      <button
        type="button"
        className="ib"
        aria-label={t('title.settings')}
        title={t('title.settings')}
        data-testid="settings-open"
        onClick={() => run('settings.open')}
      >
        <Icon of={Settings} />
      </button>
    </header>
  );
}
