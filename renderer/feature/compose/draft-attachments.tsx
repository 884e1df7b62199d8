import { File, X } from 'lucide-react';
import type { Draft } from '../../../shared/model/draft.ts';
import { ask } from '../../state/request.ts';
import { size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';

/** Base64 makes four bytes of three, and ends a line each 76. */
const encoded = (bytes: number) => Math.ceil(bytes / 3) * 4 * (78 / 76);

/** About how many bytes the letter will have on its way. */
export function sizeAsSent(draft: Draft): number {
  const body = new TextEncoder().encode(draft.body).length;
  const text = draft.format === 'rich' ? body * 1.9 : body * 1.2;
  return 900 + text + draft.attachments.reduce((sum, file) => sum + encoded(file.size) + 200, 0);
}

/** The files that go with the letter. */
export function DraftAttachments(props: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { t, language } = useText();
  const { draft } = props;
  if (draft.attachments.length === 0) return null;
  const detach = async (attachment: number) => {
    const reply = await ask('draft.detach', { draft: draft.id, attachment });
    if (reply.ok) props.onChange(reply.result);
  };
  return (
    <ul className="cmp-files">
      {draft.attachments.map((file) => (
        <li key={file.id} className="cmp-file" data-testid="draft-attachment">
          <Icon of={File} />
          <span>
            <b className="cut" title={file.name}>
              {file.name}
            </b>
            <span className="sz">
              {t('reader.size', {
                size: size(file.size, language),
                encoded: size(encoded(file.size), language),
              })}
            </span>
          </span>
          <button
            type="button"
            className="ib"
            aria-label={t('compose.detach', { name: file.name })}
            title={t('compose.detach', { name: file.name })}
            onClick={() => void detach(file.id)}
          >
            <Icon of={X} size="s" />
          </button>
        </li>
      ))}
    </ul>
  );
}
