import type { Account, AccountStatus } from '../../../shared/model/account.ts';
import { ask } from '../../state/request.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { failureText } from '../../../shared/text/failure.ts';
import { count, size, time, timeWithSeconds } from '../../text/format.ts';
import { useText, type Say } from '../../text/text.ts';

/** What needs a person comes first, then what is under way, then that all is well. */
const urgency: readonly AccountStatus['state'][] = [
  'needs-password',
  'failed',
  'offline',
  'syncing',
  'connecting',
];

/** How things stand with the servers, in one sentence. */
export function StateLine() {
  const { t, language } = useText();
  const accounts = useApp((state) => state.accounts);
  const statuses = useApp((state) => state.statuses);
  const known = accounts.flatMap((account) => {
    const status = statuses.get(account.id);
    return status ? [{ account, status }] : [];
  });
  for (const state of urgency) {
    const found = known.find((one) => one.status.state === state);
    if (found) return <Trouble {...found} />;
  }
  const synced = known.flatMap((one) => one.status.lastSync ?? []);
  const all = synced.length > 0 && synced.length === accounts.length;
  return (
    <div className="state" role="status" data-testid="state-line">
      <span className={`dot ${all ? '' : 'off'}`} />
      <span className="cut">
        {all ? inStep(t, synced, time(Math.min(...synced), language)) : t('status.idle')}
      </span>
    </div>
  );
}

function inStep(t: Say, synced: readonly number[], at: string): string {
  if (synced.length === 2) return t('status.inStepBoth', { time: at });
  return t('status.inStepAll', { count: synced.length, time: at });
}

function Trouble(props: { account: Account; status: AccountStatus }) {
  const { t, language } = useText();
  const { account, status } = props;
  const why = status.failure
    ? failureText(status.failure, language).what
    : t(`status.word.${status.state === 'failed' ? 'failed' : 'offline'}`);
  const { progress } = status;
  const words: Record<string, string> = {
    'needs-password': t('status.needsPassword', { email: account.email }),
    failed: t('status.failed', { email: account.email, why }),
    offline:
      status.nextTry !== undefined && status.failure?.code === 'mailbox-locked'
        ? t('status.next', { why, time: timeWithSeconds(status.nextTry, language) })
        : t('status.offline', { why }),
    connecting: t('status.connecting', { host: account[account.mode]?.host ?? account.email }),
    syncing: progress
      ? t(progress.bytes ? 'status.progressBytes' : 'status.progress', {
          mailbox: progress.mailbox === 'INBOX' ? t('role.inbox') : progress.mailbox,
          done: count(progress.done, language),
          total: count(progress.total, language),
          bytes: size(progress.bytes?.done ?? 0, language),
          size: size(progress.bytes?.total ?? 0, language),
        })
      : t('status.syncing', { mailbox: account.email }),
  };
  const tone =
    status.state === 'failed'
      ? 'bad'
      : status.state === 'needs-password' || status.state === 'offline'
        ? 'warn'
        : '';
  return (
    <div className="state" role="status" data-testid="state-line">
      <span className={`dot ${tone}`} />
      <span className="cut num" title={status.failure?.detail}>
        {words[status.state]}
      </span>
      {status.state === 'syncing' && progress && progress.total > 0 ? (
        <span className="meter">
          <span style={{ width: `${Math.min(100, shareOf(progress) * 100)}%` }} />
        </span>
      ) : null}
      {status.state === 'syncing' && account.mode === 'pop3' && progress && progress.total > 0 ? (
        <button
          type="button"
          className="btn line"
          data-testid="stop-collecting"
          onClick={() => void ask('pop3.stop', { account: account.id })}
        >
          {t('status.stop')}
        </button>
      ) : null}
      {status.state === 'needs-password' ? (
        <button
          type="button"
          className="btn line"
          onClick={() => showDialog({ kind: 'password', account: account.id })}
        >
          {t('status.enterPassword')}
        </button>
      ) : null}
    </div>
  );
}

function shareOf({ done, total, bytes }: NonNullable<AccountStatus['progress']>): number {
  return bytes && bytes.total > 0 ? bytes.done / bytes.total : done / total;
}
