import type { Language } from '../../shared/model/language.ts';

const locale = (language: Language) => (language === 'ru' ? 'ru-RU' : 'en-GB');

/** Making an Intl formatter is slow, and a list asks a thousand times. */
const cache = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = cache.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale(language), options);
  cache.set(key, made);
  return made;
}

const clock = { hour: '2-digit', minute: '2-digit' } as const;

/** Hours and minutes. */
export function time(ms: number, language: Language): string {
  return dateFormat(language, clock).format(ms);
}

/** Hours, minutes and seconds. */
export function timeWithSeconds(ms: number, language: Language): string {
  return dateFormat(language, { ...clock, second: '2-digit' }).format(ms);
}

/** The moment in full, as the reader shows it. */
export function fullDate(ms: number, language: Language): string {
  const day = dateFormat(language, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  return `${day.format(ms).replace(',', '').replace(/ г\.$/u, '')}, ${time(ms, language)}`;
}

/** A day, for certificates. */
export function day(ms: number, language: Language): string {
  return dateFormat(language, { day: 'numeric', month: 'short', year: 'numeric' }).format(ms);
}

/** The date of a row: as short as its group allows. */
export function rowDate(ms: number, now: number, language: Language): string {
  const age = startOfDay(now) - ms;
  if (age <= 24 * 3600_000 && ms < startOfDay(now) + 24 * 3600_000) return time(ms, language);
  if (age < 6 * 24 * 3600_000 && age > 0)
    return dateFormat(language, { weekday: 'short', ...clock }).format(ms);
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return dateFormat(
    language,
    sameYear ? { day: 'numeric', month: 'short' } : { day: '2-digit', month: '2-digit', year: 'numeric' },
  ).format(ms);
}

/** The name of a month, with its year unless it is this one. */
export function month(ms: number, now: number, language: Language): string {
  const thisYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  const text = dateFormat(language, thisYear ? { month: 'long' } : { month: 'long', year: 'numeric' }).format(
    ms,
  );
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/ г\.$/u, '');
}

/** Midnight before a moment, in the zone of this computer. */
export function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** A time to the millisecond, the same in every language: it is compared with logs. */
export function wireTime(ms: number): string {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A whole number with its thousands apart. */
export function count(n: number, language: Language): string {
  return n.toLocaleString(language === 'ru' ? 'ru-RU' : 'en-US');
}

/** A size in decimal units, one figure after the point below 100. */
export function size(bytes: number, language: Language): string {
  const units = language === 'ru' ? ['Б', 'кБ', 'МБ', 'ГБ'] : ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < 3) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  const shown = value.toLocaleString(locale(language), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${shown}\u00A0${units[unit] ?? ''}`;
}
