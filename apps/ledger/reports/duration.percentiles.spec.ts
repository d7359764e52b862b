import * as fc from 'fast-check';
import { durationsOf, percentile } from './duration.percentiles';

/** As the ledger does it: bucket n holds 1.2^n ms up to below 1.2^(n+1) ms. */
const bucketOf = (ms: number): number => (ms < 1 ? -1 : Math.floor(Math.log(ms) / Math.log(1.2) + 1e-9));

it('a percentile lies within a step of a fifth of the exact one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95),
      (times, share) => {
        const counts = new Map<number, number>();
        for (const ms of times) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
        const buckets = [...counts]
          .map(([bucket, count]) => ({ bucket, count }))
          .toSorted((a, b) => a.bucket - b.bucket);
        const exact = times.toSorted((a, b) => a - b)[Math.ceil(share * times.length) - 1]!;
        const estimate = percentile(buckets, share);
        expect(estimate).toBeGreaterThanOrEqual(exact < 1 ? 0 : exact / 1.2001);
        expect(estimate).toBeLessThanOrEqual(Math.max(1, exact * 1.2001));
      },
    ),
  );
});

it('is told by system, spread evenly over its bucket', () => {
  const rows = [
    { system: 'payment', bucket: -1, count: 2 },
    { system: 'population', bucket: 10, count: 50 },
    { system: 'population', bucket: 20, count: 50 },
  ];
  expect(durationsOf(rows)).toEqual([
    { system: 'payment', count: 2, p50Ms: 0.5, p95Ms: 1 },
    { system: 'population', count: 100, p50Ms: 7.4, p95Ms: 45.2 },
  ]);
  expect(durationsOf([])).toEqual([]);
});
