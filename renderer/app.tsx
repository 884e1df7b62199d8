import { useShallow } from 'zustand/react/shallow';
import { FirstRun } from './feature/accounts/first-run.tsx';
import { AccountDialogs } from './feature/accounts/account-dialogs.tsx';
import { ListPane } from './feature/list/list-pane.tsx';
import { DeleteDialog } from './feature/list/delete-dialog.tsx';
import { MailboxTree } from './feature/mailboxes/mailbox-tree.tsx';
import { MoveDialog } from './feature/mailboxes/move-dialog.tsx';
import { LinkDialog } from './feature/reader/link-dialog.tsx';
import { Reader } from './feature/reader/reader.tsx';
import { SettingsDialog } from './feature/settings/settings-dialog.tsx';
import { ShortcutsDialog } from './feature/settings/shortcuts-dialog.tsx';
import { TitleBar } from './feature/title/title-bar.tsx';
import { WireDock } from './feature/wire/wire-dock.tsx';
import { useApp } from './state/store.ts';
import { useText } from './text/text.ts';
import { Splitter, useKept } from './ui/splitter.tsx';
import { Toasts } from './ui/toasts.tsx';
import { useShortcuts } from './ui/shortcuts.ts';

/** The main window: puts the features side by side; they know nothing of one another. */
export function App() {
  useShortcuts();
  const { empty, dialog, dock } = useApp(
    useShallow((state) => ({
      empty: state.accounts.length === 0,
      dialog: state.dialog,
      dock: state.settings.wireDock,
    })),
  );
  return (
    <div className="win">
      <TitleBar bare={empty} />
      {empty ? <FirstRun /> : <Panes />}
      {dock ? <WireDock /> : <span />}
      <Toasts />
      <AccountDialogs />
      {dialog?.kind === 'settings' ? <SettingsDialog /> : null}
      {dialog?.kind === 'shortcuts' ? <ShortcutsDialog /> : null}
      {dialog?.kind === 'delete' ? <DeleteDialog ids={dialog.ids} /> : null}
      {dialog?.kind === 'move' ? <MoveDialog ids={dialog.ids} /> : null}
      {dialog?.kind === 'link' ? <LinkDialog url={dialog.url} /> : null}
    </div>
  );
}

function Panes() {
  const { t } = useText();
  const compact = useApp((state) => state.settings.density === 'compact');
  const normalSide = compact || innerWidth <= 1100 ? 208 : 228;
  const normalList = compact ? 304 : innerWidth <= 1100 ? 320 : 364;
  const [side, setSide] = useKept(compact ? 'side.compact' : 'side', normalSide);
  const [list, setList] = useKept(compact ? 'list.compact' : 'list', normalList);
  const style = { '--side': `${side}px`, '--list': `${list}px` } as React.CSSProperties;
  return (
    <main className="panes" style={style}>
      <MailboxTree />
      <ListPane />
      <Reader />
      <Splitter
        className="splitter"
        style={{ left: side }}
        axis="x"
        label={`${t('pane.resize')}: ${t('pane.mailboxes')}`}
        value={side}
        min={180}
        max={320}
        normal={normalSide}
        onChange={setSide}
      />
      <Splitter
        className="splitter"
        style={{ left: side + list }}
        axis="x"
        label={`${t('pane.resize')}: ${t('pane.messages')}`}
        value={list}
        min={280}
        max={480}
        normal={normalList}
        onChange={setList}
      />
    </main>
  );
}
