import { X } from 'lucide-react';
import { focusPane } from '../state/panes.ts';
import { dismissToast, useToasts, type Toast } from '../state/toasts.ts';
import { failureText } from '../../shared/text/failure.ts';
import { useText } from '../text/text.ts';
import { Icon } from './icon.tsx';

/** What just happened, at the bottom left, where nothing lies that must be read. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastView(props: { toast: Toast }) {
  const { t, language } = useText();
  const { id, content } = props.toast;
  const undo = 'undo' in content ? content.undo : undefined;
  const close = (
    <button type="button" className="ib" aria-label={t('common.dismiss')} onClick={() => dismissToast(id)}>
      <Icon of={X} size="s" />
    </button>
  );
  if (content.kind === 'failure') {
    const text = failureText(content.failure, language);
    return (
      <div className="toast bad" data-testid="toast" data-code={content.failure.code}>
        <div className="grow">
          <b>{text.what}</b>
          <p>
            {text.todo}
            {content.failure.detail === '' ? null : (
              <span className="mono anywhere selectable"> {content.failure.detail}</span>
            )}
          </p>
        </div>
        {close}
      </div>
    );
  }
  const words =
    content.kind === 'sent'
      ? t('toast.sent', { subject: content.subject || t('common.noSubject') })
      : content.kind === 'saved'
        ? t('toast.saved', { path: content.path })
        : content.kind === 'copied'
          ? t('toast.copied')
          : content.kind === 'moved'
            ? t('toast.moved', { count: content.count, mailbox: content.mailbox })
            : t('toast.deleted', { count: content.count });
  return (
    <div className="toast" data-testid="toast">
      <div className="grow">
        <span className="anywhere">{words}</span>
        {content.kind === 'sent'
          ? content.refused.map((one) => (
              <p key={one.address} className="anywhere selectable">
                {t('toast.refused', { address: one.address })} <span className="mono">{one.reply}</span>
              </p>
            ))
          : null}
      </div>
      {undo ? (
        <button
          type="button"
          className="btn text"
          onClick={() => {
            undo();
            dismissToast(id);
            // The button goes, and the keyboard must not go with it.
            focusPane('list');
          }}
        >
          {t('common.undo')}
        </button>
      ) : null}
      {close}
    </div>
  );
}
