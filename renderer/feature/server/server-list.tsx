import { useVirtualizer } from '@tanstack/react-virtual';
import { Download, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ServerMessage } from '../../../shared/contract/pop3.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { isLost, lookAt, toggleMark, useServer } from '../../state/server.ts';
import { fullDate, rowDate, size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';

const ROW = 32;
/** Lines of a preview; ms for which the list has to stand still before headers are asked for. */
const LINES = 20;
const STILL = 120;

/** The messages on the server, row by row, by keys or the mouse; only what is seen is asked for. */
export function ServerList(props: { account: AccountId; messages: readonly ServerMessage[] }) {
  const { t } = useText();
  const { account, messages } = props;
  const box = useRef<HTMLDivElement>(null);
  const now = useNow();
  const [at, setAt] = useState(0);
  const [preview, setPreview] = useState<string>();
  const virtual = useVirtualizer({
    count: messages.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
    scrollPaddingStart: ROW,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    const timer = setTimeout(() => {
      const seen = messages.slice(first, last + 1);
      void lookAt(
        account,
        seen.filter((one) => one.certain && !one.summary).map((one) => one.uidl),
      );
    }, STILL);
    return () => clearTimeout(timer);
  }, [account, messages, first, last]);
  useEffect(() => box.current?.focus(), []);
  const current = messages[at];
  const show = () => {
    if (!current?.certain) return;
    setPreview(preview === current.uidl ? undefined : current.uidl);
    void lookAt(account, [current.uidl], LINES);
  };
  const go = (to: number) => {
    const next = Math.max(0, Math.min(messages.length - 1, to));
    setAt(next);
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? ROW) / ROW) - 1);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: messages.length - 1,
    };
    const to = moves[event.key];
    // The key counts, not what its layout makes of it.
    const { code } = event;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (to !== undefined) go(to);
    else if (plain && code === 'KeyG' && current) toggleMark(current, 'get');
    else if (plain && (code === 'KeyD' || code === 'Delete') && current) toggleMark(current, 'remove');
    else if (plain && code === 'KeyP') show();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div
        ref={box}
        className="server-list"
        role="grid"
        aria-label={t('server.list')}
        aria-rowcount={messages.length + 1}
        aria-activedescendant={current ? `server-row-${current.number}` : undefined}
        tabIndex={0}
        data-testid="server-list"
        onKeyDown={onKeyDown}
      >
        <div className="server-row server-head" role="row">
          <span role="columnheader" aria-label={t('server.col.number')} />
          <span role="columnheader">{t('server.col.from')}</span>
          <span role="columnheader">{t('server.col.subject')}</span>
          <span role="columnheader">{t('server.col.date')}</span>
          <span role="columnheader">{t('server.col.size')}</span>
          <span role="columnheader">{t('server.col.here')}</span>
          <span role="columnheader">{t('server.col.fate')}</span>
          <span role="columnheader" aria-label={t('server.col.acts')} />
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const message = messages[item.index];
            return message ? (
              <Row
                key={message.number}
                now={now}
                message={message}
                top={item.start}
                index={item.index}
                chosen={item.index === at}
                onChoose={() => setAt(item.index)}
              />
            ) : null;
          })}
        </div>
      </div>
      {current && preview === current.uidl ? <Preview uidl={preview} /> : null}
    </>
  );
}

function Preview(props: { uidl: string }) {
  const { t } = useText();
  const look = useServer((state) => state.looks.get(props.uidl));
  const words = look?.preview === undefined ? t('server.loading') : look.preview || t('server.noPreview');
  return (
    <p className="server-preview selectable" data-testid="server-preview" role="status">
      {words}
    </p>
  );
}

interface RowProps {
  now: number;
  message: ServerMessage;
  top: number;
  index: number;
  chosen: boolean;
  onChoose: () => void;
}

function Row(props: RowProps) {
  const { t, language } = useText();
  const { message } = props;
  const look = useServer((state) => state.looks.get(message.uidl));
  const mark = useServer((state) => state.marks.get(message.uidl));
  const { subject, from = [], date } = look ?? message.summary ?? {};
  const sender = from[0]?.name || from[0]?.address || '';
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the grid has the focus and the keys
    <div
      id={`server-row-${message.number}`}
      className={`server-row ${props.chosen ? 'chosen' : ''} ${mark?.remove ? 'going' : ''}`}
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.chosen}
      style={{ transform: `translateY(${props.top}px)` }}
      data-testid="server-row"
      onClick={props.onChoose}
    >
      <span role="gridcell" className="num qq">
        {message.number}
      </span>
      <span role="gridcell" className="cut">
        {sender}
      </span>
      <span role="gridcell" className="cut" title={message.uidl}>
        {subject === '' ? t('common.noSubject') : (subject ?? '…')}
      </span>
      <span role="gridcell" className="num qq">
        {date === undefined ? '' : rowDate(date, props.now, language)}
      </span>
      <span role="gridcell" className="num qq">
        {size(message.size, language)}
      </span>
      <span role="gridcell" className="cut qq">
        {message.deleted === undefined ? t(`server.held.${message.held}`) : t('server.deletedHere')}
      </span>
      <span role="gridcell" className="cut qq">
        {mark?.get ? <b className="server-mark">{t('server.mark.get')} </b> : null}
        {mark?.remove ? (
          <b className="server-mark bad">
            {t(isLost(message, mark) ? 'server.mark.lost' : 'server.mark.remove')}{' '}
          </b>
        ) : null}
        <Fate message={message} now={props.now} />
      </span>
      <span role="gridcell" className="server-acts">
        <Act of="get" message={message} on={mark?.get === true} />
        <Act of="remove" message={message} on={mark?.remove === true} />
      </span>
    </div>
  );
}

function Act(props: { of: 'get' | 'remove'; message: ServerMessage; on: boolean }) {
  const { t } = useText();
  const { message } = props;
  const label = t(props.of === 'get' ? 'server.get' : 'server.delete');
  return (
    <button
      type="button"
      className="ib"
      // By keys it is G and D.
      tabIndex={-1}
      aria-label={`${label}: ${message.number}`}
      aria-pressed={props.on}
      title={message.certain ? label : t('server.unnamed')}
      disabled={!message.certain}
      data-testid={`server-${props.of}`}
      onClick={() => toggleMark(message, props.of)}
    >
      <Icon of={props.of === 'get' ? Download : Trash2} size="s" />
    </button>
  );
}

function Fate(props: { message: ServerMessage; now: number }) {
  const { t, language } = useText();
  const { fate, stays } = props.message;
  if (!fate) return <>{stays ? t('server.stays') : ''}</>;
  const why = t(`server.why.${fate.reason}`);
  const words =
    fate.due <= props.now
      ? t('server.fate.now', { why })
      : t('server.fate.then', { why, date: fullDate(fate.due, language) });
  return <span title={words}>{words}</span>;
}
