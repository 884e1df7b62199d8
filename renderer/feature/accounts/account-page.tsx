import { useEffect } from 'react';
import type { Account } from '../../../shared/model/account.ts';
import type { Keep } from '../../../shared/model/mailbox.ts';
import { loadAccountPage, useAccountPage } from '../../state/account-page.ts';
import { ALMOST_FULL, fullness, type Quotas } from '../../state/fullness.ts';
import { ask } from '../../state/request.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { count, size } from '../../text/format.ts';
import { KEEPS, keepWords } from '../../text/keep-words.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';
import { AbilityTable } from './ability-table.tsx';
import { PageRow } from './page-row.tsx';
import { Pop3Page } from './pop3-page.tsx';

const LIMITS = [1_000_000, 5_000_000, 20_000_000, 100_000_000];
/** What is meant where an account says nothing. */
const LIMIT = 20_000_000;

/** All about an account: its room, what is kept here, and what its server can do. */
export function AccountPage(props: { account: Account }) {
  const { t } = useText();
  const { account } = props;
  const abilities = useAccountPage((state) => (state.account === account.id ? state.abilities : undefined));
  useEffect(() => void loadAccountPage(account), [account]);
  const close = () => showDialog(null);
  return (
    <Modal
      title={account.email}
      text={t(account.mode === 'imap' ? 'mailboxes.imap' : 'mailboxes.pop3')}
      width={720}
      testId="account-page"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big main" onClick={close}>
            {t('common.done')}
          </button>
        </>
      }
    >
      {account.mode === 'pop3' ? (
        <>
          <p className="q">{t('accountPage.pop3')}</p>
          <Pop3Page account={account} />
        </>
      ) : (
        <>
          <Room />
          <Kept account={account} />
          {abilities === null ? <p className="q page-head">{t('accountPage.notConnected')}</p> : null}
          {abilities ? (
            <>
              <Server />
              <AbilityTable abilities={abilities} />
            </>
          ) : null}
        </>
      )}
    </Modal>
  );
}

function Room() {
  const { t } = useText();
  const quotas = useAccountPage((state) => state.quotas);
  if (quotas === undefined) return null;
  const limits = (quotas ?? []).filter((one) => one.storage ?? one.messages);
  const percent = fullness(limits);
  return (
    <PageRow
      label={t('accountPage.room')}
      {...(percent !== undefined && percent >= ALMOST_FULL
        ? { hint: t('accountPage.fullLong', { percent }) }
        : {})}
    >
      <div className="rooms">
        {limits.length === 0 ? <span className="q">{t('accountPage.noQuota')}</span> : null}
        {limits.map((quota) => (
          <Bars key={quota.root} quota={quota} />
        ))}
      </div>
    </PageRow>
  );
}

function Bars(props: { quota: Quotas[number] }) {
  const { t, language } = useText();
  const { storage, messages } = props.quota;
  const bar = (part: { used: number; limit: number }, words: string) => {
    const percent = part.limit > 0 ? Math.min(100, (part.used / part.limit) * 100) : 0;
    return (
      <div className="room" data-testid="quota">
        <span className="num">{words}</span>
        <span className={`meter ${percent >= ALMOST_FULL ? 'warn' : ''}`}>
          <span style={{ width: `${percent}%` }} />
        </span>
      </div>
    );
  };
  return (
    <>
      {storage
        ? bar(
            storage,
            t('accountPage.used', {
              used: size(storage.used, language),
              limit: size(storage.limit, language),
            }),
          )
        : null}
      {messages
        ? bar(
            messages,
            t('accountPage.messages', {
              used: count(messages.used, language),
              limit: count(messages.limit, language),
            }),
          )
        : null}
    </>
  );
}

function Kept(props: { account: Account }) {
  const { t, language } = useText();
  const { account } = props;
  const paused = useApp((state) => state.statuses.get(account.id)?.paused === true);
  const keep = account.keep ?? 'all';
  const keeps = KEEPS.includes(keep) ? KEEPS : [...KEEPS, keep];
  const limit = account.wholeLimit ?? LIMIT;
  const limits = LIMITS.includes(limit) ? LIMITS : [...LIMITS, limit].toSorted((a, b) => a - b);
  return (
    <>
      <PageRow label={t('accountPage.keep')} hint={t('accountPage.keepHint')} id="page-keep">
        <select
          className="input"
          aria-labelledby="page-keep"
          data-testid="account-keep"
          value={String(keep)}
          onChange={(event) => {
            const value = event.target.value;
            const chosen: Keep = value === 'all' || value === 'headers' ? value : Number(value);
            void ask('account.keep', { account: account.id, keep: chosen });
          }}
        >
          {keeps.map((one) => (
            <option key={one} value={String(one)}>
              {keepWords(one, t)}
            </option>
          ))}
        </select>
      </PageRow>
      <PageRow label={t('accountPage.limit')} hint={t('accountPage.limitHint')} id="page-limit">
        <select
          className="input"
          aria-labelledby="page-limit"
          data-testid="account-limit"
          value={String(limit)}
          onChange={(event) =>
            void ask('account.keep', { account: account.id, wholeLimit: Number(event.target.value) })
          }
        >
          {limits.map((one) => (
            <option key={one} value={String(one)}>
              {size(one, language)}
            </option>
          ))}
        </select>
      </PageRow>
      <PageRow label={t('accountPage.pause')} hint={t('accountPage.pauseHint')} id="page-pause">
        <span className="check">
          <input
            type="checkbox"
            aria-labelledby="page-pause"
            data-testid="account-pause"
            checked={paused}
            onChange={(event) =>
              void ask('account.pause', { account: account.id, paused: event.target.checked })
            }
          />
        </span>
      </PageRow>
    </>
  );
}

/** How the person was let in, what the server calls itself, and where it has mailboxes. */
function Server() {
  const { t } = useText();
  const abilities = useAccountPage((state) => state.abilities);
  if (!abilities) return null;
  const own = { personal: 'ownPlace', other: 'otherPlace', shared: 'sharedPlace' } as const;
  return (
    <dl className="kv page-server">
      <dt>{t('accountPage.mechanism')}</dt>
      <dd className="mono">{abilities.mechanism}</dd>
      {abilities.server ? (
        <>
          <dt>{t('accountPage.server')}</dt>
          <dd>
            {Object.entries(abilities.server).map(([name, value]) => (
              <div key={name}>
                <span className="qq">{name}</span> <span className="mono">{value}</span>
              </div>
            ))}
          </dd>
        </>
      ) : null}
      {abilities.namespaces.length > 0 ? (
        <>
          <dt>{t('accountPage.namespaces')}</dt>
          <dd>
            {abilities.namespaces.map((one) => (
              <div key={`${one.kind}.${one.prefix}`}>
                <span className="mono">{one.prefix || t('accountPage.topPlace')}</span>{' '}
                <span className="qq">{t(`accountPage.${own[one.kind]}`)}</span>
              </div>
            ))}
          </dd>
        </>
      ) : null}
    </dl>
  );
}
