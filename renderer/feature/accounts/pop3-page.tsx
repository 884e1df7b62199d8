import { useState } from 'react';
import type { Account, Collect } from '../../../shared/model/account.ts';
import type { LeavePolicy } from '../../../shared/model/leave.ts';
import { ask } from '../../state/request.ts';
import { showDialog } from '../../state/store.ts';
import { size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { PageRow } from './page-row.tsx';

const KINDS = ['forever', 'hours', 'until-deleted', 'bytes', 'never'] as const;
type Kind = (typeof KINDS)[number];
const EVERY: readonly Collect[] = [1, 5, 15, 60, 'start', 'hand'];
const LIMITS = [100_000, 1_000_000, 10_000_000];
const MB = 1_000_000;
/** What a kind means where no figure was given yet. */
const FIRST: Readonly<Record<Kind, LeavePolicy>> = {
  forever: 'forever',
  never: 'never',
  'until-deleted': 'until-deleted',
  hours: { hours: 14 * 24 },
  bytes: { bytes: 500 * MB },
};

const kindOf = (policy: LeavePolicy): Kind =>
  typeof policy === 'string' ? policy : 'hours' in policy ? 'hours' : 'bytes';

/** How a POP3 account collects: what stays on the server, when it is asked, and how much comes at once. */
export function Pop3Page(props: { account: Account }) {
  const { t } = useText();
  const { account } = props;
  return (
    <>
      <Leave account={account} />
      <When account={account} />
      <Much account={account} />
      <button
        type="button"
        className="btn line page-go"
        data-testid="open-server"
        onClick={() => showDialog({ kind: 'server', account: account.id })}
      >
        {t('pop3Page.removals')}
      </button>
    </>
  );
}

function Leave(props: { account: Account }) {
  const { t } = useText();
  const { id, leaveOnServer: policy } = props.account;
  const set = (leaveOnServer: LeavePolicy) => void ask('account.keep', { account: id, leaveOnServer });
  const hours = typeof policy === 'object' && 'hours' in policy ? policy.hours : undefined;
  const bytes = typeof policy === 'object' && 'bytes' in policy ? policy.bytes : undefined;
  return (
    <>
      <PageRow label={t('leave.label')} hint={t('leave.hint')} id="page-leave">
        <select
          className="input"
          aria-labelledby="page-leave"
          data-testid="account-leave-policy"
          value={kindOf(policy)}
          onChange={(event) => set(FIRST[event.target.value as Kind])}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`leave.${kind}`)}
            </option>
          ))}
        </select>
      </PageRow>
      {hours === undefined ? null : (
        <>
          <Figure
            label={t('leave.days')}
            id="leave-days"
            value={Math.floor(hours / 24)}
            onSet={(days) => set({ hours: Math.max(1, days * 24 + (hours % 24)) })}
          />
          <Figure
            label={t('leave.more')}
            id="leave-hours"
            value={hours % 24}
            onSet={(more) => set({ hours: Math.max(1, Math.floor(hours / 24) * 24 + Math.min(23, more)) })}
          />
        </>
      )}
      {bytes === undefined ? null : (
        <Figure
          label={t('leave.size')}
          id="leave-size"
          value={Math.round(bytes / MB)}
          onSet={(mb) => set({ bytes: mb * MB })}
        />
      )}
    </>
  );
}

/** A whole number; it counts when the field is left or Enter pressed, not with each digit. */
function Figure(props: { label: string; id: string; value: number; onSet: (value: number) => void }) {
  const [typed, setTyped] = useState<string>();
  const done = () => {
    if (typed !== undefined && /^\d{1,6}$/u.test(typed)) props.onSet(Number(typed));
    setTyped(undefined);
  };
  return (
    <PageRow label={props.label} id={`page-${props.id}`}>
      <input
        className="input num"
        inputMode="numeric"
        aria-labelledby={`page-${props.id}`}
        data-testid={props.id}
        value={typed ?? String(props.value)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
        }}
      />
    </PageRow>
  );
}

function When(props: { account: Account }) {
  const { t } = useText();
  const { id, collect = 5 } = props.account;
  const choices = EVERY.includes(collect) ? EVERY : [collect, ...EVERY];
  return (
    <PageRow label={t('collect.label')} id="page-collect">
      <select
        className="input"
        aria-labelledby="page-collect"
        data-testid="account-collect"
        value={String(collect)}
        onChange={(event) => {
          const { value } = event.target;
          const chosen = value === 'start' || value === 'hand' ? value : Number(value);
          void ask('account.keep', { account: id, collect: chosen });
        }}
      >
        {choices.map((one) => (
          <option key={one} value={String(one)}>
            {typeof one === 'number' ? t('collect.every', { count: one }) : t(`collect.${one}`)}
          </option>
        ))}
      </select>
    </PageRow>
  );
}

function Much(props: { account: Account }) {
  const { t, language } = useText();
  const { id, keep, wholeLimit } = props.account;
  const limits =
    wholeLimit === undefined || LIMITS.includes(wholeLimit)
      ? LIMITS
      : [...LIMITS, wholeLimit].toSorted((a, b) => a - b);
  return (
    <PageRow label={t('pop3Page.whole')} hint={t('pop3Page.wholeHint')} id="page-much">
      <select
        className="input"
        aria-labelledby="page-much"
        data-testid="account-much"
        value={keep === 'headers' ? 'headers' : String(wholeLimit ?? 'all')}
        onChange={(event) => {
          const { value } = event.target;
          const limit = /^\d+$/u.test(value) ? Number(value) : null;
          void ask('account.keep', {
            account: id,
            keep: value === 'headers' ? 'headers' : 'all',
            wholeLimit: limit,
          });
        }}
      >
        <option value="all">{t('pop3Page.all')}</option>
        {limits.map((one) => (
          <option key={one} value={String(one)}>
            {t('pop3Page.upTo', { size: size(one, language) })}
          </option>
        ))}
        <option value="headers">{t('pop3Page.headers')}</option>
      </select>
    </PageRow>
  );
}
