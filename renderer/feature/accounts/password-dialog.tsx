import { useState, type FormEvent } from 'react';
import type { Account } from '../../../shared/model/account.ts';
import { ask } from '../../state/request.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';
import { focusAtOnce } from '../../ui/focus.ts';

/** Asks for the password of an account that cannot sign in. */
export function PasswordDialog(props: { account: Account }) {
  const { t } = useText();
  const keyring = useApp((state) => state.keyring);
  const [password, setPassword] = useState('');
  const close = () => showDialog(null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const given = password;
    setPassword('');
    close();
    void ask('account.password', { account: props.account.id, password: given });
  };
  return (
    <Modal
      title={t('password.title')}
      text={t('password.text', { email: props.account.email })}
      width={420}
      testId="password-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big" onClick={close}>
            {t('common.cancel')}
          </button>
          <button type="submit" form="password-form" className="btn big main" disabled={password === ''}>
            {t('password.save')}
          </button>
        </>
      }
    >
      <form id="password-form" onSubmit={save}>
        <label>
          <span className="lab_">{t('account.password')}</span>
          <input
            className="input"
            type="password"
            ref={focusAtOnce}
            autoComplete="off"
            data-testid="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <p className="hint">{t(keyring === 'os' ? 'account.passwordHint' : 'account.passwordHintPlain')}</p>
      </form>
    </Modal>
  );
}
