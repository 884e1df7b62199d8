import type { ReactNode } from 'react';
import type { Address, MessageRow } from '../../../shared/model/message.ts';
import { useApp } from '../../state/store.ts';
import { tagsOf } from '../../state/tags.ts';
import { fullDate } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { TagChips } from '../../ui/tag-chips.tsx';

interface HeaderBlockProps {
  row: MessageRow;
  cc?: readonly Address[];
  bcc?: readonly Address[];
  replyTo?: readonly Address[];
  children?: ReactNode;
}

/** Subject, sender and recipients. Name and true address stand side by side, never one without the other. */
export function HeaderBlock(props: HeaderBlockProps) {
  const { t, language } = useText();
  const { row } = props;
  const from = row.from[0];
  // The row that was opened is as it was then; its tags may have changed since.
  const tags = tagsOf(useApp((state) => state.rows.get(row.id)) ?? row);
  return (
    <>
      <div className="subj">
        <h2 data-testid="reader-subject" className="selectable anywhere">
          {row.subject || t('common.noSubject')}
        </h2>
        <TagChips tags={tags} most={6} />
      </div>
      <div className="from">
        <span className="avatar" aria-hidden>
          {initials(from)}
        </span>
        <div className="grow selectable">
          <div className="a anywhere">
            {row.from.length === 0 ? <b>{t('common.noSender')}</b> : null}
            {row.from.map((one) => (
              <span key={one.address} className="one">
                {one.name === '' ? null : <b>{one.name} </b>}
                <span className={one.name === '' ? '' : 'q'} data-testid="reader-from">
                  {one.address}
                </span>{' '}
              </span>
            ))}
          </div>
          <div className="b anywhere">
            <Recipients {...props} />
          </div>
        </div>
        <div className="r">
          <time className="cap num" dateTime={new Date(row.date).toISOString()}>
            {fullDate(row.date, language)}
          </time>
          {props.children}
        </div>
      </div>
    </>
  );
}

function Recipients(props: HeaderBlockProps) {
  const { t } = useText();
  const accounts = useApp((state) => state.accounts);
  const mine = new Set(accounts.map((account) => account.email.toLowerCase()));
  const names = (addresses: readonly Address[]) =>
    addresses
      .map((one) => {
        if (mine.has(one.address.toLowerCase())) return t('reader.you');
        return one.name === '' ? one.address : `${one.name} <${one.address}>`;
      })
      .join(', ');
  const { to } = props.row;
  const from = new Set(props.row.from.map((one) => one.address));
  const elsewhere = (props.replyTo ?? []).filter((one) => !from.has(one.address));
  const parts = [to.length > 0 ? t('reader.to', { names: names(to) }) : t('reader.undisclosed')];
  if (props.cc && props.cc.length > 0) parts.push(t('reader.cc', { names: names(props.cc) }));
  if (props.bcc && props.bcc.length > 0) parts.push(t('reader.bcc', { names: names(props.bcc) }));
  if (elsewhere.length > 0) parts.push(t('reader.replyTo', { names: names(elsewhere) }));
  const words = parts.join('; ');
  return <span title={words}>{words}</span>;
}

function initials(address: Address | undefined): string {
  const words = (address?.name || address?.address || '?').split(/[\s.@_-]+/u).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.slice(0, (word.codePointAt(0) ?? 0) > 0xffff ? 2 : 1).toUpperCase())
    .join('');
}
