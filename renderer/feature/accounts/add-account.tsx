import { useState, type FormEvent } from 'react';
import type { TrustedCertificate } from '../../../shared/model/account.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';
import { AccountFields } from './account-fields.tsx';
import { emptyForm, settingsOf, type AccountForm } from './form.ts';
import { TestPane } from './test-pane.tsx';
import { useAccountTest } from './use-account-test.ts';

/** The dialog that adds an account: fill in at the left, and at the right watch both servers being tried. */
export function AddAccount(props: { onClose: () => void }) {
  const { t } = useText();
  const [form, setForm] = useState<AccountForm>(emptyForm);
  const [password, setPassword] = useState('');
  const test = useAccountTest(() => {
    setPassword('');
    props.onClose();
  });
  const settings = settingsOf(form);
  const ready = settings !== undefined && password !== '' && test.step === 'filling';
  const change = (next: AccountForm) => {
    setForm(next);
    test.forget();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) void test.run(settings, password);
  };
  const trust = (side: 'incoming' | 'outgoing', trusted: TrustedCertificate) => {
    const next = { ...form, [side]: { ...form[side], trusted } };
    setForm(next);
    const trusting = settingsOf(next);
    if (trusting) void test.run(trusting, password);
  };
  return (
    <Modal
      title={t('account.title')}
      text={t('account.intro')}
      width={1000}
      testId="add-account-dialog"
      onClose={props.onClose}
      footer={
        <>
          <span className="cap">{settings && password !== '' ? '' : t('account.missing')}</span>
          <span className="grow" />
          <button type="button" className="btn big" onClick={props.onClose}>
            {t('common.cancel')}
          </button>
          <button
            type="submit"
            form="account-form"
            className="btn big main"
            data-testid="account-test"
            disabled={!ready}
          >
            {t(
              test.step === 'testing'
                ? 'account.testing'
                : test.step === 'adding'
                  ? 'account.adding'
                  : 'account.test',
            )}
          </button>
        </>
      }
    >
      <form id="account-form" className="account-grid" onSubmit={submit} autoComplete="off">
        <AccountFields
          form={form}
          onChange={change}
          password={password}
          onPassword={(next) => {
            setPassword(next);
            test.forget();
          }}
          disabled={test.step !== 'filling'}
        />
        <TestPane form={form} test={test} onTrust={trust} />
      </form>
    </Modal>
  );
}
