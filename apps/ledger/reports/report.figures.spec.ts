import * as fc from 'fast-check';
import { compared, sideBySide } from './report.figures';

describe('figures side by side', () => {
  it("are Hải Phòng's: a ratio of 3.52 is a growth of 252.1 %", () => {
    expect(compared(2_452_045, 696_339)).toEqual({
      count: 2_452_045,
      previous: 696_339,
      ratio: 3.52,
      growthPercent: 252.1,
    });
  });

  it.each([
    [0, 0, null, null],
    [5, 0, null, null],
    [0, 5, 0, -100],
    [7, 7, 1, 0],
    [201, 200, 1.01, 0.5],
    [1_005, 1_000, 1.01, 0.5],
    [999, 2_000, 0.5, -50.1],
    [2_001, 2_000, 1, 0.1],
  ])('%i against %i: ratio %f, growth %f %%', (count, previous, ratio, growthPercent) => {
    expect(compared(count, previous)).toEqual({ count, previous, ratio, growthPercent });
  });

  it('are within half of their last decimal, and never of the wrong sign', () => {
    const counts = fc.nat(2_000_000_000);
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 2_000_000_000 }), (count, previous) => {
        const { ratio, growthPercent } = compared(count, previous);
        expect(Math.abs(ratio! - count / previous)).toBeLessThanOrEqual(0.005 + 1e-6);
        const exact = (100 * (count - previous)) / previous;
        expect(Math.abs(growthPercent! - exact)).toBeLessThanOrEqual(0.05 + 1e-6);
        if (growthPercent !== 0) expect(Math.sign(growthPercent!)).toBe(Math.sign(count - previous));
      }),
    );
  });

  it('stand beside the same month of the year before', () => {
    const rows = sideBySide(
      ['month', 'agency'],
      [
        { month: '2022-02', agency: 'H24.11', count: 6 },
        { month: '2022-01', agency: '', count: 4 },
      ],
      [
        { month: '2021-02', agency: 'H24.11', count: 3 },
        { month: '2021-03', agency: 'H24.12', count: 1 },
      ],
    );
    expect(rows).toEqual([
      { month: '2022-01', agency: null, count: 4, previous: 0, ratio: null, growthPercent: null },
      { month: '2022-02', agency: 'H24.11', count: 6, previous: 3, ratio: 2, growthPercent: 100 },
      { month: '2022-03', agency: 'H24.12', count: 0, previous: 1, ratio: 0, growthPercent: -100 },
    ]);
  });
});
