import {
  ArrowLeftRight,
  ArrowUpDown,
  CirclePause,
  Download,
  Ellipsis,
  FolderPlus,
  Gauge,
  Info,
  KeyRound,
  Plus,
  RefreshCw,
  Server,
  TriangleAlert,
  UserMinus,
  WifiOff,
} from 'lucide-react';
import type { Account, AccountStatus } from '../../../shared/model/account.ts';
import { ask } from '../../state/request.ts';
import { ALMOST_FULL } from '../../state/fullness.ts';
import { useFullness } from '../../state/quota.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { failureText } from '../../../shared/text/failure.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { MenuButton } from '../../ui/menu.tsx';

/** The name of an account in the tree: its mode as a word, its trouble as an icon and a word, its menu. */
export function AccountHeading(props: { account: Account }) {
  const { t } = useText();
  const { account } = props;
  const status = useApp((state) => state.statuses.get(account.id));
  return (
    <div className="acct" title={t(account.mode === 'imap' ? 'mailboxes.imap' : 'mailboxes.pop3')}>
      <Icon of={account.mode === 'imap' ? ArrowUpDown : Download} size="s" />
      <div className="names grow">
        <span className="cut" title={account.email}>
          {account.email}
        </span>
        {status ? <Trouble status={status} /> : null}
        {status?.paused ? <Paused account={account} /> : null}
        <Room account={account} />
      </div>
      <span className="mode">{account.mode.toUpperCase()}</span>
      <MenuButton
        className="ib"
        label={t('mailboxes.accountMenu', { email: account.email })}
        icon={Ellipsis}
        entries={[
          {
            id: 'sync',
            label: t('mailboxes.sync'),
            icon: RefreshCw,
            run: () => void ask('account.sync', { account: account.id }),
          },
          {
            id: 'new-mailbox',
            label: t('mailbox.new'),
            icon: FolderPlus,
            run: () => showDialog({ kind: 'new-mailbox', account: account.id }),
          },
          {
            id: 'details',
            label: t('accountPage.open'),
            icon: Info,
            run: () => showDialog({ kind: 'account', account: account.id }),
          },
          ...(account.mode === 'pop3'
            ? [
                {
                  id: 'server',
                  label: t('server.open'),
                  icon: Server,
                  run: () => showDialog({ kind: 'server', account: account.id }),
                },
              ]
            : []),
          {
            id: 'mode',
            label: t(account.mode === 'imap' ? 'mode.menu.pop3' : 'mode.menu.imap'),
            icon: ArrowLeftRight,
            run: () => showDialog({ kind: 'mode', account: account.id }),
          },
          {
            id: 'password',
            label: t('mailboxes.password'),
            icon: KeyRound,
            run: () => showDialog({ kind: 'password', account: account.id }),
          },
          {
            id: 'add',
            label: t('mailboxes.add'),
            icon: Plus,
            apart: true,
            run: () => showDialog({ kind: 'add-account' }),
          },
          {
            id: 'remove',
            label: t('mailboxes.remove'),
            icon: UserMinus,
            danger: true,
            run: () => showDialog({ kind: 'remove-account', account: account.id }),
          },
        ]}
      />
    </div>
  );
}

/** A word while no bodies are fetched ahead; pressed, they are again. */
function Paused(props: { account: Account }) {
  const { t } = useText();
  return (
    <button
      type="button"
      className="trouble warn"
      title={t('mailboxes.resume')}
      data-testid="resume-fetching"
      onClick={() => void ask('account.pause', { account: props.account.id, paused: false })}
    >
      <Icon of={CirclePause} size="s" tone="warn" />
      {t('mailboxes.paused')}
    </button>
  );
}

/** A word when the mailbox on the server is almost full: then mail is turned away. */
function Room(props: { account: Account }) {
  const { t } = useText();
  const percent = useFullness(props.account);
  if (percent === undefined || percent < ALMOST_FULL) return null;
  return (
    <button
      type="button"
      className="trouble warn"
      title={t('accountPage.fullLong', { percent })}
      data-testid="almost-full"
      onClick={() => showDialog({ kind: 'account', account: props.account.id })}
    >
      <Icon of={Gauge} size="s" tone="warn" />
      {t('accountPage.full', { percent })}
    </button>
  );
}

function Trouble(props: { status: AccountStatus }) {
  const { t, language } = useText();
  const { state, failure } = props.status;
  if (state !== 'offline' && state !== 'failed' && state !== 'needs-password') return null;
  const word = t(`status.word.${state}`);
  const title = failure ? failureText(failure, language).what : word;
  if (state === 'needs-password') {
    return (
      <button
        type="button"
        className="trouble warn"
        title={title}
        onClick={() => showDialog({ kind: 'password', account: props.status.account })}
      >
        <Icon of={KeyRound} size="s" tone="warn" />
        {word}
      </button>
    );
  }
  const bad = state === 'failed';
  return (
    <span className={`trouble ${bad ? 'bad' : 'warn'}`} title={title}>
      <Icon of={bad ? TriangleAlert : WifiOff} size="s" tone={bad ? 'bad' : 'warn'} />
      {word}
    </span>
  );
}
