import type { KeyboardEvent } from 'react';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { showPane } from '../../state/layout.ts';
import { keyAt } from '../../state/order.ts';
import { focusPane } from '../../state/panes.ts';
import { moveCursor, selectAll, selectOnly, selectThrough, toggleSelected } from '../../state/select.ts';
import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';
import { EmptyList } from './empty-list.tsx';
import { itemAt } from './groups.ts';
import { MessageRowView, rowElementId } from './message-row.tsx';
import { useListScroll } from './use-list-scroll.ts';
import { useNow } from '../../ui/use-now.ts';

/** The virtualised list of messages, grouped by date. */
export function MessageList(props: { label: string }) {
  const { t } = useText();
  const order = useApp((state) => state.order);
  const cursor = useApp((state) => state.cursor);
  const now = useNow();
  const { box, groups, virtual, page } = useListScroll(order, cursor, now);

  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.code === 'KeyA') selectAll();
    else if (event.key === ' ' && event.ctrlKey && cursor !== null) toggleSelected(cursor);
    else if (event.key === 'Enter') focusPane('reader');
    else if (event.key === 'ArrowLeft') focusPane('mailboxes');
    else {
      const step = {
        ArrowDown: 1,
        ArrowUp: -1,
        PageDown: page,
        PageUp: -page,
        Home: -Infinity,
        End: Infinity,
      }[event.key];
      if (step === undefined) return;
      moveCursor(step, event.shiftKey);
    }
    event.preventDefault();
  };
  if (order && order.ids.length === 0) return <EmptyList />;
  return (
    <div
      ref={box}
      className="rows"
      role="listbox"
      aria-label={props.label}
      aria-multiselectable
      aria-activedescendant={cursor === null ? undefined : rowElementId(cursor)}
      tabIndex={0}
      data-pane-focus
      data-testid="message-list"
      onKeyDown={onKeyDown}
      // The keyboard stays in the box: a row that leaves would take it along.
      onMouseDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        box.current?.focus({ preventScroll: true });
      }}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          if (!order) return null;
          const what = itemAt(groups, item.index);
          if ('group' in what) {
            return (
              <div
                key={item.key}
                className="group"
                role="presentation"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {what.group.label}
              </div>
            );
          }
          const id = keyAt(order, what.index);
          if (id === undefined) return null;
          return (
            <MessageRowView
              key={item.key}
              id={id}
              top={item.start}
              position={what.index + 1}
              total={order.ids.length}
              now={now}
              onPress={press}
            />
          );
        })}
      </div>
      {order ? null : <span className="sr">{t('list.loading')}</span>}
    </div>
  );
}

function press(id: MessageKey, event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): void {
  if (event.shiftKey) selectThrough(id);
  else if (event.ctrlKey || event.metaKey) toggleSelected(id);
  else {
    selectOnly(id);
    showPane('reader');
  }
}
