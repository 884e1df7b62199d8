import { Paperclip } from 'lucide-react';
import type { Draft } from '../../../shared/model/draft.ts';
import { ask } from '../../state/request.ts';
import { useApp } from '../../state/store.ts';
import { rowDate } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';

/** Letters being written, the latest first; pressing one opens its window. */
export function DraftList() {
  const { t } = useText();
  const drafts = useApp((state) => state.drafts);
  if (drafts.length === 0) {
    return (
      <div className="empty" tabIndex={-1} data-pane-focus>
        <b>{t('list.emptyDrafts')}</b>
        <p>{t('list.emptyDraftsHint')}</p>
      </div>
    );
  }
  const sorted = [...drafts].sort((a, b) => b.updated - a.updated);
  return (
    <ul className="plain-rows">
      {sorted.map((draft, index) => (
        <DraftRow key={draft.id} draft={draft} first={index === 0} />
      ))}
    </ul>
  );
}

function DraftRow(props: { draft: Draft; first: boolean }) {
  const { t, language } = useText();
  const now = useNow();
  const { draft } = props;
  const to = [...draft.to, ...draft.cc, ...draft.bcc].map((one) => one.name || one.address).join(', ');
  return (
    <li>
      <button
        type="button"
        className="row"
        data-testid="draft-row"
        data-pane-focus={props.first || undefined}
        onClick={() => void ask('compose.open', { draft: draft.id })}
      >
        <span className="l1">
          <span className="who cut">{to || t('drafts.noRecipient')}</span>
          <time>{rowDate(draft.updated, now, language)}</time>
        </span>
        <span className="l2">
          <span className="sub cut">{draft.subject || t('common.noSubject')}</span>
          {draft.attachments.length > 0 ? <Icon of={Paperclip} size="s" /> : null}
        </span>
        <span className="l3">
          <span className="snip cut">{beginning(draft)}</span>
        </span>
      </button>
    </li>
  );
}

/** The first words, without markup. Parsed as a document that runs and loads nothing. */
function beginning(draft: Draft): string {
  if (draft.format === 'plain') return draft.body.slice(0, 200);
  const page = new DOMParser().parseFromString(
    draft.body.replaceAll('</p>', ' </p>').replaceAll('<br>', ' '),
    'text/html',
  );
  return (page.body.textContent ?? '').slice(0, 200);
}
