import type { MetricName } from '#lgsp/telemetry';
import type { MetricsReading, Sample } from './metrics.reading';

/** What the figures are made from: metrics of gateways. */
export const metricsRead = [
  'lgsp_requests_total',
  'lgsp_transaction_duration_seconds',
  'lgsp_inflight',
] as const satisfies readonly MetricName[];

/** How calls of one system went between two readings. */
export interface Figures {
  /** Calls answered, refused ones included. */
  perSecond: number;
  /** Share of them without a fault of the bus or of the outside system (HTTP status below 500); undefined without calls. */
  success?: number;
  /** 95 of 100 transactions were answered within so many milliseconds, estimated as Prometheus does; undefined without any. */
  p95Ms?: number;
  /** Now, not between. */
  inFlight: number;
}

/** What came from one reading of each gateway to a later one; a gateway that is new counts from nothing. */
export function figuresBetween(
  before: readonly MetricsReading[],
  after: readonly MetricsReading[],
): Map<string, Figures> {
  const sums = new Map<string, Sums>();
  for (const reading of after) {
    const earlier = before.find(({ url }) => url === reading.url);
    const seconds = earlier ? (reading.atMs - earlier.atMs) / 1_000 : Number.POSITIVE_INFINITY;
    for (const { labels, value } of grown(earlier, reading, 'lgsp_requests_total')) {
      const sum = sumsOf(sums, labels['system']!);
      sum.calls += value;
      sum.perSecond += value / seconds;
      if (Number(labels['status']) < 500) sum.good += value;
    }
    for (const { labels, value } of grown(earlier, reading, 'lgsp_transaction_duration_seconds_bucket')) {
      const { buckets } = sumsOf(sums, labels['system']!);
      const bound = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
      buckets.set(bound, (buckets.get(bound) ?? 0) + value);
    }
    for (const { labels, value } of reading.samples.get('lgsp_inflight') ?? [])
      sumsOf(sums, labels['system']!).inFlight += value;
  }
  return new Map([...sums].map(([system, sum]) => [system, figuresOf(sum)]));
}

interface Sums {
  calls: number;
  good: number;
  perSecond: number;
  inFlight: number;
  /** Counts up to and including each bound, in seconds. */
  buckets: Map<number, number>;
}

function sumsOf(sums: Map<string, Sums>, system: string): Sums {
  let sum = sums.get(system);
  if (!sum) sums.set(system, (sum = { calls: 0, good: 0, perSecond: 0, inFlight: 0, buckets: new Map() }));
  return sum;
}

function figuresOf({ calls, good, perSecond, inFlight, buckets }: Sums): Figures {
  const p95 = quantile(0.95, buckets);
  return {
    perSecond,
    success: calls > 0 ? good / calls : undefined,
    p95Ms: p95 === undefined ? undefined : p95 * 1_000,
    inFlight,
  };
}

/** How much each series has grown; one that is smaller than before began anew with its process. */
function grown(before: MetricsReading | undefined, after: MetricsReading, name: string): Sample[] {
  if (!before) return []; // A first reading says nothing of a rate.
  const known = new Map((before.samples.get(name) ?? []).map(({ labels, value }) => [keyOf(labels), value]));
  return (after.samples.get(name) ?? []).map(({ labels, value }) => {
    const earlier = known.get(keyOf(labels)) ?? 0;
    return { labels, value: value < earlier ? value : value - earlier };
  });
}

const keyOf = (labels: Sample['labels']): string => JSON.stringify(Object.entries(labels));

/** As `histogram_quantile` of Prometheus: evenly spread within a bucket; beyond the last bound, the last bound. */
export function quantile(share: number, buckets: ReadonlyMap<number, number>): number | undefined {
  const sorted = [...buckets].toSorted(([a], [b]) => a - b);
  const total = sorted.at(-1)?.[1] ?? 0;
  if (total === 0) return undefined;
  const rank = share * total;
  let [lower, below] = [0, 0];
  for (const [bound, count] of sorted) {
    if (count >= rank) {
      if (!Number.isFinite(bound)) return lower;
      return lower + (bound - lower) * ((rank - below) / (count - below));
    }
    [lower, below] = [bound, count];
  }
  return lower;
}
