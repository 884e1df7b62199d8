import {
  BellOff,
  BellRing,
  CloudOff,
  FolderInput,
  FolderPlus,
  HardDrive,
  PenLine,
  RefreshCw,
  Trash2,
} from 'lucide-react';
import type { Mailbox } from '../../../shared/model/mailbox.ts';
import { deleteMailbox, setExcluded, setKeep, subscribe } from '../../state/mailbox-actions.ts';
import { obstacleTo, placesFor, type MailboxAction } from '../../state/mailbox-rules.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { KEEPS, keepWords } from '../../text/keep-words.ts';
import { mailboxName } from '../../text/mailbox-name.ts';
import { useText } from '../../text/text.ts';
import { ContextMenu, type MenuEntry } from '../../ui/menu.tsx';

/** What can be done with a mailbox. What can't is greyed, and says why. */
export function MailboxMenu(props: { box: Mailbox; at: { x: number; y: number }; onClose: () => void }) {
  const { t } = useText();
  const { box } = props;
  const all = useApp((state) => state.mailboxes);
  const account = useApp((state) => state.accounts.find((one) => one.id === box.account));
  const because = (action: MailboxAction) => {
    const obstacle = obstacleTo(action, box, account, all);
    return obstacle === undefined ? undefined : t(`mailbox.why.${obstacle}`);
  };
  const entries: MenuEntry[] = [
    {
      id: 'new',
      label: t('mailbox.new'),
      icon: FolderPlus,
      run: () => showDialog({ kind: 'new-mailbox', account: box.account }),
    },
    {
      id: 'inside',
      label: t('mailbox.inside'),
      because: because('inside'),
      run: () => showDialog({ kind: 'new-mailbox', account: box.account, parent: box.id }),
    },
    {
      id: 'rename',
      label: t('mailbox.rename'),
      icon: PenLine,
      keys: 'F2',
      apart: true,
      because: because('rename'),
      run: () => showDialog({ kind: 'rename-mailbox', mailbox: box.id }),
    },
    {
      id: 'move',
      label: t('mailbox.move'),
      icon: FolderInput,
      because: because('move') ?? (placesFor(box, all).length === 0 ? t('mailbox.why.top') : undefined),
      run: () => showDialog({ kind: 'move-mailbox', mailbox: box.id }),
    },
  ];
  if (account?.mode === 'imap' && !box.local) entries.push(...onServer(box, because('sync')));
  entries.push({
    id: 'delete',
    label: t('mailbox.delete'),
    icon: Trash2,
    keys: 'Del',
    danger: true,
    apart: true,
    because: because('delete'),
    run: () => void deleteMailbox(box),
  });
  return (
    <ContextMenu
      label={t('mailbox.menu', { name: mailboxName(box, t) })}
      at={props.at}
      entries={entries}
      onClose={props.onClose}
    />
  );

  function onServer(of: Mailbox, notExcluded: string | undefined): MenuEntry[] {
    const subscribed = of.subscribed !== false;
    return [
      {
        id: 'subscribe',
        label: t(subscribed ? 'mailbox.unsubscribe' : 'mailbox.subscribe'),
        icon: subscribed ? BellOff : BellRing,
        apart: true,
        run: () => void subscribe(of.id, !subscribed),
      },
      {
        id: 'exclude',
        label: t(of.excluded ? 'mailbox.include' : 'mailbox.exclude'),
        icon: of.excluded ? RefreshCw : CloudOff,
        because: of.excluded ? undefined : notExcluded,
        run: () => void setExcluded(of.id, !of.excluded),
      },
      {
        id: 'keep',
        label: t('mailbox.keep'),
        icon: HardDrive,
        entries: [
          ...KEEPS.map((keep) => ({
            id: `keep-${keep}`,
            label: keepWords(keep, t),
            chosen: of.keep === keep,
            run: () => void setKeep(of.id, keep),
          })),
          {
            id: 'keep-account',
            label: t('keep.account'),
            chosen: of.keep === undefined,
            apart: true,
            run: () => void setKeep(of.id, null),
          },
        ],
      },
    ];
  }
}
