import type { Amount, SwitchPlan } from '../../../shared/model/switch.ts';
import { count, size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';

/** What a change of mode comes to, one line for each kind of message; what there is none of is left out. */
export function PlanTable(props: { plan: SwitchPlan }) {
  const { t, language } = useText();
  const { plan } = props;
  const lines: {
    id: string;
    amount: Partial<Amount> & Pick<Amount, 'messages'>;
    words: string;
    hint?: string;
  }[] = [
    { id: 'matched', amount: plan.matched, words: t('mode.matched'), hint: t('mode.matchedHint') },
    { id: 'filed', amount: plan.filed, words: t('mode.filed'), hint: t('mode.filedHint') },
    {
      id: 'onlyHere',
      amount: plan.onlyHere,
      words: t(plan.to === 'imap' ? 'mode.onlyHere' : 'mode.elsewhere'),
      hint: t(plan.to === 'imap' ? 'mode.onlyHereImap' : 'mode.elsewhereHint'),
    },
    {
      id: 'onlyServer',
      amount: plan.onlyServer,
      words: t('mode.onlyServer'),
      hint: t('mode.onlyServerHint'),
    },
    { id: 'ambiguous', amount: plan.ambiguous, words: t('mode.ambiguous'), hint: t('mode.ambiguousHint') },
    ...(plan.to === 'pop3' ? [{ id: 'bodiless', amount: plan.bodiless, words: t('mode.bodiless') }] : []),
    {
      id: 'flagged',
      amount: { messages: plan.flagged },
      words: t('mode.flagged'),
      hint: t('mode.flaggedHint'),
    },
    { id: 'waiting', amount: { messages: plan.waiting }, words: t('mode.waiting') },
  ];
  return (
    <table className="plan" data-testid="mode-plan">
      <caption>{t('mode.plan')}</caption>
      <tbody>
        {lines
          .filter(({ id, amount }) => amount.messages > 0 || id === 'matched')
          .map(({ id, amount, words, hint }) => (
            <tr key={id} data-line={id}>
              <th scope="row" className="num">
                {id === 'waiting'
                  ? count(amount.messages, language)
                  : t('mode.messages', { count: amount.messages, shown: count(amount.messages, language) })}
                {amount.bytes === undefined || amount.messages === 0 ? null : (
                  <span className="qq"> {size(amount.bytes, language)}</span>
                )}
              </th>
              <td>
                {words}
                {hint === undefined ? null : <p className="cap">{hint}</p>}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
