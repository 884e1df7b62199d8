import { TriangleAlert, X } from 'lucide-react';
import { failureText } from '../../shared/text/failure.ts';
import { noticeKey, type Notice } from '../../shared/model/notice.ts';
import { dismissNotice, useApp } from '../state/store.ts';
import { size } from '../text/format.ts';
import { useText } from '../text/text.ts';
import { Icon } from './icon.tsx';

/** What is wrong with the profile itself, above everything; nothing waits for an answer. */
export function Notices() {
  const notices = useApp((state) => state.notices);
  return (
    <div className="notices" role="status">
      {notices.map((notice) => (
        <NoticeLine key={noticeKey(notice)} notice={notice} />
      ))}
    </div>
  );
}

/** That nothing can be written stays true: this one can't be put away. */
export function NoticeLine(props: { notice: Notice }) {
  const { t, language } = useText();
  const { notice } = props;
  return (
    <div className="notice" data-testid="notice" data-kind={notice.kind}>
      <Icon of={TriangleAlert} />
      <p className="grow anywhere selectable">
        {notice.kind === 'read-only' ? t('notice.readOnly', { folder: notice.folder }) : null}
        {notice.kind === 'left-alone' ? t('notice.leftAlone', { file: notice.file }) : null}
        {notice.kind === 'not-removed'
          ? t('notice.notRemoved', {
              subject: notice.subject || t('common.noSubject'),
              file: notice.file,
            })
          : null}
        {notice.kind === 'not-collected'
          ? t('notice.notCollected', {
              email: notice.email,
              size: size(notice.size, language),
              what: failureText(notice.failure, language).what,
            })
          : null}
        {'reason' in notice ? <span className="mono"> {notice.reason}</span> : null}
      </p>
      {notice.kind === 'read-only' ? null : (
        <button
          type="button"
          className="ib"
          aria-label={t('common.dismiss')}
          onClick={() => dismissNotice(notice)}
        >
          <Icon of={X} size="s" />
        </button>
      )}
    </div>
  );
}
