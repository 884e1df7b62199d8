import type { Account } from '../../../shared/model/account.ts';
import { ask } from '../../state/request.ts';
import { showDialog } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Confirm } from '../../ui/confirm.tsx';

/** Asks before an account is forgotten, and says what stays. */
export function RemoveDialog(props: { account: Account }) {
  const { t } = useText();
  return (
    <Confirm
      name="remove"
      title={t('remove.title', { email: props.account.email })}
      text={t('remove.text')}
      action={t('remove.do')}
      onConfirm={() => void ask('account.remove', { account: props.account.id })}
      onClose={() => showDialog(null)}
    />
  );
}
