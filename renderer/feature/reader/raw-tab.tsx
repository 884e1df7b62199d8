import { useVirtualizer } from '@tanstack/react-virtual';
import { Save } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Failure } from '../../../shared/model/failure.ts';
import type { MessageKey } from '../../../shared/model/ids.ts';
import { bridge } from '../../bridge.ts';
import { saveRaw } from '../../state/message-actions.ts';
import { count, size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Icon } from '../../ui/icon.tsx';

/** More is never shown at once; saving writes all of it. */
const LIMIT = 1_000_000;
const LINE = 18;

type Raw = { bytes: Uint8Array; total: number };

/** Bytes as text: UTF-8 where they are, else one character each, so that nothing is lost to the eye. */
function decode(bytes: Uint8Array, cut: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return new TextDecoder('iso-8859-1').decode(bytes);
  }
}

/** The exact source of the message, line by line. */
export function RawTab(props: { id: MessageKey }) {
  const { t, language } = useText();
  const [raw, setRaw] = useState<Raw | Failure | null>(null);
  useEffect(() => {
    let current = true;
    void bridge.request('message.raw', { id: props.id, limit: LIMIT }).then((reply) => {
      if (current) setRaw(reply.ok ? reply.result : reply.failure);
    });
    return () => {
      current = false;
    };
  }, [props.id]);
  const bytes = raw && 'bytes' in raw ? raw : null;
  const lines = useMemo(
    () => (bytes ? decode(bytes.bytes, bytes.bytes.length < bytes.total).split(/\r\n|\n/u) : []),
    [bytes],
  );
  if (raw && 'code' in raw) {
    return (
      <div className="reader-failed">
        <FailureNote failure={raw} />
      </div>
    );
  }
  const cut = bytes !== null && bytes.bytes.length < bytes.total;
  return (
    <div className="sheet" data-testid="raw">
      <div className="sheet-head">
        <span className="cap num">
          {bytes === null
            ? ''
            : cut
              ? t('raw.cut', {
                  shown: size(bytes.bytes.length, language),
                  total: size(bytes.total, language),
                })
              : `${t('raw.all', { count: lines.length, shown: count(lines.length, language) })}, ${size(bytes.total, language)}`}
        </span>
        <span className="grow" />
        <button type="button" className="btn" onClick={() => void saveRaw(props.id)}>
          <Icon of={Save} />
          {t('raw.save')}
        </button>
      </div>
      <RawLines lines={lines} />
    </div>
  );
}

function RawLines(props: { lines: readonly string[] }) {
  const { t } = useText();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: props.lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE,
    overscan: 20,
  });
  const digits = String(props.lines.length).length;
  return (
    <div
      ref={box}
      className="raw selectable"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get in
      tabIndex={0}
      role="document"
      aria-label={t('raw.label')}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => (
          <div key={item.key} className="raw-line" style={{ transform: `translateY(${item.start}px)` }}>
            <span className="no" style={{ width: `${digits + 2}ch` }} aria-hidden>
              {item.index + 1}
            </span>
            {props.lines[item.index]}
          </div>
        ))}
      </div>
    </div>
  );
}
