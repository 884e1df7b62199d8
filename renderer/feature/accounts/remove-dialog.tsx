import type { Account } from '../../../shared/model/account.ts';
import { ask } from '../../state/request.ts';
import { showDialog } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';

/** Asks before an account is forgotten, and says what stays. */
export function RemoveDialog(props: { account: Account }) {
  const { t } = useText();
  const close = () => showDialog(null);
  return (
    <Modal
      title={t('remove.title', { email: props.account.email })}
      text={t('remove.text')}
      width={460}
      role="alertdialog"
      testId="remove-dialog"
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
            data-testid="remove-confirm"
            onClick={() => {
              close();
              void ask('account.remove', { account: props.account.id });
            }}
          >
            {t('remove.do')}
          </button>
        </>
      }
    />
  );
}
