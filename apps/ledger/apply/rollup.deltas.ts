import type { Outcome } from '#lgsp/errors';
import { durationBucket } from '../store/duration.bucket';
import type { RowChange } from './row.change';

/** What of a transaction is counted, beside its time. */
export interface CountKey {
  environment: string;
  system: string;
  operation: string;
  client: string;
  agency?: string | null;
  procedure?: string | null;
  outcome: Outcome;
  final: boolean;
}

/** By how much a count changes. */
export interface CountDelta extends CountKey {
  /** When its hour begins, epoch milliseconds. */
  hour: number;
  count: number;
}

export interface DurationDelta extends Pick<CountKey, 'environment' | 'system' | 'operation'> {
  hour: number;
  bucket: number;
  count: number;
}

/** Vietnam's clock is a whole number of hours from UTC: an hour there is an hour here. */
export const hourMs = 3_600_000;
/** More than all hours up to the year 9999, and more than all buckets: to have two or three numbers in one. */
const hoursMax = 2 ** 27;
const bucketsMax = 2 ** 8;

/** What the writing of rows changes in the counts, summed up by hour before it goes into SQL. */
export class RollupDeltas {
  readonly counts: CountDelta[] = [];
  readonly durations: DurationDelta[] = [];

  /** Counts rows that have their shapes, as they now are. */
  addRows(rows: readonly RowChange[]): void {
    const counts = new Map<number, CountDelta>();
    const durations = new Map<number, DurationDelta>();
    for (const row of rows) {
      const { shape, at, record } = row;
      const nthHour = Math.floor(at / hourMs);
      const key = shape * hoursMax + nthHour;
      const count = counts.get(key);
      if (count) count.count++;
      else counts.set(key, { ...keyOf(row), hour: nthHour * hourMs, count: 1 });
      if (record.answeredAt === undefined) continue;
      const bucket = durationBucket(record.answeredAt - at);
      const durationKey = key * bucketsMax + bucket + 1;
      const duration = durations.get(durationKey);
      if (duration) duration.count++;
      else durations.set(durationKey, { ...operationOf(row.record), hour: nthHour * hourMs, bucket, count: 1 });
    }
    this.counts.push(...counts.values());
    this.durations.push(...durations.values());
  }

  /** Takes back a row as it was counted before. */
  takeBack(before: CountKey & { at: number; answeredAt: number | null }): void {
    const { at, answeredAt, ...key } = before;
    const hour = at - (at % hourMs);
    this.counts.push({ ...key, hour, count: -1 });
    if (answeredAt === null) return;
    this.durations.push({ ...operationOf(key), hour, bucket: durationBucket(answeredAt - at), count: -1 });
  }
}

function keyOf({ record, outcome, final }: RowChange): CountKey {
  const { client, agency, procedure } = record;
  return { ...operationOf(record), client, agency, procedure, outcome, final };
}

function operationOf({ environment, system, operation }: Pick<CountKey, 'environment' | 'system' | 'operation'>) {
  return { environment, system, operation };
}
