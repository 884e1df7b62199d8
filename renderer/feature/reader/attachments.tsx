import { Download, File, FileImage, FileSpreadsheet, FileText, type LucideIcon } from 'lucide-react';
import type { Attachment, MessageContent } from '../../../shared/model/message.ts';
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
  const { t, language } = useText();
  const { content } = props;
  const save = async (part: Attachment) => {
    const reply = await ask('message.saveAttachment', { id: content.id, part: part.part });
    if (reply.ok && reply.result !== null) showToast({ kind: 'saved', path: reply.result });
  };
  return (
    <ul className="atts" aria-label={t('reader.attachments')}>
      {content.attachments.map((part) => {
        const name = part.name || t('reader.unnamed');
        return (
          <li key={part.part}>
            <button
              type="button"
              className="att"
              title={t('reader.save', { name })}
              data-testid="attachment"
              onClick={() => void save(part)}
            >
              <Icon of={iconOf(part.type)} />
              <span>
                <b className="cut">{name}</b>
                <span className="sz">
                  {t('reader.size', {
                    size: size(part.size, language),
                    encoded: size(part.encodedSize, language),
                  })}
                </span>
              </span>
              <Icon of={Download} size="s" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
