import type { MessageKey } from '../../../shared/model/ids.ts';
import type { MessageOrder } from '../../../shared/model/message.ts';
import type { Language } from '../../../shared/model/language.ts';
import { sectionsOf } from '../../state/sections.ts';
import { count, month, startOfDay } from '../../text/format.ts';
import type { Say } from '../../text/text.ts';

/** A stretch of the list under one date heading. */
export interface Group {
  label: string;
  /** Index of its first message in the order. */
  first: number;
  /** Index of its heading among the items, headings included. */
  item: number;
}

const DAY = 24 * 3600_000;

/** Divides an order, newest first, by date: a binary search for each border, so its length does not matter. */
export function groupByDate(order: MessageOrder, now: number, t: Say, language: Language): Group[] {
  const today = startOfDay(now);
  // Some days have 23 or 25 hours, so a day's border is asked for and not counted.
  const yesterday = startOfDay(today - DAY / 2);
  const weekday = (new Date(today).getDay() + 6) % 7;
  const week = startOfDay(today - weekday * DAY + DAY / 2);
  const groups: Group[] = [];
  let first = 0;
  const until = (border: number, label: string) => {
    const end = firstBefore(order.dates, border, first);
    if (end > first) groups.push({ label, first, item: first + groups.length });
    first = end;
  };
  until(startOfDay(today + 1.5 * DAY), t('list.group.ahead'));
  until(today, t('list.group.today'));
  until(yesterday, t('list.group.yesterday'));
  if (week < yesterday) until(week, t('list.group.week'));
  while (first < order.dates.length) {
    const date = new Date(order.dates[first] ?? 0);
    const border = new Date(date.getFullYear(), date.getMonth(), 1).getTime();
    const before = first;
    until(Number.isFinite(border) ? border : -Infinity, month(date.getTime() || 0, now, language));
    // A date that is no date is before and after nothing: the rest goes under one heading.
    if (first === before) {
      groups.push({ label: month(0, now, language), first, item: first + groups.length });
      break;
    }
  }
  return groups;
}

/** Divides what a search found: what is on this computer, then what only servers found. */
export function groupBySource(
  order: MessageOrder,
  fromServer: ReadonlySet<MessageKey>,
  cut: boolean,
  t: Say,
  language: Language,
): Group[] {
  const { here, server } = sectionsOf(order, fromServer);
  const shown = count(here, language);
  const groups: Group[] = [];
  if (here > 0)
    groups.push({
      label: cut ? t('search.hereMore', { shown }) : t('search.here', { count: here, shown }),
      first: 0,
      item: 0,
    });
  if (server > 0) {
    const label = t('search.server', { count: server, shown: count(server, language) });
    groups.push({ label, first: here, item: here + groups.length });
  }
  return groups;
}

/** The first index from `low` whose date is before a border. */
function firstBefore(dates: Float64Array, border: number, low: number): number {
  let high = dates.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dates[middle] ?? 0) >= border) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What stands at an item index: a heading or a message. */
export function itemAt(groups: readonly Group[], item: number): { group: Group } | { index: number } {
  let low = 0;
  let high = groups.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((groups[middle]?.item ?? 0) <= item) low = middle + 1;
    else high = middle;
  }
  const group = groups[low - 1];
  if (group?.item === item) return { group };
  return { index: item - low };
}

/** The item index of a message. */
export function itemOf(groups: readonly Group[], index: number): number {
  let above = 0;
  for (const group of groups) {
    if (group.first > index) break;
    above += 1;
  }
  return index + above;
}
