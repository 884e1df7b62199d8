import { ArrowUpDown, Download } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { incomingOf, outgoingOf, type AccountForm } from './form.ts';
import { ServerFields } from './server-fields.tsx';
import { focusAtOnce } from '../../ui/focus.ts';

interface AccountFieldsProps {
  form: AccountForm;
  onChange: (form: AccountForm) => void;
  password: string;
  onPassword: (password: string) => void;
  disabled: boolean;
}

/** The left half of the dialog: who, where, and the servers guessed from the address. */
export function AccountFields(props: AccountFieldsProps) {
  const { t } = useText();
  const { form, onChange } = props;
  const keyring = useApp((state) => state.keyring);
  return (
    <fieldset className="account-fields" disabled={props.disabled}>
      <Field
        label={t('account.name')}
        testId="account-name"
        value={form.name}
        begin
        onChange={(name) => onChange({ ...form, name })}
      />
      <Field
        label={t('account.email')}
        testId="account-email"
        type="email"
        value={form.email}
        onChange={(email) => onChange({ ...form, email })}
      />
      <div>
        <Field
          label={t('account.password')}
          testId="account-password"
          type="password"
          value={props.password}
          onChange={props.onPassword}
        />
        <p className="hint">{t(keyring === 'os' ? 'account.passwordHint' : 'account.passwordHintPlain')}</p>
      </div>
      <div>
        <span className="lab_">{t('account.mode')}</span>
        <Segmented
          wide
          label={t('account.mode')}
          value={form.mode}
          onChange={(mode) => onChange({ ...form, mode, incoming: {} })}
          options={[
            { value: 'imap', label: 'IMAP', icon: ArrowUpDown, testId: 'account-mode-imap' },
            { value: 'pop3', label: 'POP3', icon: Download, testId: 'account-mode-pop3' },
          ]}
        />
        <p className="hint">{t(form.mode === 'imap' ? 'account.imapHint' : 'account.pop3Hint')}</p>
      </div>
      {form.mode === 'pop3' ? (
        <label className="check">
          <input
            type="checkbox"
            data-testid="account-leave"
            checked={form.leaveOnServer === 'forever'}
            onChange={(event) =>
              onChange({ ...form, leaveOnServer: event.target.checked ? 'forever' : 'never' })
            }
          />
          <span>
            {t('account.leave')}
            {form.leaveOnServer === 'forever' ? null : (
              <span className="hint block">{t('account.leaveOff')}</span>
            )}
          </span>
        </label>
      ) : null}
      <h2>{t('account.servers')}</h2>
      <ServerFields
        legend={t('account.incoming', { mode: form.mode.toUpperCase() })}
        name="incoming"
        server={incomingOf(form)}
        onChange={(change) => onChange({ ...form, incoming: { ...form.incoming, ...change } })}
      />
      <ServerFields
        legend={t('account.outgoing')}
        name="outgoing"
        server={outgoingOf(form)}
        onChange={(change) => onChange({ ...form, outgoing: { ...form.outgoing, ...change } })}
      />
    </fieldset>
  );
}

interface FieldProps {
  label: string;
  testId: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'email' | 'password';
  begin?: boolean;
}

function Field(props: FieldProps) {
  const [touched, setTouched] = useState(false);
  const bad =
    touched && props.type === 'email' && props.value !== '' && !/^[^\s@]+@[^\s@]+$/u.test(props.value.trim());
  return (
    <label>
      <span className="lab_">{props.label}</span>
      <input
        className={`input ${bad ? 'bad' : ''}`}
        // An address is text here: the browser's own check speaks its own language and rejects some that exist.
        type={props.type === 'password' ? 'password' : 'text'}
        inputMode={props.type === 'email' ? 'email' : 'text'}
        ref={props.begin ? focusAtOnce : undefined}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={bad || undefined}
        data-testid={props.testId}
        value={props.value}
        onBlur={() => setTouched(true)}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </label>
  );
}
