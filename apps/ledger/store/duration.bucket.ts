const step = 1.2;
const logOfStep = Math.log(step);
/** Beyond this (a quarter of a year) all are in one. */
const bucketMax = 124;

/** Where a duration is counted in `rollup_duration`: -1 below 1 ms, else n for 1.2^n up to below 1.2^(n+1) ms. */
export function durationBucket(ms: number): number {
  if (ms < 1) return -1;
  const bucket = Math.floor(Math.log(ms) / logOfStep);
  // The logarithm of a bound may fall a hair beside it.
  const exact = ms >= step ** (bucket + 1) ? bucket + 1 : ms < step ** bucket ? bucket - 1 : bucket;
  return Math.min(exact, bucketMax);
}
