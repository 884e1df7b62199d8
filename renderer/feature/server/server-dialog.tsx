import { useEffect } from 'react';
import type { AccountId } from '../../../shared/model/ids.ts';
import { failureText } from '../../../shared/text/failure.ts';
import { ask } from '../../state/request.ts';
import { applyMarks, clearMarks, isLost, leaveServer, loadServer, useServer } from '../../state/server.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { count, size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Modal } from '../../ui/modal.tsx';
import { ServerList } from './server-list.tsx';
import './server.css';

/** What a POP3 server holds, and what becomes of it: nothing is collected or deleted before Apply. */
export function ServerDialog(props: { account: AccountId }) {
  const { t, language } = useText();
  const { account } = props;
  const { holding, failure, done, applying } = useServer();
  const email = useApp((state) => state.accounts.find((one) => one.id === account)?.email ?? '');
  useEffect(() => {
    void loadServer(account);
    return () => void leaveServer(account);
  }, [account]);
  const close = () => showDialog(null);
  return (
    <Modal
      title={`${t('server.title')}: ${email}`}
      text={t('server.text')}
      width={960}
      testId="server-dialog"
      onClose={close}
      footer={<Foot account={account} onClose={close} />}
    >
      {failure ? (
        <div className="empty" role="alert" data-testid="server-failure">
          <b>{failureText(failure, language).what}</b>
          <p>{failureText(failure, language).todo}</p>
        </div>
      ) : null}
      {!holding && !failure ? (
        <p className="q" role="status">
          {t('server.loading')}
        </p>
      ) : null}
      {holding?.messages.length === 0 ? (
        <div className="empty" data-testid="server-empty">
          <b>{t('server.empty')}</b>
          <p>{t('server.emptyHint')}</p>
        </div>
      ) : null}
      {holding && holding.messages.length > 0 ? (
        <>
          <p className="server-sum num q">
            <span>
              {t('server.sum', {
                count: count(holding.messages.length, language),
                size: size(holding.bytes, language),
              })}
            </span>
            <span>{t('server.keys')}</span>
          </p>
          <ServerList account={account} messages={holding.messages} />
        </>
      ) : null}
      <div role="status">
        {applying ? <Applying account={account} /> : null}
        {done ? (
          <p className="server-done" data-testid="server-done">
            {t('server.done', done)}
            {done.kept > 0 ? <b className="server-lost"> {t('server.kept', { count: done.kept })}</b> : null}
          </p>
        ) : null}
      </div>
    </Modal>
  );
}

/** How far it is, in messages and bytes. */
function Applying(props: { account: AccountId }) {
  const { t, language } = useText();
  const progress = useApp((state) => state.statuses.get(props.account)?.progress);
  const bytes = progress?.bytes;
  return (
    <p className="server-done num">
      {bytes
        ? t('status.progressBytes', {
            mailbox: t('role.inbox'),
            done: count(progress.done, language),
            total: count(progress.total, language),
            bytes: size(bytes.done, language),
            size: size(bytes.total, language),
          })
        : t('server.applying')}
    </p>
  );
}

function Foot(props: { account: AccountId; onClose: () => void }) {
  const { t } = useText();
  const { account } = props;
  const { marks, holding, applying } = useServer();
  const all = [...marks.values()];
  const lost = holding?.messages.filter((one) => isLost(one, marks.get(one.uidl))).length ?? 0;
  const some = all.length > 0;
  return (
    <>
      {some ? (
        <p className="grow num" data-testid="server-marked">
          {t('server.marked', {
            get: all.filter((one) => one.get).length,
            remove: all.filter((one) => one.remove).length,
          })}{' '}
          {lost > 0 ? <b className="server-lost">{t('server.lost', { count: lost })}</b> : null}
        </p>
      ) : (
        <span className="grow" />
      )}
      {applying ? (
        <button
          type="button"
          className="btn big line"
          data-testid="server-stop"
          onClick={() => void ask('pop3.stop', { account })}
        >
          {t('server.stop')}
        </button>
      ) : null}
      {some && !applying ? (
        <button type="button" className="btn big line" data-testid="server-clear" onClick={clearMarks}>
          {t('server.clear')}
        </button>
      ) : null}
      {some ? (
        <button
          type="button"
          className={`btn big ${lost > 0 ? 'danger' : 'main'}`}
          data-testid="server-apply"
          disabled={applying}
          onClick={() => void applyMarks(account)}
        >
          {t(applying ? 'server.applying' : 'server.apply')}
        </button>
      ) : (
        <>
          <button
            type="button"
            className="btn big line"
            data-testid="server-refresh"
            onClick={() => void loadServer(account)}
          >
            {t('server.refresh')}
          </button>
          <button type="button" className="btn big main" onClick={props.onClose}>
            {t('common.done')}
          </button>
        </>
      )}
    </>
  );
}
