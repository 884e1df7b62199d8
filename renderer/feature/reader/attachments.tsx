import { Download, File, FileImage, FileSpreadsheet, FileText, type LucideIcon } from 'lucide-react';
import type { Attachment, MessageContent } from '../../../shared/model/message.ts';
import { endProgress, useProgress } from '../../state/progress.ts';
import { ask } from '../../state/request.ts';
import { showToast } from '../../state/toasts.ts';
import { size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';

function iconOf(type: string): LucideIcon {
  if (type.startsWith('image/')) return FileImage;
  if (/excel|sheet|csv/u.test(type)) return FileSpreadsheet;
  return /^text\/|pdf|word/u.test(type) ? FileText : File;
}

/** The files of a message, each with its size here and in the message; pressing one saves it. */
export function Attachments(props: { content: MessageContent }) {
  const { t } = useText();
  const { content } = props;
  return (
    <ul className="atts" aria-label={t('reader.attachments')}>
      {content.attachments.map((part) => (
        <li key={part.part}>
          <AttachmentButton content={content} part={part} />
        </li>
      ))}
    </ul>
  );
}

function AttachmentButton(props: { content: MessageContent; part: Attachment }) {
  const { t, language } = useText();
  const { content, part } = props;
  const name = part.name || t('reader.unnamed');
  const task = `part:${content.id}:${part.part}`;
  // Of a message that is here only in part, it comes from the server first.
  const step = useProgress((state) => state.tasks.get(task));
  const save = async () => {
    const reply = await ask('message.saveAttachment', { id: content.id, part: part.part });
    endProgress(task);
    if (reply.ok && reply.result !== null) showToast({ kind: 'saved', path: reply.result });
  };
  const percent = step ? Math.min(100, Math.floor((step.done / Math.max(1, step.total)) * 100)) : 0;
  return (
    <button
      type="button"
      className="att"
      title={t('reader.save', { name })}
      data-testid="attachment"
      disabled={step !== undefined}
      onClick={() => void save()}
    >
      <Icon of={iconOf(part.type)} />
      <span>
        <b className="cut">{name}</b>
        <span className="sz">
          {step
            ? t('reader.saving', { percent })
            : t('reader.size', {
                size: size(part.size, language),
                encoded: size(part.encodedSize, language),
              })}
        </span>
        {step ? (
          <span className="meter">
            <span style={{ width: `${percent}%` }} />
          </span>
        ) : null}
      </span>
      <Icon of={Download} size="s" />
    </button>
  );
}
