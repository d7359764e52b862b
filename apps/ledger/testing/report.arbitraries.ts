import * as fc from 'fast-check';
import { reportGroups, type Period } from '#lgsp/records';
import { daysAfter } from '#lgsp/vietnam';
import { byMonth, isWholeMonth, monthOf } from '../reports/report.period';
import type { Fact } from './facts';

/** What reports are tried with: a moment, facts to count, and questions about them. */

export const now = new Date('2026-11-25T12:00:00+07:00');
export const base: Fact = {
  day: '2022-03-10',
  environment: 'production',
  system: 'population',
  operation: 'verify-citizen',
  client: 'one-stop',
  agency: 'H24.11',
  procedure: '',
  outcome: 'succeeded',
  final: true,
  count: 1,
};

/** Few values, so that facts meet; days in the same months of two years, with a leap February in one. */
export const months = ['2023-01', '2023-02', '2023-03', '2024-01', '2024-02', '2024-03'];
export const facts = fc.array(
  fc.record<Fact>({
    day: fc.tuple(fc.constantFrom(...months), fc.nat(30)).map(([month, nth]) => {
      const day = daysAfter(`${month}-01`, nth);
      return monthOf(day) === month ? day : `${month}-28`;
    }),
    environment: fc.constantFrom('production', 'production', 'production', 'sandbox'),
    system: fc.constantFrom('population', 'payment'),
    operation: fc.constantFrom('one', 'two'),
    client: fc.constantFrom('a-client', 'b-client'),
    agency: fc.constantFrom('', 'H24.11', 'H24.12'),
    procedure: fc.constantFrom('', '1.001193'),
    outcome: fc.constantFrom('succeeded', 'failed', 'unknown'),
    final: fc.boolean(),
    count: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 8, maxLength: 25 },
);
export const requests = fc.record(
  {
    from: fc.tuple(fc.constantFrom(...months), fc.nat(27)).map(([month, nth]) => daysAfter(`${month}-01`, nth)),
    length: fc.nat(100),
    wholeMonths: fc.boolean(),
    groupBy: fc.subarray([...reportGroups]),
    compare: fc.constant('previous-year' as const),
    environment: fc.constantFrom('production' as const, 'sandbox' as const),
    client: fc.constant('a-client'),
  },
  { requiredKeys: ['from', 'length', 'wholeMonths', 'groupBy'] },
);

export type Asked = typeof requests extends fc.Arbitrary<infer T> ? T : never;

export function periodOf({
  from,
  length,
  wholeMonths,
}: {
  from: string;
  length: number;
  wholeMonths: boolean;
}): Period {
  const period = { from, to: daysAfter(from, length) };
  const whole = byMonth({ from: `${monthOf(from)}-01`, to: period.to }).filter(isWholeMonth);
  return wholeMonths && whole.length > 0 ? { from: whole[0]!.from, to: whole.at(-1)!.to } : period;
}
