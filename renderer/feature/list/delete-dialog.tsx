import type { MessageKey } from '../../../shared/model/ids.ts';
import { deleteMessages } from '../../state/message-actions.ts';
import { showDialog } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';

/** Asks before what is in Trash goes for good: the one deletion that has no undo. */
export function DeleteDialog(props: { ids: readonly MessageKey[] }) {
  const { t } = useText();
  const close = () => showDialog(null);
  return (
    <Modal
      title={t('delete.title')}
      text={t('delete.text', { count: props.ids.length })}
      width={420}
      role="alertdialog"
      testId="delete-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big" onClick={close}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className="btn big danger fill"
            data-testid="delete-confirm"
            onClick={() => {
              close();
              void deleteMessages(props.ids, true);
            }}
          >
            {t('delete.do')}
          </button>
        </>
      }
    />
  );
}
