import { ImageOff, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { MessageContent } from '../../../shared/model/message.ts';
import { bridge } from '../../bridge.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Attachments } from './attachments.tsx';
import { BodyPlace } from './body-place.tsx';
import { HeaderBlock } from './header-block.tsx';
import { PartialBar } from './partial-bar.tsx';

/** The message as a letter: who, what was held back, the body, the attachments. */
export function MessageTab(props: { content: MessageContent; onWhole: () => void }) {
  const { t } = useText();
  const { content } = props;
  const [as, setAs] = useState<'html' | 'text'>(content.hasHtml ? 'html' : 'text');
  const { remote } = content;
  return (
    <>
      <HeaderBlock row={content.row} cc={content.cc} bcc={content.bcc} replyTo={content.replyTo}>
        {content.hasHtml ? (
          <Segmented
            label={t('reader.bodyAs')}
            value={as}
            onChange={setAs}
            options={[
              { value: 'html', label: t('reader.html'), testId: 'body-html' },
              { value: 'text', label: t('reader.plain'), testId: 'body-text' },
            ]}
          />
        ) : null}
      </HeaderBlock>
      <PartialBar content={content} onWhole={props.onWhole} />
      {content.problems.map((problem) => (
        <div key={problem} className="strip warn in-reader" data-testid="reader-problem">
          <Icon of={TriangleAlert} />
          <span className="grow">{problem}</span>
        </div>
      ))}
      {remote.count > 0 ? (
        <div className="strip in-reader" data-testid="reader-remote">
          <Icon of={ImageOff} />
          <span className="grow anywhere">
            {t('reader.remote', { count: remote.count, hosts: remote.hosts.join(', ') })}
          </span>
        </div>
      ) : null}
      {bridge.platform === 'browser' ? (
        <div
          className="body selectable"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get in
          tabIndex={0}
          aria-label={t('reader.body')}
        >
          {content.text}
        </div>
      ) : (
        <BodyPlace message={content.id} as={as} />
      )}
      {content.attachments.length > 0 ? <Attachments content={content} /> : null}
    </>
  );
}
