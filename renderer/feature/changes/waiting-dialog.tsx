import { Clock, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { WaitingOperation } from '../../../shared/model/operation.ts';
import { loadOperations, useChanges } from '../../state/changes.ts';
import { ask } from '../../state/request.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { aboutWords, capital, doingWords } from '../../text/deed-words.ts';
import { time } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Modal } from '../../ui/modal.tsx';

/** What servers have to be told yet: each change in words, why it waits, and what will be sent. */
export function WaitingDialog() {
  const { t } = useText();
  const found = useChanges((state) => state.operations);
  const [telling, setTelling] = useState(false);
  useEffect(() => {
    void loadOperations();
    return useApp.subscribe((state, before) => {
      if (state.waiting !== before.waiting) void loadOperations();
    });
  }, []);
  const close = () => showDialog(null);
  const done = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The button that was pressed is gone or idle by now: without the focus the keys, Escape too, would lead nowhere.
    const { activeElement } = document;
    const idle = activeElement instanceof HTMLButtonElement && activeElement.disabled;
    if (activeElement === document.body || idle) done.current?.focus();
  });
  const retry = async () => {
    setTelling(true);
    const accounts = new Set(found?.map((one) => one.account));
    await Promise.all([...accounts].map((account) => ask('operation.retry', { account })));
    setTelling(false);
    await loadOperations();
  };
  const many = (found?.length ?? 0) > 0;
  return (
    <Modal
      title={t('waiting.title')}
      text={t('waiting.text')}
      width={560}
      testId="waiting-dialog"
      onClose={close}
      footer={
        <>
          {many ? (
            <button
              type="button"
              className="btn big line"
              data-testid="waiting-retry"
              disabled={telling}
              onClick={() => void retry()}
            >
              {t(telling ? 'waiting.retrying' : 'waiting.retry')}
            </button>
          ) : null}
          <span className="grow" />
          <button ref={done} type="button" className="btn big main" onClick={close}>
            {t('common.done')}
          </button>
        </>
      }
    >
      {found && !many ? (
        <div className="empty" data-testid="waiting-empty">
          <b>{t('waiting.empty')}</b>
          <p>{t('waiting.emptyHint')}</p>
        </div>
      ) : null}
      <ul className="changes">
        {found?.map((one) => (
          <Row key={one.id} operation={one} />
        ))}
      </ul>
    </Modal>
  );
}

function Row(props: { operation: WaitingOperation }) {
  const { t, language } = useText();
  const { operation } = props;
  const email = useApp((state) =>
    state.accounts.length > 1
      ? state.accounts.find((account) => account.id === operation.account)?.email
      : undefined,
  );
  const about = aboutWords(operation, t, language);
  const tried =
    operation.attempts === 0 ? t('waiting.untried') : t('waiting.attempts', { count: operation.attempts });
  const meta = [t('waiting.since', { time: time(operation.made, language) }), tried, email];
  const refused = operation.refusal !== undefined;
  return (
    <li className="change" data-testid="waiting-row">
      <Icon of={refused ? TriangleAlert : Clock} {...(refused ? { tone: 'bad' as const } : {})} />
      <div className="grow">
        <b>{capital(doingWords(operation, t))}</b>
        {about === '' ? null : <p>{about}</p>}
        <p className="meta num">{meta.filter(Boolean).join(' · ')}</p>
        {refused ? (
          <p className="bad selectable">
            {t('waiting.said')} <span className="mono">{operation.refusal}</span>
          </p>
        ) : null}
        {operation.begun ? <p className="meta">{t('waiting.begun')}</p> : null}
        <pre aria-label={t('waiting.commands')} role="note">
          {operation.commands.join('\n')}
        </pre>
      </div>
      {operation.begun ? null : (
        <button
          type="button"
          className="btn line"
          data-testid="waiting-cancel"
          aria-label={`${t('waiting.cancel')}: ${doingWords(operation, t)}`}
          onClick={() => void ask('operation.cancel', { id: operation.id })}
        >
          {t('waiting.cancel')}
        </button>
      )}
    </li>
  );
}
