import { ArrowLeft, ArrowRight, ChevronRight, Dot, X } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { Explanation } from '../../shared/wire/explain/explanation.ts';
import type { WireLine } from '../../shared/wire/line.ts';
import { failureText, isFailureCode } from '../../shared/text/failure.ts';
import type { Language } from '../../shared/model/language.ts';
import { count, wireTime } from '../text/format.ts';
import { useText, type Say } from '../text/text.ts';
import { Icon } from './icon.tsx';
import { MASK } from './mask.ts';

/** A line, or one row of a block that was unfolded. */
export interface WireItem {
  key: string;
  line: WireLine;
  part?: string;
  open?: boolean;
}

const icons = { client: ArrowRight, server: ArrowLeft, none: Dot };

const hasFailed = (line: WireLine) => line.kind === 'note' && line.text.startsWith('failed ');

function tone(line: WireLine): string {
  if (line.kind === 'gap') return 'g';
  if (line.kind === 'note') return hasFailed(line) ? 'n f' : 'n';
  return line.direction === 'client' ? 'o' : line.direction === 'server' ? 'i_' : 'n';
}

/** One row of a transcript. */
export const WireRow = memo(function WireRow(props: {
  item: WireItem;
  explanation: Explanation | undefined;
  explained: boolean;
  top: number;
  onToggle: (key: string) => void;
}) {
  const { t, language } = useText();
  const { line, part, key, open } = props.item;
  const style = { transform: `translateY(${props.top}px)` };
  if (part !== undefined) {
    return (
      <div className={`wl more ${tone(line)}`} style={style}>
        <span />
        <span />
        <span className="tx">{part}</span>
        {props.explained ? <span className="ex" /> : null}
      </div>
    );
  }
  const bytes = t('common.bytes', { count: line.bytes, shown: count(line.bytes, language) });
  return (
    <div className={`wl ${tone(line)}`} style={style} data-testid="wire-line" data-kind={line.kind}>
      <span className="tm">{wireTime(line.at)}</span>
      <span className="ar">
        <Icon of={hasFailed(line) ? X : icons[line.direction]} />
        <span className="sr">{t(`wire.${line.direction}`)}</span>
      </span>
      <span className="tx">
        {line.kind === 'gap' ? t('wire.gap', { bytes }) : null}
        {line.kind === 'block' ? (
          <button
            type="button"
            className="fold"
            aria-expanded={open === true}
            title={open ? t('wire.fold') : t('wire.unfold')}
            onClick={() => props.onToggle(key)}
          >
            <Icon of={ChevronRight} />
            {bytes}
          </button>
        ) : null}
        {line.kind === 'line' ? withMasks(line, t) : null}
        {line.kind === 'note' ? noteWords(line.text, t, language) : null}
      </span>
      {props.explained ? <Explained of={props.explanation} /> : null}
    </div>
  );
});

/** One line of it; all of it, with where it is written down, under the pointer. */
function Explained({ of }: { of: Explanation | undefined }) {
  if (!of) return <span className="ex" />;
  const source = of.rfc ? `RFC ${of.rfc.number}${of.rfc.section === '' ? '' : ` §${of.rfc.section}`}` : '';
  const whole = [of.text, of.hint, source].filter(Boolean).join('\n');
  return (
    <span className={`ex ${of.outcome ?? ''}`} title={whole} data-testid="wire-explanation">
      {of.text}
    </span>
  );
}

const NOTES = ['connecting', 'clear', 'tls', 'closed', 'failed'] as const;

/** Our own words about a connection come as a code word and its details. */
function noteWords(text: string, t: Say, language: Language): string {
  const [word = '', ...rest] = text.split(' ');
  const known = NOTES.find((one) => one === word);
  if (!known) return text;
  const [code = '', ...detail] = rest;
  if (known !== 'failed' || !isFailureCode(code)) return t(`wire.note.${known}`, { rest: rest.join(' ') });
  // One line is one row, whatever the server's answer had.
  const said = detail.join(' ').replaceAll(/\s+/gu, ' ');
  const { what } = failureText({ code, detail: '' }, language);
  return t('wire.note.failed', { rest: said === '' ? what : `${what}. ${said}` });
}

/** The text of a line, with each hidden secret marked as such and its size bounded. */
function withMasks(line: WireLine, t: Say): ReactNode {
  if (!line.masks || line.masks.length === 0) return line.text;
  const parts: ReactNode[] = [];
  let from = 0;
  for (const mask of line.masks) {
    const at = line.text.indexOf(MASK, from);
    if (at < 0) break;
    parts.push(line.text.slice(from, at));
    parts.push(
      <span key={at}>
        <span className="sec">{MASK}</span>{' '}
        <span className="dim">{t('wire.secret', { min: mask.min, max: mask.max })}</span>
      </span>,
    );
    from = at + MASK.length;
  }
  parts.push(line.text.slice(from));
  return parts;
}
