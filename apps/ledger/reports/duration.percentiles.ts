import type { SystemDuration } from '#lgsp/records';

/** Bucket n holds what took 1.2^n ms up to below 1.2^(n+1) ms, bucket -1 what took less than 1 ms. */
const step = 1.2;
const lowerMs = (bucket: number): number => (bucket < 0 ? 0 : step ** bucket);

export interface Bucket {
  bucket: number;
  count: number;
}

/**
 * The time within which a share of all ended, as if those of a bucket were spread over it evenly. @param buckets in order
 */
export function percentile(buckets: readonly Bucket[], share: number): number {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  let left = share * total;
  for (const { bucket, count } of buckets) {
    if (left <= count) {
      const [lower, upper] = [lowerMs(bucket), lowerMs(bucket + 1)];
      return lower + (upper - lower) * (left / count);
    }
    left -= count;
  }
  return lowerMs((buckets.at(-1)?.bucket ?? -2) + 1);
}

/** By system, in order. @param rows ordered by system and bucket */
export function durationsOf(rows: readonly ({ system: string } & Bucket)[]): SystemDuration[] {
  const systems = new Map<string, Bucket[]>();
  for (const row of rows) systems.set(row.system, [...(systems.get(row.system) ?? []), row]);
  return [...systems].map(([system, buckets]) => ({
    system,
    count: buckets.reduce((sum, { count }) => sum + count, 0),
    p50Ms: inTenths(percentile(buckets, 0.5)),
    p95Ms: inTenths(percentile(buckets, 0.95)),
  }));
}

const inTenths = (ms: number): number => Math.round(ms * 10) / 10;
