import {
  ChevronDown,
  ChevronRight,
  CloudOff,
  Flag,
  Inbox,
  PencilLine,
  SquarePen,
  Upload,
  type LucideIcon,
} from 'lucide-react';
import { Fragment, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { orderMailboxes } from '../../../shared/mail/mailbox-order.ts';
import type { Account } from '../../../shared/model/account.ts';
import type { Mailbox } from '../../../shared/model/mailbox.ts';
import type { ListView } from '../../state/apply.ts';
import { run } from '../../state/commands.ts';
import { showView } from '../../state/list.ts';
import { deleteMailbox } from '../../state/mailbox-actions.ts';
import { branchesOf, obstacleTo } from '../../state/mailbox-rules.ts';
import { focusPane } from '../../state/panes.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { count } from '../../text/format.ts';
import { mailboxName } from '../../text/mailbox-name.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { roleIcon } from '../../ui/mailbox-icon.ts';
import { AccountHeading } from './account-heading.tsx';
import { MailboxMenu } from './mailbox-menu.tsx';
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
  const { account } = props;
  const { own, other, shared, unsubscribed } = branchesOf(
    orderMailboxes(props.mailboxes.filter((box) => box.account === account.id)),
  );
  return (
    <Fragment>
      <AccountHeading account={account} />
      <Branch label={account.email} boxes={own} />
      {other.length > 0 ? <Branch label={t('mailbox.other')} boxes={other} titled /> : null}
      {shared.length > 0 ? <Branch label={t('mailbox.shared')} boxes={shared} titled /> : null}
      {unsubscribed.length > 0 ? <Folded boxes={unsubscribed} /> : null}
    </Fragment>
  );
}

function Branch(props: { label: string; boxes: readonly Mailbox[]; titled?: boolean }) {
  return (
    <>
      {props.titled ? <h2 className="branch-head">{props.label}</h2> : null}
      <div className="tree" role="tree" aria-label={props.label}>
        {props.boxes.map((box) => (
          <BoxNode key={box.id} box={box} />
        ))}
      </div>
    </>
  );
}

/** What the person has not subscribed to: there, and out of the way. */
function Folded(props: { boxes: readonly Mailbox[] }) {
  const { t } = useText();
  const inside = useApp(
    ({ view }) => view.kind === 'mailbox' && props.boxes.some((box) => box.id === view.mailbox),
  );
  const [opened, setOpened] = useState(false);
  const open = opened || inside;
  const label = t('mailbox.unsubscribed', { count: props.boxes.length });
  return (
    <>
      <button
        type="button"
        className="tn unsubscribed"
        aria-expanded={open}
        data-testid="unsubscribed"
        onClick={() => setOpened(!open)}
      >
        <Icon of={open ? ChevronDown : ChevronRight} />
        <span className="cut">{label}</span>
      </button>
      {open ? <Branch label={label} boxes={props.boxes} /> : null}
    </>
  );
}

/** A mailbox with its menu: by the right button, by Shift+F10, and its two keys. */
function BoxNode(props: { box: Mailbox }) {
  const { t } = useText();
  const { box } = props;
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { accounts, mailboxes } = useApp.getState();
    const account = accounts.find((one) => one.id === box.account);
    const can = (action: 'rename' | 'delete') => !obstacleTo(action, box, account, mailboxes);
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      const { left, bottom } = event.currentTarget.getBoundingClientRect();
      setMenu({ x: left + 24, y: bottom });
    } else if (event.key === 'F2') {
      if (can('rename')) showDialog({ kind: 'rename-mailbox', mailbox: box.id });
    } else if (event.key === 'Delete') {
      if (can('delete')) void deleteMailbox(box);
    } else return;
    // Del would delete the messages that are selected.
    event.preventDefault();
    event.stopPropagation();
  };
  const number = box.excluded ? (box.onServer?.unread ?? 0) : box.unread;
  const notes = [
    box.excluded ? t('mailbox.isExcluded') : '',
    box.subscribed === false && box.role === 'none' ? t('mailbox.isUnsubscribed') : '',
  ].filter(Boolean);
  return (
    <>
      <Node
        view={{ kind: 'mailbox', mailbox: box.id }}
        icon={roleIcon[box.role]}
        label={mailboxName(box, t)}
        number={number}
        unread
        depth={box.depth}
        inset
        testId={`mailbox-${box.role}`}
        account={box.account}
        disabled={!box.selectable}
        dim={box.subscribed === false && box.role === 'none'}
        excluded={box.excluded === true}
        note={notes.join(', ')}
        onKeyDown={onKeyDown}
        onContextMenu={(event) => {
          event.preventDefault();
          event.currentTarget.focus();
          setMenu({ x: event.clientX, y: event.clientY });
        }}
      />
      {menu ? <MailboxMenu box={box} at={menu} onClose={() => setMenu(null)} /> : null}
    </>
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
  /** Not subscribed. */
  dim?: boolean;
  /** Left out of the sync. */
  excluded?: boolean;
  /** What else is to be known, in words. */
  note?: string;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  onContextMenu?: (event: MouseEvent<HTMLElement>) => void;
}

function Node(props: NodeProps) {
  const { t, language } = useText();
  const on = useApp((state) => viewName(state.view) === viewName(props.view));
  // A search shows none of them: then the keyboard comes in by the first.
  const way = useApp((state) => on || (state.view.kind === 'search' && props.view.kind === 'inboxes'));
  const { depth = 0, number } = props;
  const words = props.unread ? t('mailboxes.unread', { count: number }) : count(number, language);
  return (
    <button
      type="button"
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={on}
      aria-disabled={props.disabled || undefined}
      tabIndex={way ? 0 : -1}
      data-pane-focus={way || undefined}
      data-testid={props.testId ?? `view-${props.view.kind}`}
      data-account={props.account}
      className={`tn ${on ? 'on' : ''} ${props.unread && number > 0 ? 'un' : ''} ${props.dim ? 'dim' : ''}`}
      style={{ paddingLeft: (props.inset ? 16 : 8) + depth * 16 }}
      title={props.note ? `${props.label} (${props.note})` : props.label}
      onKeyDown={props.onKeyDown}
      onContextMenu={props.onContextMenu}
      onClick={() => {
        if (!props.disabled) void showView(props.view);
      }}
    >
      <Icon of={props.icon} />
      <span className="cut">{props.label}</span>
      {props.excluded ? <Icon of={CloudOff} size="s" /> : null}
      {props.note ? <span className="sr">, {props.note}</span> : null}
      {number > 0 ? (
        <span className="n">
          <span aria-hidden>{count(number, language)}</span>
          <span className="sr">{words}</span>
        </span>
      ) : null}
    </button>
  );
}
