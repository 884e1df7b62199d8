import type { MessageKey } from '../../../shared/model/ids.ts';
import { moveMessages } from '../../state/message-actions.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { mailboxName } from '../../text/mailbox-name.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { roleIcon } from '../../ui/mailbox-icon.ts';
import { Modal } from '../../ui/modal.tsx';

/** Asks where messages go: the mailboxes of the account they belong to. */
export function MoveDialog(props: { ids: readonly MessageKey[] }) {
  const { t } = useText();
  const mailboxes = useApp((state) => state.mailboxes);
  const first = useApp((state) => state.rows.get(props.ids[0] as MessageKey));
  const close = () => showDialog(null);
  const choices = mailboxes.filter(
    (box) =>
      box.account === first?.account && box.id !== first?.mailbox && box.selectable && box.role !== 'outbox',
  );
  return (
    <Modal
      title={t('move.title')}
      text={t('move.text', { count: props.ids.length })}
      width={360}
      testId="move-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big" onClick={close}>
            {t('common.cancel')}
          </button>
        </>
      }
    >
      <div className="pick">
        {choices.map((box) => (
          <button
            key={box.id}
            type="button"
            className="tn"
            style={{ paddingLeft: 8 + box.depth * 16 }}
            onClick={() => {
              close();
              void moveMessages(props.ids, box.id);
            }}
          >
            <Icon of={roleIcon[box.role]} />
            <span className="cut">{mailboxName(box, t)}</span>
          </button>
        ))}
      </div>
    </Modal>
  );
}
