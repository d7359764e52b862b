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
/** More hours than one SQL transaction has records: to have a shape or an operation and an hour in one number. */
const hoursMax = 2 ** 14;
/** More than all buckets: to have a bucket and another number in one. */
const bucketsMax = 2 ** 8;

/** What the writing of rows changes in the counts, summed up by hour before it goes into SQL. */
export class RollupDeltas {
  readonly counts: CountDelta[] = [];
  readonly durations: DurationDelta[] = [];

  /** Counts rows that have their shapes, as they now are. All that they are told apart by is a small number, which is quick to find. */
  addRows(rows: readonly RowChange[]): void {
    const hours = new Numbers<number>();
    const operations = new OperationNumbers();
    const counts = new Map<number, CountDelta>();
    const durations = new Map<number, DurationDelta>();
    for (const row of rows) {
      const { shape, at, record } = row;
      const hour = at - (at % hourMs);
      const nthHour = hours.of(hour);
      const key = shape * hoursMax + nthHour;
      const count = counts.get(key);
      if (count) count.count++;
      else counts.set(key, countOf(row, hour));
      if (record.answeredAt === undefined) continue;
      const bucket = durationBucket(record.answeredAt - at);
      const durationKey = (operations.of(row) * hoursMax + nthHour) * bucketsMax + bucket + 1;
      const duration = durations.get(durationKey);
      if (duration) duration.count++;
      else {
        const { environment, system, operation } = record;
        durations.set(durationKey, { environment, system, operation, hour, bucket, count: 1 });
      }
    }
    for (const delta of counts.values()) this.counts.push(delta);
    for (const delta of durations.values()) this.durations.push(delta);
  }

  /** Takes back a row as it was counted before. */
  takeBack(before: CountKey & { at: number; answeredAt: number | null }): void {
    const { at, answeredAt, environment, system, operation, client, agency, procedure, outcome, final } = before;
    const hour = at - (at % hourMs);
    this.counts.push({ environment, system, operation, client, agency, procedure, outcome, final, hour, count: -1 });
    if (answeredAt === null) return;
    this.durations.push({
      environment,
      system,
      operation,
      hour,
      bucket: durationBucket(answeredAt - at),
      count: -1,
    });
  }
}

/** Gives what comes again the number that it had the first time, from 0. */
class Numbers<T> {
  private readonly known = new Map<T, number>();

  of(value: T): number {
    let number = this.known.get(value);
    if (number === undefined) this.known.set(value, (number = this.known.size));
    return number;
  }
}

/** The number of a row's environment, system and operation, which its shape tells. */
class OperationNumbers {
  private readonly byShape: number[] = [];
  private readonly numbers = new Numbers<string>();

  of({ shape, record }: RowChange): number {
    const { environment, system, operation } = record;
    return (this.byShape[shape] ??= this.numbers.of(`${environment}\0${system}\0${operation}`));
  }
}

/** As one literal: put together of parts it would cost several times as much. */
function countOf({ record, outcome, final }: RowChange, hour: number): CountDelta {
  const { environment, system, operation, client, agency, procedure } = record;
  return { environment, system, operation, client, agency, procedure, outcome, final, hour, count: 1 };
}
