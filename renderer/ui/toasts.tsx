import { X } from 'lucide-react';
import { undoDeed } from '../state/deeds.ts';
import { focusPane } from '../state/panes.ts';
import { deedsOf, dismissToast, useToasts, type Toast, type ToastContent } from '../state/toasts.ts';
import { failureText } from '../../shared/text/failure.ts';
import { doingWords } from '../text/deed-words.ts';
import { count } from '../text/format.ts';
import { mailboxName } from '../text/mailbox-name.ts';
import { useText, type Say } from '../text/text.ts';
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

/** One of them. */
export function ToastView(props: { toast: Toast }) {
  const { t, language } = useText();
  const { id, content } = props.toast;
  const deeds = deedsOf(content);
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
  if (content.kind === 'refusal') {
    const { kind, messages, detail } = content.refusal;
    const number =
      messages === 0 ? '' : t('deed.messages', { count: messages, shown: count(messages, language) });
    const what = [t(`refusal.${kind}`), number].filter(Boolean).join(', ');
    return (
      <div className="toast bad" data-testid="toast" data-kind="refusal">
        <div className="grow">
          <b>{t('toast.refusal', { what })}</b>
          <p>
            {t('toast.refusalText')} <span className="mono anywhere selectable">{detail}</span>
          </p>
        </div>
        {close}
      </div>
    );
  }
  const words = toastWords(content, t);
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
      {deeds.length > 0 ? (
        <button
          type="button"
          className="btn text"
          onClick={() => {
            for (const deed of deeds.toReversed()) void undoDeed(deed);
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

/** What is said of everything but a failure. */
function toastWords(content: Exclude<ToastContent, { kind: 'failure' | 'refusal' }>, t: Say): string {
  switch (content.kind) {
    case 'sent':
      return t('toast.sent', { subject: content.subject || t('common.noSubject') });
    case 'saved':
      return t('toast.saved', { path: content.path });
    case 'mode':
      return t(`toast.mode.${content.mode}`, { email: content.email });
    case 'copied':
      return t('toast.copied');
    case 'moved':
    case 'copied-to':
      return t(content.kind === 'moved' ? 'toast.moved' : 'toast.copiedTo', {
        count: content.count,
        mailbox: mailboxName(content.mailbox, t),
      });
    case 'deleted':
      return t('toast.deleted', { count: content.count });
    case 'mailbox-deleted':
      return t(content.gone ? 'toast.mailboxGone' : 'toast.mailboxDeleted', { name: content.name });
    case 'undone':
      return t('toast.undone', { what: doingWords(content.deed, t) });
    case 'forbidden':
      return t(`mailbox.why.right.${content.right}`);
    case 'nothing-to-undo':
      return t('toast.nothingToUndo');
  }
}
