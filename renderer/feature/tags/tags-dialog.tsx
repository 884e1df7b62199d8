import { Plus } from 'lucide-react';
import { useMemo, useState, type FormEvent } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { mayDo } from '../../state/mailbox-rules.ts';
import { setTag } from '../../state/message-actions.ts';
import { showDialog, useApp } from '../../state/store.ts';
import { keywordOf, knownTags, tagState } from '../../state/tags.ts';
import { useText } from '../../text/text.ts';
import { focusAtOnce } from '../../ui/focus.ts';
import { Icon } from '../../ui/icon.tsx';
import { Modal } from '../../ui/modal.tsx';
import { TagMark } from '../../ui/tag-chips.tsx';

/** Puts tags on messages and takes them off, each at once. */
export function TagsDialog(props: { ids: readonly MessageKey[] }) {
  const { t } = useText();
  const { ids } = props;
  const [typed, setTyped] = useState('');
  /** Made here: they stay in the list when they are taken off again. */
  const [made, setMade] = useState<readonly string[]>([]);
  const all = useApp((state) => state.rows);
  const rows = useApp(useShallow((state) => ids.flatMap((id) => state.rows.get(id) ?? [])));
  const forbidden = useApp((state) =>
    state.mailboxes.some((box) => rows.some((row) => row.mailbox === box.id) && !mayDo(box, 'w')),
  );
  const known = useMemo(() => knownTags([...all.values(), { keywords: [...made] }]), [all, made]);
  const wanted = typed.trim().toLowerCase().replaceAll(/\s+/gu, '_');
  const shown = known.filter((tag) => tag.toLowerCase().includes(wanted));
  const keyword = keywordOf(typed);
  const exact = known.find((tag) => tag.toLowerCase() === wanted);
  const close = () => showDialog(null);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const tag = exact ?? keyword;
    if (tag === undefined || forbidden) return;
    setMade([...made, tag]);
    setTyped('');
    void setTag(ids, tag, exact === undefined || tagState(rows, tag) !== 'all');
  };
  return (
    <Modal
      title={t('tags.title')}
      text={forbidden ? t('mailbox.why.right.w') : t('tags.text', { count: ids.length })}
      width={380}
      testId="tags-dialog"
      onClose={close}
      footer={
        <>
          <span className="grow" />
          <button type="button" className="btn big main" onClick={close}>
            {t('common.done')}
          </button>
        </>
      }
    >
      <form onSubmit={add}>
        <input
          className="input"
          ref={focusAtOnce}
          aria-label={t('tags.field')}
          placeholder={t('tags.field')}
          aria-invalid={typed.trim() !== '' && keyword === undefined}
          aria-describedby="tags-hint"
          data-testid="tags-field"
          spellCheck={false}
          disabled={forbidden}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <p id="tags-hint" className="hint" role="status">
          {typed.trim() !== '' && keyword === undefined ? t('tags.bad') : ''}
        </p>
      </form>
      <div className="pick tag-list">
        {keyword !== undefined && exact === undefined ? (
          <button type="button" className="tn" data-testid="tags-add" onClick={add} disabled={forbidden}>
            <Icon of={Plus} />
            <span className="cut">{t('tags.add', { tag: keyword })}</span>
          </button>
        ) : null}
        {shown.map((tag) => (
          <Choice key={tag} tag={tag} ids={ids} state={tagState(rows, tag)} disabled={forbidden} />
        ))}
        {known.length === 0 && typed === '' ? <p className="q">{t('tags.none')}</p> : null}
      </div>
    </Modal>
  );
}

function Choice(props: {
  tag: string;
  ids: readonly MessageKey[];
  state: 'all' | 'some' | 'none';
  disabled: boolean;
}) {
  const { tag, state } = props;
  return (
    <label className="tn tag-choice">
      <input
        type="checkbox"
        checked={state === 'all'}
        disabled={props.disabled}
        data-testid={`tag-${tag}`}
        ref={(box) => {
          if (box) box.indeterminate = state === 'some';
        }}
        onChange={() => void setTag(props.ids, tag, state !== 'all')}
      />
      <TagMark tag={tag} />
      <span className="cut">{tag}</span>
    </label>
  );
}
