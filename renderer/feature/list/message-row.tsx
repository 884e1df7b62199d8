import {
  CloudDownload,
  Flag,
  Forward,
  MailOpen,
  Mail,
  Paperclip,
  Reply,
  Trash2,
  type LucideIcon,
} from 'lucide-react';
import { memo, type MouseEvent } from 'react';
import type { MessageKey } from '../../../shared/model/ids.ts';
import type { Address, MessageRow } from '../../../shared/model/message.ts';
import { deleteMessages, toggleFlag } from '../../state/message-actions.ts';
import { useApp } from '../../state/store.ts';
import { tagsOf } from '../../state/tags.ts';
import { rowDate } from '../../text/format.ts';
import { useText, type Say } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { TagChips } from '../../ui/tag-chips.tsx';

/** The id of a row's element, for aria-activedescendant. */
export const rowElementId = (id: MessageKey) => `message-${id}`;

interface RowProps {
  id: MessageKey;
  top: number;
  position: number;
  total: number;
  now: number;
  onPress: (id: MessageKey, event: MouseEvent) => void;
}

/** One message in the list: sender, subject, first words. */
export const MessageRowView = memo(function MessageRowView(props: RowProps) {
  const { t } = useText();
  const { id } = props;
  const row = useApp((state) => state.rows.get(id));
  const selected = useApp((state) => state.selected.has(id));
  const cursor = useApp((state) => state.cursor === id);
  const unread = row !== undefined && !row.flags.includes('seen');
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list box around it has the keys
    <div
      id={rowElementId(id)}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={props.position}
      aria-setsize={props.total}
      data-testid="message-row"
      data-id={id}
      data-cursor={cursor || undefined}
      className={`row ${unread ? 'un' : ''} ${selected ? 'sel' : ''}`}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={(event) => props.onPress(id, event)}
    >
      {row ? <Content row={row} unread={unread} now={props.now} /> : <Bones />}
      {row ? <QuickActions row={row} t={t} /> : null}
    </div>
  );
});

function Bones() {
  return (
    <>
      <div className="l1">
        <span className="bone" style={{ width: '46%' }} />
      </div>
      <div className="l2">
        <span className="bone" style={{ width: '72%' }} />
      </div>
      <div className="l3">
        <span className="bone" style={{ width: '60%' }} />
      </div>
    </>
  );
}

function names(addresses: readonly Address[]): string {
  return addresses.map((one) => one.name || one.address).join(', ');
}

/** In Sent it matters who got it; everywhere else, who wrote it. */
function useWho(row: MessageRow, t: Say): string {
  const sent = useApp((state) =>
    state.mailboxes.some((box) => box.id === row.mailbox && (box.role === 'sent' || box.role === 'outbox')),
  );
  if (sent && row.to.length > 0) return t('list.to', { names: names(row.to) });
  return names(row.from) || t('common.noSender');
}

function Content(props: { row: MessageRow; unread: boolean; now: number }) {
  const { t, language } = useText();
  const { row } = props;
  const who = useWho(row, t);
  const tags = tagsOf(row);
  return (
    <>
      <div className="l1">
        {props.unread ? <span className="sr">{t('list.unread')}, </span> : null}
        <span className="who cut" title={row.from.map((one) => one.address).join(', ')}>
          {who}
        </span>
        {row.flags.includes('flagged') ? (
          <>
            <Icon of={Flag} size="s" tone="flag" />
            <span className="sr">{t('list.flaggedWord')}</span>
          </>
        ) : null}
        <time dateTime={new Date(row.date).toISOString()}>{rowDate(row.date, props.now, language)}</time>
      </div>
      <div className="l2">
        <span className="sub cut">{row.subject || t('common.noSubject')}</span>
        <TagChips tags={tags} most={1} className="compact-only" />
        {row.flags.includes('answered') ? (
          <>
            <Icon of={Reply} size="s" />
            <span className="sr">{t('list.answered')}</span>
          </>
        ) : null}
        {row.flags.includes('forwarded') ? (
          <>
            <Icon of={Forward} size="s" />
            <span className="sr">{t('list.forwarded')}</span>
          </>
        ) : null}
        {row.uidl !== undefined && !row.stored ? (
          <span title={t('list.partial')} data-testid="row-partial">
            <Icon of={CloudDownload} size="s" />
            <span className="sr">{t('list.partial')}</span>
          </span>
        ) : null}
        {row.attachments ? (
          <>
            <Icon of={Paperclip} size="s" />
            <span className="sr">{t('list.attachments')}</span>
          </>
        ) : null}
      </div>
      <div className="l3">
        <span className="snip cut">{row.snippet ?? ''}</span>
        <TagChips tags={tags} most={2} />
      </div>
    </>
  );
}

/** Shown under the pointer only; every one of them is a key, too. */
function QuickActions(props: { row: MessageRow; t: Say }) {
  const { row, t } = props;
  const flagged = row.flags.includes('flagged');
  const seen = row.flags.includes('seen');
  const act = (action: () => Promise<void>) => (event: MouseEvent) => {
    event.stopPropagation();
    void action();
  };
  return (
    <span className="quick" aria-hidden>
      <Quick
        icon={seen ? Mail : MailOpen}
        label={t(seen ? 'list.markUnread' : 'list.markRead')}
        onPress={act(() => toggleFlag([row.id], 'seen'))}
      />
      <Quick
        icon={Flag}
        label={t(flagged ? 'list.unflag' : 'list.flag')}
        onPress={act(() => toggleFlag([row.id], 'flagged'))}
      />
      <Quick icon={Trash2} label={t('list.delete')} onPress={act(() => deleteMessages([row.id]))} />
    </span>
  );
}

/** No button: what can be chosen in a list box may hold none (ARIA 1.2, option). */
function Quick(props: { icon: LucideIcon; label: string; onPress: (event: MouseEvent) => void }) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- for the pointer only; the keyboard has keys for each
    <span className="ib" title={props.label} onClick={props.onPress}>
      <Icon of={props.icon} />
    </span>
  );
}
