import type { Security } from '../../../shared/model/account.ts';
import { useText } from '../../text/text.ts';
import type { ServerForm } from './form.ts';

interface ServerFieldsProps {
  legend: string;
  name: 'incoming' | 'outgoing';
  server: ServerForm;
  onChange: (change: Partial<ServerForm>) => void;
}

/** Host, port, protection and user of one server. A trusted certificate belongs to its host, so it goes with it. */
export function ServerFields(props: ServerFieldsProps) {
  const { t } = useText();
  const { name, server, onChange } = props;
  return (
    <fieldset className="server">
      <legend className="lab_">{props.legend}</legend>
      <input
        className="input"
        aria-label={t('account.host')}
        placeholder={t('account.host')}
        data-testid={`${name}-host`}
        spellCheck={false}
        value={server.host}
        onChange={(event) => onChange({ host: event.target.value, trusted: undefined })}
      />
      <input
        className="input num"
        aria-label={t('account.port')}
        placeholder={t('account.port')}
        data-testid={`${name}-port`}
        inputMode="numeric"
        value={server.port}
        onChange={(event) => onChange({ port: event.target.value.replace(/\D/gu, '') })}
      />
      <input
        className="input"
        aria-label={t('account.user')}
        placeholder={t('account.user')}
        data-testid={`${name}-user`}
        spellCheck={false}
        value={server.user}
        onChange={(event) => onChange({ user: event.target.value })}
      />
      <select
        className="input"
        aria-label={t('account.security')}
        data-testid={`${name}-security`}
        value={server.security}
        onChange={(event) => onChange({ security: event.target.value as Security })}
      >
        <option value="tls">{t('account.tls')}</option>
        <option value="starttls">{t('account.starttls')}</option>
        <option value="none">{t('account.none')}</option>
      </select>
      {server.trusted ? (
        <p className="hint trusted">
          {t('account.trusted')}
          <button type="button" className="btn text" onClick={() => onChange({ trusted: undefined })}>
            {t('account.untrust')}
          </button>
        </p>
      ) : null}
    </fieldset>
  );
}
