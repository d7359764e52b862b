import { judge, median, medianInterval, sentence } from './statistics.mjs';

const five = (...ratios: number[]) => ({ what: 'cost', ratios, atMost: 1 });

describe('what is said of figures of several rounds', () => {
  it('takes the middle of them', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it.each([
    [5, 1, 5],
    [8, 1, 8],
    [9, 2, 8],
    [15, 4, 12],
    [25, 8, 18],
  ])('knows of %i rounds that the middle lies between the %ith and the %ith', (count, least, greatest) => {
    const rounds = Array.from({ length: count }, (_, at) => at + 1).toReversed();
    expect(medianInterval(rounds)).toEqual([least, greatest]);
  });

  it('judges what all of five rounds say', () => {
    expect(judge(five(0.7, 0.9, 0.8, 0.8, 0.95))).toMatchObject({ ratio: 0.8, interval: [0.7, 0.95], verdict: 'met' });
    expect(judge(five(1.1, 1.3, 1.2, 1.2, 1.05)).verdict).toBe('missed');
    expect(judge({ what: 'throughput', ratios: [3.1, 3.2, 3.3, 3.4, 3.5], atLeast: 3 }).verdict).toBe('met');
    expect(judge({ what: 'throughput', ratios: [2.1, 2.2, 2.3, 2.4, 2.5], atLeast: 3 }).verdict).toBe('missed');
    expect(judge({ what: 'clients', ratios: [1.1, 1.2, 1.3, 1.4, 1.5] }).verdict).toBe('more');
  });

  it('refuses a verdict where the rounds do not agree', () => {
    const judgement = judge(five(0.7, 0.8, 0.8, 0.9, 1.1));
    expect(judgement).toMatchObject({ verdict: 'none', ratio: 0.8 });
    expect(sentence(five(), judgement)).toBe(
      'cost: 0.80 (0.70 to 1.10), wanted ≤ 1 — no verdict: the spread is wider than the difference; more rounds make it narrower',
    );
  });

  it('refuses a verdict after few rounds, failed calls or a late load generator', () => {
    expect(judge(five(0.5, 0.5, 0.5, 0.5))).toMatchObject({ verdict: 'none', why: 'fewer than 5 rounds' });
    expect(judge({ ...five(0.5, 0.5, 0.5, 0.5, 0.5), doubt: '3 calls failed' })).toMatchObject({
      verdict: 'none',
      why: '3 calls failed',
    });
  });
});
