import { useState } from 'react';
import type { AccountId } from '../../../shared/model/ids.ts';
import type { Draft, DraftEdit } from '../../../shared/model/draft.ts';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { AddressField } from './address-field.tsx';

interface LetterHeadProps {
  draft: Draft;
  /** Whether the person begins with the recipients. */
  begin: boolean;
  onChange: (change: Partial<DraftEdit>) => void;
}

/** From, recipients and subject. */
export function LetterHead(props: LetterHeadProps) {
  const { t } = useText();
  const { draft, onChange } = props;
  const accounts = useApp((state) => state.accounts);
  const [copies, setCopies] = useState(draft.cc.length + draft.bcc.length > 0);
  return (
    <div className="cmp-head">
      <label className="frow">
        <span className="k">{t('compose.from')}</span>
        <select
          className="from-select"
          data-testid="compose-from"
          value={draft.account}
          onChange={(event) => onChange({ account: event.target.value as AccountId })}
        >
          {accounts.map((account) => (
            <option key={account.id} value={account.id}>
              {account.name === '' ? account.email : `${account.name}  ${account.email}`}
            </option>
          ))}
        </select>
      </label>
      <AddressField
        label={t('compose.to')}
        testId="compose-to"
        value={draft.to}
        begin={props.begin}
        onChange={(to) => onChange({ to })}
      >
        {copies ? null : (
          <button
            type="button"
            className="btn text"
            data-testid="compose-copies"
            onClick={() => setCopies(true)}
          >
            {t('compose.ccBcc')}
          </button>
        )}
      </AddressField>
      {copies ? (
        <>
          <AddressField
            label={t('compose.cc')}
            testId="compose-cc"
            value={draft.cc}
            onChange={(cc) => onChange({ cc })}
          />
          <AddressField
            label={t('compose.bcc')}
            testId="compose-bcc"
            value={draft.bcc}
            onChange={(bcc) => onChange({ bcc })}
          />
        </>
      ) : null}
      <label className="frow">
        <span className="k">{t('compose.subject')}</span>
        <input
          className="subject"
          data-testid="compose-subject"
          value={draft.subject}
          onChange={(event) => onChange({ subject: event.target.value })}
        />
      </label>
    </div>
  );
}
