import { Fragment } from 'react';
import { showDialog } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';

const shortcuts = [
  ['shortcuts.write', ['C']],
  ['shortcuts.answer', ['R', 'A', 'F']],
  ['shortcuts.move', ['J', 'K', '↓', '↑']],
  ['shortcuts.extend', ['Shift ↓', 'Ctrl A']],
  ['shortcuts.open', ['Enter']],
  ['shortcuts.scroll', ['Space', 'Shift Space']],
  ['shortcuts.flag', ['S']],
  ['shortcuts.read', ['U']],
  ['shortcuts.tags', ['T']],
  ['shortcuts.file', ['Ctrl Shift M', 'Ctrl Shift C']],
  ['shortcuts.delete', ['Del']],
  ['shortcuts.undo', ['Ctrl Z']],
  ['shortcuts.history', ['Ctrl Shift H']],
  ['shortcuts.waiting', ['Ctrl Shift O']],
  ['shortcuts.search', ['/', 'Ctrl F']],
  ['shortcuts.mailbox', ['Shift F10', 'F2', 'Del']],
  ['shortcuts.send', ['Ctrl Enter']],
  ['shortcuts.panes', ['F6', 'Shift F6']],
  ['shortcuts.wire', ['Ctrl Shift L']],
  ['shortcuts.help', ['?']],
] as const;

/** The keys of the main window. */
export function ShortcutsDialog() {
  const { t } = useText();
  const close = () => showDialog(null);
  return (
    <Modal
      title={t('shortcuts.title')}
      width={440}
      testId="shortcuts-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big main" onClick={close}>
            {t('common.done')}
          </button>
        </>
      }
    >
      <div className="keys">
        {shortcuts.map(([label, keys]) => (
          <Fragment key={label}>
            <span>{t(label)}</span>
            <span>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          </Fragment>
        ))}
      </div>
    </Modal>
  );
}
