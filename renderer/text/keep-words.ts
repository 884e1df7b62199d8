import type { Keep } from '../../shared/model/mailbox.ts';
import type { Say } from './text.ts';

/** The choices that are offered. */
export const KEEPS: readonly Keep[] = ['all', 30, 90, 365, 'headers'];

/** How much is kept here, in words. */
export function keepWords(keep: Keep, t: Say): string {
  return typeof keep === 'number' ? t('keep.days', { count: keep }) : t(`keep.${keep}`);
}
