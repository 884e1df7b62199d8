/** A stretch of time: from its first ms on, before the ms that follows it. */
export interface Span {
  from: number;
  to: number;
}

const UNITS: Readonly<Record<string, 'day' | 'week' | 'month' | 'year'>> = {
  d: 'day',
  д: 'day',
  w: 'week',
  н: 'week',
  m: 'month',
  м: 'month',
  y: 'year',
  г: 'year',
};

/**
 * The day, month or year that is meant, in this computer's time: `2026-01-31`, `2026-01`, `2026`, `today`, `yesterday`, or
 * the day so long ago: `7d`, `2w`, `3m`, `1y`. Undefined when it names none.
 * @param now ms since the epoch
 */
export function spanOf(text: string, now: number): Span | undefined {
  const word = text.toLowerCase();
  const today = new Date(now);
  const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()];
  if (word === 'today' || word === 'сегодня') return span(year, month, day, 'day');
  if (word === 'yesterday' || word === 'вчера') return span(year, month, day - 1, 'day');
  const ago = /^(\d{1,4})([dwmyднмг])$/u.exec(word);
  if (ago) {
    const count = Number(ago[1]);
    const unit = UNITS[ago[2] ?? ''];
    if (unit === 'day') return span(year, month, day - count, 'day');
    if (unit === 'week') return span(year, month, day - 7 * count, 'day');
    const months = unit === 'month' ? count : 12 * count;
    // A month back from the 31st is the last day of a shorter month.
    const last = new Date(year, month - months + 1, 0).getDate();
    return span(year, month - months, Math.min(day, last), 'day');
  }
  const date = /^(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?$/u.exec(word);
  if (!date) return undefined;
  const [, y, m, d] = date.map(Number);
  if (y === undefined) return undefined;
  if (date[2] === undefined) return span(y, 0, 1, 'year');
  if (m === undefined || m < 1 || m > 12) return undefined;
  if (date[3] === undefined) return span(y, m - 1, 1, 'month');
  if (d === undefined || d < 1 || d > new Date(y, m, 0).getDate()) return undefined;
  return span(y, m - 1, d, 'day');
}

function span(year: number, month: number, day: number, length: 'day' | 'month' | 'year'): Span | undefined {
  const at = (years: number, months: number, days: number) =>
    new Date(year + years, month + months, day + days).getTime();
  const from = at(0, 0, 0);
  const to = length === 'day' ? at(0, 0, 1) : length === 'month' ? at(0, 1, 0) : at(1, 0, 0);
  return Number.isFinite(from) && Number.isFinite(to) ? { from, to } : undefined;
}

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1024,
  к: 1024,
  m: 1024 ** 2,
  м: 1024 ** 2,
  g: 1024 ** 3,
  г: 1024 ** 3,
};

/** Bytes: `20000`, `500k`, `5M`, `1.5M`, `2 GB`. Undefined when it is no size. */
export function bytesOf(text: string): number | undefined {
  const found = /^(\d{1,12}(?:[.,]\d{1,3})?)\s?([kкmмgг]?)(?:i?b|б)?$/u.exec(text.toLowerCase());
  const factor = FACTORS[found?.[2] ?? ''];
  if (!found || factor === undefined) return undefined;
  return Math.round(Number((found[1] ?? '').replace(',', '.')) * factor);
}
