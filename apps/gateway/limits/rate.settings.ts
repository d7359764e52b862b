/** Emission interval and burst tolerance of a rate (GCRA), in microseconds. */
export function rateSettings(rate: {
  limit: number;
  periodMs: number;
  burst?: number;
}): [interval: number, tolerance: number] {
  const interval = (rate.periodMs * 1_000) / rate.limit;
  return [interval, interval * (Math.max(1, rate.burst ?? rate.limit) - 1)];
}
