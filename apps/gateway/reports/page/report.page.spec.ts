import type { Report, ReportRow } from '#lgsp/records';
import { reportPage } from './report.page';

function pageOf(months: ReportRow[], compares = false): string {
  const counts = compares ? { previous: 1, ratio: 1, growthPercent: 0 } : {};
  const report = {
    environment: 'production',
    groupBy: [],
    period: { from: '2021-01-01', to: '2022-12-31' },
    ...(compares ? { previousPeriod: { from: '2020-01-01', to: '2021-12-31' } } : {}),
    total: { count: 1, ...counts },
    rows: [],
    further: [{ groupBy: ['month'], rows: months }],
    frozenMonths: [],
    madeAt: '2026-11-25T12:00:00+07:00',
  } as unknown as Report;
  return reportPage({ report, systems: new Map() });
}

const monthsNamed = (page: string): string[] =>
  [...page.slice(0, page.indexOf('</svg>')).matchAll(/>(\d\d\/\d{4})</g)].map(([, month]) => month!);
const bars = (page: string): number => page.slice(0, page.indexOf('</svg>')).split('<rect').length - 1;

describe('the months of a printed report', () => {
  it('stand in their order with a place for those that have nothing', () => {
    const page = pageOf([
      { month: '2022-02', count: 4 },
      { month: '2021-11', count: 3 },
    ]);
    expect(monthsNamed(page)).toEqual(['11/2021', '12/2021', '01/2022', '02/2022']);
    expect(bars(page)).toBe(4);
  });

  it('are named with room between them when there are many', () => {
    const many = Array.from({ length: 24 }, (_, nth) => ({
      month: `${2021 + Math.floor(nth / 12)}-${String((nth % 12) + 1).padStart(2, '0')}`,
      count: nth,
      previous: nth,
    }));
    const named = monthsNamed(pageOf(many, true));
    expect(named.length).toBeLessThanOrEqual(8);
    expect(named.slice(0, 2)).toEqual(['01/2021', '04/2021']);
  });

  it('have no chart when there are none', () => {
    expect(pageOf([])).not.toContain('<svg');
  });
});
