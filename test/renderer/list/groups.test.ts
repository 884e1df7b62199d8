import { describe, expect, it } from 'vitest';
import { groupByDate, itemAt, itemOf } from '../../../renderer/feature/list/groups.ts';
import { order } from '../rows.ts';

const now = new Date(2026, 10, 21, 12).getTime();
const day = (month: number, date: number, hour = 10, year = 2026) =>
  new Date(year, month - 1, date, hour).getTime();
const dates = [
  day(12, 24),
  day(11, 21),
  day(11, 20),
  day(11, 17),
  day(11, 2),
  day(10, 31),
  day(5, 1, 0, 2024),
];
const sample = order(...dates.map((date, index) => [100 - index, date] as const));
const groups = groupByDate(sample, now, (key) => key, 'en');

describe('groupByDate', () => {
  it('names near days by word and far ones by month', () => {
    expect(groups.map((group) => [group.label, group.first])).toEqual([
      ['list.group.ahead', 0],
      ['list.group.today', 1],
      ['list.group.yesterday', 2],
      ['list.group.week', 3],
      ['November', 4],
      ['October', 5],
      ['May 2024', 6],
    ]);
  });

  it('maps items to messages and back', () => {
    for (let index = 0; index < dates.length; index += 1) {
      expect(itemAt(groups, itemOf(groups, index))).toEqual({ index });
    }
    expect(itemAt(groups, 0)).toEqual({ group: groups[0] });
  });

  it('ends also for dates that are none', () => {
    expect(groupByDate(order([1, NaN]), now, (key) => key, 'en')).toHaveLength(1);
  });
});
