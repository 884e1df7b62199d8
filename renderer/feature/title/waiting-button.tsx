import { Clock, TriangleAlert } from 'lucide-react';
import { run } from '../../state/commands.ts';
import { useApp } from '../../state/store.ts';
import { count } from '../../text/format.ts';
import { useText } from '../../text/text.ts';
import { Icon } from '../../ui/icon.tsx';

/** How much the servers have to be told yet; not there when they know everything. */
export function WaitingButton() {
  const { t, language } = useText();
  const number = useApp((state) => state.waiting.reduce((sum, one) => sum + one.count, 0));
  const refused = useApp((state) => state.waiting.reduce((sum, one) => sum + one.refused, 0));
  if (number === 0) return null;
  const words = t('waiting.count', { count: number, shown: count(number, language) });
  const bad = refused > 0;
  const refusedWords = bad ? t('waiting.refused', { count: refused, shown: count(refused, language) }) : '';
  const whole = [words, refusedWords].filter(Boolean).join(', ');
  return (
    <button
      type="button"
      className={`btn waiting ${bad ? 'danger' : ''}`}
      title={whole}
      aria-label={whole}
      data-testid="waiting"
      onClick={() => run('changes.waiting')}
    >
      <Icon of={bad ? TriangleAlert : Clock} {...(bad ? { tone: 'bad' as const } : {})} />
      <span className="wide-only">{words}</span>
      <span className="narrow-only num">{count(number, language)}</span>
    </button>
  );
}
