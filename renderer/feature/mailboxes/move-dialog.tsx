import { orderMailboxes } from '../../../shared/mail/mailbox-order.ts';
import type { MailboxId, MessageKey } from '../../../shared/model/ids.ts';
import { mayDo } from '../../state/mailbox-rules.ts';
import { moveMessages } from '../../state/message-actions.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { mailboxName } from '../../text/mailbox-name.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';
import { PlacePicker, type Place } from './place-picker.tsx';

/** Asks where messages, or copies of them, go: the mailboxes of their account first, then those of the others. */
export function MoveDialog(props: { ids: readonly MessageKey[]; copy: boolean }) {
  const { t } = useText();
  const { ids, copy } = props;
  const mailboxes = useApp((state) => state.mailboxes);
  const accounts = useApp((state) => state.accounts);
  const first = useApp((state) => state.rows.get(ids[0] as MessageKey));
  const close = () => showDialog(null);
  const source = mailboxes.find((box) => box.id === first?.mailbox);
  const kept = !copy && source && !mayDo(source, 't');
  const inOrder = accounts.toSorted(
    (a, b) => Number(b.id === first?.account) - Number(a.id === first?.account),
  );
  const places: Place[] = inOrder.flatMap((account) =>
    orderMailboxes(mailboxes.filter((box) => box.account === account.id))
      .filter((box) => box.id !== first?.mailbox && box.selectable && box.role !== 'outbox')
      .map((box, index) => ({
        id: box.id,
        box,
        label: mailboxName(box, t),
        heading: accounts.length > 1 && index === 0 ? account.email : undefined,
        because: kept ? t('mailbox.why.right.t') : mayDo(box, 'i') ? undefined : t('mailbox.why.right.i'),
      })),
  );
  return (
    <Modal
      title={t(copy ? 'copy.title' : 'move.title')}
      text={kept ? t('mailbox.why.right.t') : t(copy ? 'copy.text' : 'move.text', { count: ids.length })}
      width={380}
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
      <PlacePicker
        places={places}
        onPick={(id) => {
          close();
          void moveMessages(ids, id as MailboxId, copy);
        }}
      />
    </Modal>
  );
}
