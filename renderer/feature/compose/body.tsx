import { Paperclip } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Draft, DraftEdit } from '../../../shared/model/draft.ts';
import { ask } from '../../state/request.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { htmlToText, textToHtml } from './body-text.ts';
import { RichBody } from './rich-body.tsx';

interface BodyProps {
  draft: Draft;
  /** Whether the person begins here, at the very top. */
  begin: boolean;
  onChange: (change: Partial<DraftEdit>) => void;
  onFiles: (files: readonly File[]) => void;
  onAttached: (draft: Draft) => void;
}

/** The words of the letter, with formatting or without, and the bar above them. */
export function Body(props: BodyProps) {
  const { t } = useText();
  const { draft, onChange } = props;
  const [switched, setSwitched] = useState(false);
  // A change of format makes the body anew, but is no beginning.
  const begin = props.begin && !switched;
  const plain = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!begin || !plain.current) return;
    plain.current.focus();
    plain.current.setSelectionRange(0, 0);
  }, [begin]);
  const attach = async () => {
    const reply = await ask('draft.attachFiles', { draft: draft.id });
    if (reply.ok) props.onAttached(reply.result);
  };
  const bar = (tools: ReactNode) => (
    <div className="fmt" role="toolbar" aria-label={t('compose.formatting')}>
      <Segmented
        label={t('compose.format')}
        value={draft.format}
        onChange={(format) => {
          if (format === draft.format) return;
          setSwitched(true);
          onChange({ format, body: format === 'plain' ? htmlToText(draft.body) : textToHtml(draft.body) });
        }}
        options={[
          { value: 'rich', label: t('compose.rich'), testId: 'compose-rich' },
          { value: 'plain', label: t('compose.plain'), testId: 'compose-plain' },
        ]}
      />
      <span className="sep" />
      {tools}
      <span className="grow" />
      <button
        type="button"
        className="ib"
        aria-label={t('compose.attach')}
        title={t('compose.attach')}
        data-testid="compose-attach"
        onClick={() => void attach()}
      >
        <Icon of={Paperclip} />
      </button>
    </div>
  );
  if (draft.format === 'rich') {
    return (
      <RichBody
        start={draft.body}
        begin={begin}
        onChange={(body) => onChange({ body })}
        bar={bar}
        onPasteFiles={props.onFiles}
      />
    );
  }
  return (
    <>
      {bar(null)}
      <textarea
        ref={plain}
        className="edit plain selectable"
        aria-label={t('compose.body')}
        data-testid="compose-body"
        value={draft.body}
        onChange={(event) => onChange({ body: event.target.value })}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
          event.preventDefault();
          props.onFiles(files);
        }}
      />
    </>
  );
}
