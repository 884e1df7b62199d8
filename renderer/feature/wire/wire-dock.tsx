import { ArrowLeftRight, BookOpen, ChevronDown, Copy, Eraser, Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { WireLine } from '../../../shared/wire/line.ts';
import { copyText } from '../../state/copy.ts';
import { run } from '../../state/commands.ts';
import { useExplanations } from '../../state/explain.ts';
import { useLayout } from '../../state/layout.ts';
import { updateSettings } from '../../state/settings.ts';
import { useApp } from '../../state/store.ts';
import { clearWire, useWire } from '../../state/wire.ts';
import { count } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Splitter, useKept } from '../../ui/splitter.tsx';
import { WireLines } from '../../ui/wire-lines.tsx';
import { linesAsText, visibleLines, type Lane, type ProtocolFilter } from './filter.ts';
import { Lanes } from './lanes.tsx';
import './wire-dock.css';

/** On a low window the letter needs the room more. */
const normalHeight = (window: number) => (window < 720 ? 180 : 256);

/** The dock at the foot: every word between this program and the servers. */
export function WireDock() {
  const { t, language } = useText();
  const { connections, lines } = useWire();
  const windowHeight = useLayout((state) => state.height);
  const [kept, setHeight] = useKept('wire');
  const height = kept ?? normalHeight(windowHeight);
  const [lane, setLane] = useState<Lane>('all');
  const [protocol, setProtocol] = useState<ProtocolFilter>('all');
  const [filter, setFilter] = useState('');
  /** The lines at the moment of the pause; null while following. */
  const [frozen, setFrozen] = useState<readonly WireLine[] | null>(null);
  const text = useDeferredValue(filter);
  const source = frozen ?? lines;
  const shown = useMemo(
    () => visibleLines(source, connections, { lane, protocol, text }),
    [source, connections, lane, protocol, text],
  );
  const explaining = useApp((state) => state.settings.wireExplain);
  const explain = useExplanations(lines, connections, language, explaining);
  const follow = frozen === null;
  const setFollow = (on: boolean) => setFrozen(on ? null : lines);
  const waiting = frozen === null ? 0 : newer(lines, frozen);
  return (
    <section
      className="dock"
      aria-label={t('pane.wire')}
      data-pane="wire"
      data-testid="wire-dock"
      style={{ height: `min(${height}px, 70vh, 100vh - var(--h-bar) - 200px)` }}
    >
      <Splitter
        className="dock-grip"
        axis="up"
        label={t('wire.resize')}
        value={height}
        min={120}
        max={Math.round(windowHeight * 0.7)}
        onChange={setHeight}
      />
      <div className="dhead">
        <h2>
          <Icon of={ArrowLeftRight} />
          {t('pane.wire')}
        </h2>
        <Segmented
          label={t('wire.protocol')}
          value={protocol}
          onChange={setProtocol}
          options={[
            { value: 'all', label: t('wire.all'), testId: 'wire-protocol-all' },
            { value: 'imap', label: 'IMAP', testId: 'wire-protocol-imap' },
            { value: 'pop3', label: 'POP3', testId: 'wire-protocol-pop3' },
            { value: 'smtp', label: 'SMTP', testId: 'wire-protocol-smtp' },
          ]}
        />
        <label className="field">
          <Icon of={Search} size="s" />
          <input
            type="text"
            placeholder={t('wire.filter')}
            aria-label={t('wire.filter')}
            data-testid="wire-filter"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setFilter('');
            }}
          />
        </label>
        <span className="cap num wide-only" data-testid="wire-count">
          {waiting > 0
            ? t('wire.waiting', { count: waiting, shown: count(waiting, language) })
            : shown.length === lines.length
              ? t('wire.lineCount', { count: lines.length, shown: count(lines.length, language) })
              : t('wire.shown', {
                  shown: count(shown.length, language),
                  total: count(lines.length, language),
                })}
        </span>
        <Segmented
          label={t('wire.following')}
          value={follow ? 'follow' : 'pause'}
          onChange={(value) => setFollow(value === 'follow')}
          options={[
            { value: 'follow', label: t('wire.follow'), testId: 'wire-follow' },
            { value: 'pause', label: t('wire.pause'), testId: 'wire-pause' },
          ]}
        />
        <button
          type="button"
          className={`ib ${explaining ? 'on' : ''}`}
          aria-pressed={explaining}
          aria-label={t('wire.explain')}
          title={t('wire.explain')}
          data-testid="wire-explain"
          onClick={() => void updateSettings({ wireExplain: !explaining })}
        >
          <Icon of={BookOpen} />
        </button>
        <button
          type="button"
          className="ib"
          aria-label={t('wire.copy')}
          title={t('wire.copy')}
          data-testid="wire-copy"
          onClick={() => void copyText(linesAsText(shown))}
        >
          <Icon of={Copy} />
        </button>
        <button
          type="button"
          className="ib"
          aria-label={t('wire.clear')}
          title={t('wire.clear')}
          data-testid="wire-clear"
          onClick={() => {
            setFrozen(null);
            clearWire();
          }}
        >
          <Icon of={Eraser} />
        </button>
        <button
          type="button"
          className="ib"
          aria-label={t('wire.close')}
          title={t('wire.close')}
          onClick={() => run('wire.toggle')}
        >
          <Icon of={ChevronDown} />
        </button>
      </div>
      {lines.length === 0 && connections.size === 0 ? (
        <div className="empty">
          <b>{t('wire.silence')}</b>
          <p style={{ maxWidth: '80ch' }}>{t('wire.silenceText')}</p>
        </div>
      ) : (
        <div className="dbody">
          <Lanes connections={connections} lane={lane} onChange={setLane} />
          {shown.length > 0 || lines.length === 0 ? (
            <WireLines
              lines={shown}
              explain={explain}
              follow={follow}
              onFollow={setFollow}
              label={t('wire.lines')}
              testId="wire-lines"
            />
          ) : (
            <div className="empty">
              <b>{t('wire.noMatch')}</b>
              <p>{t('wire.noMatchText')}</p>
            </div>
          )}
        </div>
      )}
    </section>
  );
}

/** How many lines came since a moment; the oldest may have fallen away meanwhile. */
function newer(lines: readonly WireLine[], then: readonly WireLine[]): number {
  const last = then.at(-1);
  if (!last) return lines.length;
  const at = lines.lastIndexOf(last);
  return lines.length - 1 - at;
}
