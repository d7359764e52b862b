import * as fc from 'fast-check';
import type { Period } from '#lgsp/records';
import { daysAfter, monthsAfter, startOfDay } from '#lgsp/vietnam';
import { byMonth, lastDayOf, monthOf, yearBefore } from './report.period';
import { joined, segmentsOf } from './report.sources';

const daysIn = ({ from, to }: Period): number => (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;

describe('the same period of the year before', () => {
  it.each([
    ['half a year', '2022-01-01', '2022-06-30', '2021-01-01', '2021-06-30'],
    ['a February after a leap year', '2025-02-01', '2025-02-28', '2024-02-01', '2024-02-29'],
    ['a February of a leap year', '2024-02-01', '2024-02-29', '2023-02-01', '2023-02-28'],
    ['a quarter that ends in a leap February', '2023-12-01', '2024-02-29', '2022-12-01', '2023-02-28'],
    ['the 29th alone', '2024-02-29', '2024-02-29', '2023-02-28', '2023-02-28'],
    ['days up to 28 February', '2025-02-10', '2025-02-28', '2024-02-10', '2024-02-28'],
    ['days from the 29th on', '2024-02-29', '2024-03-31', '2023-02-28', '2023-03-31'],
    ['one day', '2026-11-25', '2026-11-25', '2025-11-25', '2025-11-25'],
    ['more than a year', '2021-07-01', '2022-12-31', '2020-07-01', '2021-12-31'],
  ])('%s: %s to %s → %s to %s', (_name, from, to, previousFrom, previousTo) => {
    expect(yearBefore({ from, to })).toEqual({ from: previousFrom, to: previousTo });
  });
});

const days = fc.integer({ min: 0, max: 3_000 }).map((nth) => daysAfter('2019-01-01', nth));
const periods = fc.tuple(days, fc.nat(900)).map(([from, more]) => ({ from, to: daysAfter(from, more) }));

it('a period is the sum of its parts by month, without gap or overlap', () => {
  fc.assert(
    fc.property(periods, (period) => {
      const parts = byMonth(period);
      expect(parts[0]!.from).toBe(period.from);
      expect(parts.at(-1)!.to).toBe(period.to);
      expect(parts.reduce((sum, part) => sum + daysIn(part), 0)).toBe(daysIn(period));
      for (const [nth, part] of parts.entries()) {
        expect(monthOf(part.from)).toBe(monthOf(part.to));
        if (nth > 0) expect(part.from).toBe(daysAfter(parts[nth - 1]!.to, 1));
      }
    }),
  );
});

it('a day begins at midnight in Vietnam, and a month has its length', () => {
  expect(new Date(startOfDay('2022-01-01')).toISOString()).toBe('2021-12-31T17:00:00.000Z');
  expect([lastDayOf('2024-02'), lastDayOf('2100-02'), lastDayOf('2022-12')]).toEqual([
    '2024-02-29',
    '2100-02-28',
    '2022-12-31',
  ]);
  expect(monthsAfter('2022-12', 1)).toBe('2023-01');
});

describe('where figures are read', () => {
  const months = { frozen: new Set(['2022-01', '2022-02', '2022-04']), archived: new Set(['2021-12']) };

  it('frozen months from their copy, neighbours as one', () => {
    const { segments, onlyWhole } = segmentsOf({ from: '2021-12-15', to: '2022-05-10' }, months, false);
    expect(onlyWhole).toEqual([]);
    expect(joined(segments)).toEqual([
      { source: 'rollup', whole: false, from: '2021-12-15', to: '2021-12-31' },
      { source: 'frozen', whole: true, from: '2022-01-01', to: '2022-02-28' },
      { source: 'rollup', whole: true, from: '2022-03-01', to: '2022-03-31' },
      { source: 'frozen', whole: true, from: '2022-04-01', to: '2022-04-30' },
      { source: 'rollup', whole: false, from: '2022-05-01', to: '2022-05-10' },
    ]);
  });

  it('by agency, ragged edges from the rows; not of a month that is frozen or archived', () => {
    const ragged = segmentsOf({ from: '2022-02-01', to: '2022-05-10' }, months, true);
    expect(ragged.onlyWhole).toEqual([]);
    expect(ragged.segments.at(-1)).toEqual({ source: 'rows', whole: false, from: '2022-05-01', to: '2022-05-10' });
    expect(segmentsOf({ from: '2021-12-15', to: '2022-01-30' }, months, true).onlyWhole).toEqual([
      '2021-12',
      '2022-01',
    ]);
  });
});
