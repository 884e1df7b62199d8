import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { MessageContent } from '../../../shared/model/message.ts';
import { copyText } from '../../state/copy.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';

/** Every header field in its order, decoded or as it came. */
export function HeadersTab(props: { content: MessageContent }) {
  const { t } = useText();
  const { headers } = props.content;
  const [as, setAs] = useState<'decoded' | 'raw'>('decoded');
  const raw = (text: string) => text.replace(/^[ \t]/u, '');
  const copy = () =>
    void copyText(headers.map((one) => `${one.name}: ${as === 'raw' ? raw(one.raw) : one.value}`).join('\n'));
  return (
    <div className="sheet" data-testid="headers">
      <div className="sheet-head">
        <span className="cap num">{t('headers.count', { count: headers.length })}</span>
        <span className="grow" />
        <Segmented
          label={t('headers.show')}
          value={as}
          onChange={setAs}
          options={[
            { value: 'decoded', label: t('headers.decoded') },
            { value: 'raw', label: t('headers.raw') },
          ]}
        />
        <button type="button" className="btn" onClick={copy}>
          <Icon of={Copy} />
          {t('common.copy')}
        </button>
      </div>
      <dl
        className="fields selectable"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get in
        tabIndex={0}
        aria-label={t('reader.tab.headers')}
      >
        {headers.map((header, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- fields repeat and never change places
          <div key={index}>
            <dt>{header.name}</dt>
            <dd className={as === 'raw' ? 'mono pre' : ''}>
              {as === 'raw' ? raw(header.raw) : header.value}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
