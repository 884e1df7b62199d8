import { useState } from 'react';
import type { Capability, ServerAbilities } from '../../../shared/contract/account.ts';
import { capabilityMeaning } from '../../../shared/wire/explain/imap-capabilities.ts';
import { MISSED, UNUSED } from '../../text/capability-reasons.ts';
import { capital } from '../../text/deed-words.ts';
import { useText } from '../../text/text.ts';
import { Segmented } from '../../ui/segmented.tsx';

const STATES = ['used', 'idle', 'unused', 'unknown', 'missing'] as const;

/** What a server offers by name: what it is, where it is written down, and what became of it. */
export function AbilityTable(props: { abilities: ServerAbilities }) {
  const { t } = useText();
  const [state, setState] = useState<Capability['state'] | 'all'>('all');
  const { capabilities } = props.abilities;
  const shown = capabilities.filter((one) => state === 'all' || one.state === state);
  const number = (of: Capability['state']) => capabilities.filter((one) => one.state === of).length;
  return (
    <section>
      <h2 className="page-head">{t('accountPage.abilities')}</h2>
      <div className="page-filter">
        <Segmented
          label={t('accountPage.filter')}
          value={state}
          onChange={setState}
          className="scrolls"
          options={[
            { value: 'all', label: t('accountPage.all') },
            ...STATES.map((one) => ({
              value: one,
              label: `${t(`ability.${one}`)} ${number(one)}`,
              testId: `abilities-${one}`,
            })),
          ]}
        />
      </div>
      {shown.length === 0 ? <p className="q">{t('accountPage.noneOfState')}</p> : null}
      {shown.length === 0 ? null : (
        <table className="abilities" data-testid="abilities">
          <thead>
            <tr>
              <th scope="col">{t('accountPage.name')}</th>
              <th scope="col">{t('accountPage.state')}</th>
              <th scope="col">{t('accountPage.meaning')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={one.name} capability={one} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row(props: { capability: Capability }) {
  const { t, language } = useText();
  const { name, state } = props.capability;
  const upper = name.toUpperCase();
  const meaning = capabilityMeaning(name, language);
  const what = upper.startsWith('AUTH=')
    ? t('ability.auth')
    : meaning
      ? t('ability.what', { what: capital(meaning.what) })
      : t('ability.nothing');
  const reason = { unused: UNUSED[upper], missing: MISSED[upper] }[state as string]?.[language] ?? '';
  return (
    <tr data-state={state}>
      <th scope="row" className="mono">
        {name}
      </th>
      <td>
        <span className={`ability ${state}`}>{t(`ability.${state}`)}</span>
      </td>
      <td>
        {what} {reason}
        {meaning?.rfc === undefined ? null : <span className="mono rfc"> RFC {meaning.rfc}</span>}
      </td>
    </tr>
  );
}
