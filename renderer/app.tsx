import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { FirstRun } from './feature/accounts/first-run.tsx';
import { AccountDialogs } from './feature/accounts/account-dialogs.tsx';
import { HistoryDialog } from './feature/changes/history-dialog.tsx';
import { ServerDialog } from './feature/server/server-dialog.tsx';
import { WaitingDialog } from './feature/changes/waiting-dialog.tsx';
import { ListPane } from './feature/list/list-pane.tsx';
import { DeleteDialog } from './feature/list/delete-dialog.tsx';
import { MailboxDialogs } from './feature/mailboxes/mailbox-dialogs.tsx';
import { MailboxTree } from './feature/mailboxes/mailbox-tree.tsx';
import { MoveDialog } from './feature/mailboxes/move-dialog.tsx';
import { LinkDialog } from './feature/reader/link-dialog.tsx';
import { Reader } from './feature/reader/reader.tsx';
import { SearchField } from './feature/search/search-field.tsx';
import { SettingsDialog } from './feature/settings/settings-dialog.tsx';
import { ShortcutsDialog } from './feature/settings/shortcuts-dialog.tsx';
import { TagsDialog } from './feature/tags/tags-dialog.tsx';
import { TitleBar } from './feature/title/title-bar.tsx';
import { WireDock } from './feature/wire/wire-dock.tsx';
import { closeDrawer, paneWidths, selectMode, useLayout, type PaneWidths } from './state/layout.ts';
import { useVeil } from './state/overlays.ts';
import { focusPane } from './state/panes.ts';
import { useApp } from './state/store.ts';
import { useText } from './text/text.ts';
import { Splitter, useKept } from './ui/splitter.tsx';
import { Notices } from './ui/notices.tsx';
import { Toasts } from './ui/toasts.tsx';
import { useShortcuts } from './ui/shortcuts.ts';

/** The main window: puts the features side by side; they know nothing of one another. */
export function App() {
  useShortcuts();
  const { empty, dialog, dock, compact } = useApp(
    useShallow((state) => ({
      empty: state.accounts.length === 0,
      dialog: state.dialog,
      dock: state.settings.wireDock,
      compact: state.settings.density === 'compact',
    })),
  );
  const mode = useLayout(selectMode);
  const { width, tree, turn } = useLayout(
    useShallow((state) => ({ width: state.width, tree: state.tree, turn: state.turn })),
  );
  const [keptSide, setSide] = useKept(compact ? 'side.compact' : 'side');
  const [keptList, setList] = useKept(compact ? 'list.compact' : 'list');
  const widths = paneWidths({ width, compact, tree }, { side: keptSide, list: keptList });
  const { side, list, normalSide } = widths;
  const style = {
    '--side': `${side}px`,
    '--list': `${list}px`,
    '--w-lanes': `${side > 0 ? side : normalSide}px`,
  } as React.CSSProperties;
  return (
    <div className="win" style={style} data-layout={mode} data-turn={turn}>
      <TitleBar bare={empty}>{empty ? null : <SearchField />}</TitleBar>
      <Notices />
      {empty ? <FirstRun /> : <Panes widths={widths} onSide={setSide} onList={setList} />}
      {dock ? <WireDock /> : null}
      <Toasts />
      <AccountDialogs />
      {dialog?.kind === 'settings' ? <SettingsDialog /> : null}
      {dialog?.kind === 'shortcuts' ? <ShortcutsDialog /> : null}
      {dialog?.kind === 'delete' ? <DeleteDialog ids={dialog.ids} /> : null}
      {dialog?.kind === 'move' ? <MoveDialog ids={dialog.ids} copy={dialog.copy === true} /> : null}
      {dialog?.kind === 'tags' ? <TagsDialog ids={dialog.ids} /> : null}
      {dialog?.kind === 'server' ? <ServerDialog account={dialog.account} /> : null}
      {dialog?.kind === 'waiting' ? <WaitingDialog /> : null}
      {dialog?.kind === 'history' ? <HistoryDialog /> : null}
      <MailboxDialogs />
      {dialog?.kind === 'link' ? <LinkDialog url={dialog.url} /> : null}
    </div>
  );
}

interface PanesProps {
  widths: PaneWidths;
  onSide: (width: number | null) => void;
  onList: (width: number | null) => void;
}

function Panes(props: PanesProps) {
  const { t } = useText();
  const { side, list } = props.widths;
  const mode = useLayout(selectMode);
  const drawer = useLayout((state) => state.drawer);
  return (
    <main className="panes">
      {side > 0 ? <MailboxTree /> : null}
      {drawer && mode !== 'wide' ? <Drawer /> : null}
      <ListPane />
      <Reader />
      {side > 0 ? (
        <Splitter
          className="splitter"
          style={{ left: side }}
          axis="x"
          label={`${t('pane.resize')}: ${t('pane.mailboxes')}`}
          value={side}
          min={180}
          max={320}
          onChange={props.onSide}
        />
      ) : null}
      {mode === 'turns' ? null : (
        <Splitter
          className="splitter"
          style={{ left: side + list }}
          axis="x"
          label={`${t('pane.resize')}: ${t('pane.messages')}`}
          value={list}
          min={280}
          max={480}
          onChange={props.onList}
        />
      )}
    </main>
  );
}

/** The tree over the list, on a window too narrow for both: gone as soon as a mailbox is chosen. */
function Drawer() {
  useVeil();
  const view = useApp((state) => state.view);
  useEffect(() => {
    focusPane('mailboxes');
    // A choice is a new view, even when it is the same mailbox.
    return useApp.subscribe((state) => {
      if (state.view !== view) closeDrawer();
    });
  }, [view]);
  const leave = () => {
    closeDrawer();
    focusPane('list');
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the tree within has the keys; this only hears Escape
    <div
      className="drawer"
      data-testid="drawer"
      onKeyDown={(event) => {
        if (event.key === 'Escape') leave();
      }}
    >
      <MailboxTree />
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- Escape does the same */}
      <div className="drawer-rest" onClick={leave} />
    </div>
  );
}
