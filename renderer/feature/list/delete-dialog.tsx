import type { MessageKey } from '../../../shared/model/ids.ts';
import { deleteMessages } from '../../state/message-actions.ts';
import { showDialog } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Confirm } from '../../ui/confirm.tsx';

/** Asks before what is in Trash goes for good: the one deletion that has no undo. */
export function DeleteDialog(props: { ids: readonly MessageKey[] }) {
  const { t } = useText();
  return (
    <Confirm
      name="delete"
      title={t('delete.title')}
      text={t('delete.text', { count: props.ids.length })}
      action={t('delete.do')}
      onConfirm={() => void deleteMessages(props.ids, true)}
      onClose={() => showDialog(null)}
    />
  );
}
