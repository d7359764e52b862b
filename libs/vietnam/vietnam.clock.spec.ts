import { daysAfter, monthsAfter, startOfDay } from './vietnam.clock';

it.each([
  ['2026-11', 1, '2026-12'],
  ['2026-12', 1, '2027-01'],
  ['2027-01', -1, '2026-12'],
  ['2026-03', -15, '2024-12'],
  ['2026-01', 24, '2028-01'],
  ['2026-07', 0, '2026-07'],
])('the month %s and %i months is %s', (month, count, later) => expect(monthsAfter(month, count)).toBe(later));

it.each([
  ['2026-02-28', 1, '2026-03-01'],
  ['2028-02-28', 1, '2028-02-29'],
  ['2027-01-01', -1, '2026-12-31'],
])('the day %s and %i days is %s', (day, count, later) => expect(daysAfter(day, count)).toBe(later));

it('a day begins when it begins in Vietnam, seven hours before it does in Greenwich', () =>
  expect(new Date(startOfDay('2026-06-09')).toISOString()).toBe('2026-06-08T17:00:00.000Z'));
