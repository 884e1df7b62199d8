import { Flag, Inbox, PencilLine, SquarePen, Upload, type LucideIcon } from 'lucide-react';
import { Fragment, useRef, type KeyboardEvent } from 'react';
import { orderMailboxes } from '../../../shared/mail/mailbox-order.ts';
import type { Account } from '../../../shared/model/account.ts';
import type { Mailbox } from '../../../shared/model/mailbox.ts';
import type { ListView } from '../../state/apply.ts';
import { run } from '../../state/commands.ts';
import { showView } from '../../state/list.ts';
import { focusPane } from '../../state/panes.ts';
import { useApp } from '../../state/store.ts';
import { count } from '../../text/format.ts';
import { mailboxName } from '../../text/mailbox-name.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { roleIcon } from '../../ui/mailbox-icon.ts';
import { AccountHeading } from './account-heading.tsx';
import './mailboxes.css';

/** One name for a view, to compare and to key by. */
function viewName(view: ListView): string {
  return view.kind === 'mailbox' ? `box-${view.mailbox}` : view.kind;
}

/** The left pane: what gathers across accounts, then each account with its mailboxes. */
export function MailboxTree() {
  const { t } = useText();
  const tree = useRef<HTMLDivElement>(null);
  const accounts = useApp((state) => state.accounts);
  const mailboxes = useApp((state) => state.mailboxes);
  const drafts = useApp((state) => state.drafts.length);
  const outbox = useApp((state) => state.outbox.length);
  const unread = mailboxes.reduce((sum, box) => (box.role === 'inbox' ? sum + box.unread : sum), 0);

  const onKeyDown = (event: KeyboardEvent) => {
    const items = [
      ...(tree.current?.querySelectorAll<HTMLElement>('[role=treeitem]:not([aria-disabled])') ?? []),
    ];
    const at = items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'ArrowRight') focusPane('list');
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const item = items[Math.max(0, Math.min(items.length - 1, to))];
    item?.focus();
    item?.click();
  };
  return (
    <nav className="side" aria-label={t('pane.mailboxes')} data-pane="mailboxes">
      <button
        type="button"
        className="btn compose"
        data-testid="compose-new"
        onClick={() => run('message.new')}
      >
        <Icon of={SquarePen} />
        {t('mailboxes.new')}
        <kbd>C</kbd>
      </button>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the trees within have the roles; arrows go through all of them */}
      <div ref={tree} className="trees" onKeyDown={onKeyDown}>
        <div className="tree" role="tree" aria-label={t('mailboxes.across')}>
          <Node
            view={{ kind: 'inboxes' }}
            icon={Inbox}
            label={t('mailboxes.inboxes')}
            number={unread}
            unread
          />
          <Node view={{ kind: 'flagged' }} icon={Flag} label={t('mailboxes.flagged')} number={0} />
          <Node view={{ kind: 'drafts' }} icon={PencilLine} label={t('mailboxes.drafts')} number={drafts} />
          <Node view={{ kind: 'outbox' }} icon={Upload} label={t('mailboxes.outbox')} number={outbox} />
        </div>
        {accounts.map((account) => (
          <AccountBranch key={account.id} account={account} mailboxes={mailboxes} />
        ))}
      </div>
    </nav>
  );
}

function AccountBranch(props: { account: Account; mailboxes: readonly Mailbox[] }) {
  const { t } = useText();
  return (
    <Fragment>
      <AccountHeading account={props.account} />
      <div className="tree" role="tree" aria-label={props.account.email}>
        {orderMailboxes(props.mailboxes.filter((box) => box.account === props.account.id)).map((box) => (
          <Node
            key={box.id}
            view={{ kind: 'mailbox', mailbox: box.id }}
            icon={roleIcon[box.role]}
            label={mailboxName(box, t)}
            number={box.unread}
            unread
            depth={box.depth}
            inset
            testId={`mailbox-${box.role}`}
            account={props.account.id}
            disabled={!box.selectable}
          />
        ))}
      </div>
    </Fragment>
  );
}

interface NodeProps {
  view: ListView;
  icon: LucideIcon;
  label: string;
  number: number;
  unread?: boolean;
  depth?: number;
  /** Stands below the name of an account. */
  inset?: boolean;
  testId?: string;
  account?: string;
  disabled?: boolean;
}

function Node(props: NodeProps) {
  const { t, language } = useText();
  const on = useApp((state) => viewName(state.view) === viewName(props.view));
  const { depth = 0, number } = props;
  const words = props.unread ? t('mailboxes.unread', { count: number }) : count(number, language);
  return (
    <button
      type="button"
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={on}
      aria-disabled={props.disabled || undefined}
      tabIndex={on ? 0 : -1}
      data-pane-focus={on || undefined}
      data-testid={props.testId ?? `view-${props.view.kind}`}
      data-account={props.account}
      className={`tn ${on ? 'on' : ''} ${props.unread && number > 0 ? 'un' : ''}`}
      style={{ paddingLeft: (props.inset ? 16 : 8) + depth * 16 }}
      title={props.label}
      onClick={() => {
        if (!props.disabled) void showView(props.view);
      }}
    >
      <Icon of={props.icon} />
      <span className="cut">{props.label}</span>
      {number > 0 ? (
        <span className="n">
          <span aria-hidden>{count(number, language)}</span>
          <span className="sr">{words}</span>
        </span>
      ) : null}
    </button>
  );
}
