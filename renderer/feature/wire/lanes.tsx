import { Lock, LockOpen } from 'lucide-react';
import { useMemo, type KeyboardEvent } from 'react';
import type { WireConnection } from '../../../shared/wire/line.ts';
import { size } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Lane } from './filter.ts';

interface LanesProps {
  connections: ReadonlyMap<number, WireConnection>;
  lane: Lane;
  onChange: (lane: Lane) => void;
}

/** More closed connections than this say nothing new in a list. */
const SHOWN = 60;

/** One lane for each connection: live ones first, then the latest. */
export function Lanes(props: LanesProps) {
  const { t, language } = useText();
  const { connections, lane, onChange } = props;
  const sorted = useMemo(
    () =>
      [...connections.values()]
        .sort((a, b) => Number(a.closed !== undefined) - Number(b.closed !== undefined) || b.id - a.id)
        .slice(0, SHOWN),
    [connections],
  );
  const bytes = (pick: 'bytesIn' | 'bytesOut') => sorted.reduce((sum, one) => sum + one[pick], 0);
  const traffic = (input: number, output: number) =>
    t('wire.traffic', { in: size(input, language), out: size(output, language) });
  // With one account its lane would be the same as all.
  const all = [...new Set(sorted.map((one) => one.email))].sort((a, b) => a.localeCompare(b));
  const emails = all.length > 1 ? all : [];
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=option]')];
    const at = items.findIndex((item) => item === document.activeElement);
    const next = items[Math.max(0, Math.min(items.length - 1, at + step))];
    next?.focus();
    next?.click();
  };
  return (
    <div className="lanes" role="listbox" tabIndex={-1} aria-label={t('wire.lanes')} onKeyDown={onKeyDown}>
      <button
        type="button"
        role="option"
        aria-selected={lane === 'all'}
        tabIndex={lane === 'all' ? 0 : -1}
        className={`lane ${lane === 'all' ? 'on' : ''}`}
        onClick={() => onChange('all')}
      >
        <span className="p">{t('wire.all').toUpperCase()}</span>
        <span className="cut">{t('wire.allConnections')}</span>
        <span className="st num">{connections.size}</span>
        <span className="sub">{traffic(bytes('bytesIn'), bytes('bytesOut'))}</span>
      </button>
      {emails.map((email) => {
        const mine = sorted.filter((one) => one.email === email);
        const name: Lane = `account:${email}`;
        const sum = (pick: 'bytesIn' | 'bytesOut') => mine.reduce((all, one) => all + one[pick], 0);
        return (
          <button
            type="button"
            key={name}
            role="option"
            aria-selected={lane === name}
            tabIndex={lane === name ? 0 : -1}
            className={`lane ${lane === name ? 'on' : ''}`}
            data-testid="wire-account"
            onClick={() => onChange(name)}
          >
            <span className="p">@</span>
            <span className="cut">{email}</span>
            <span className="st num">{mine.length}</span>
            <span className="sub">{traffic(sum('bytesIn'), sum('bytesOut'))}</span>
          </button>
        );
      })}
      {sorted.map((one) => {
        const live = one.closed === undefined;
        const clear = one.security === 'none';
        const state = live ? t('wire.live') : t('wire.closed');
        return (
          <button
            type="button"
            key={one.id}
            role="option"
            aria-selected={lane === one.id}
            tabIndex={lane === one.id ? 0 : -1}
            className={`lane ${lane === one.id ? 'on' : ''} ${live ? 'live' : 'shut'}`}
            title={`${one.host}:${one.port}\n${traffic(one.bytesIn, one.bytesOut)}`}
            onClick={() => onChange(one.id)}
          >
            <span className="p">{one.protocol.toUpperCase()}</span>
            <span className="cut">{one.email}</span>
            {live ? <span className="st dot" /> : null}
            <span className="sr">{state}</span>
            <span className="lk">
              <Icon of={clear ? LockOpen : Lock} {...(clear ? { tone: 'warn' as const } : {})} />
              <span className="sr">{t(clear ? 'wire.unencrypted' : 'wire.encrypted')}</span>
            </span>
            <span className="sub">
              {one.host}:{one.port}
            </span>
          </button>
        );
      })}
    </div>
  );
}
