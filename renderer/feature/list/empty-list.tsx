import { useApp } from '../../state/store.ts';
import { useText } from '../../text/text.ts';

/** An empty view says why it is empty and what would fill it. */
export function EmptyList() {
  const { t } = useText();
  const kind = useApp((state) => {
    const { view } = state;
    if (view.kind === 'flagged') return 'Flagged';
    if (view.kind === 'search') return 'Search';
    const role =
      view.kind === 'mailbox' ? state.mailboxes.find((box) => box.id === view.mailbox)?.role : undefined;
    return role === 'trash' ? 'Trash' : 'Mailbox';
  });
  return (
    <div className="empty" tabIndex={-1} data-pane-focus>
      <b>{t(`list.empty${kind}`)}</b>
      <p>{t(`list.empty${kind}Hint`)}</p>
    </div>
  );
}
