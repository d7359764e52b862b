import type { Environment } from '#lgsp/records';
import { outcomes, type Outcome } from '#lgsp/errors';
import { durationBucket } from '../store/duration.bucket';
import { hourMs, namesOfHour } from './hour.names';
import type { RowChange } from './row.change';

/** What of a transaction is counted wherever it is counted, and by how many it changes. */
export interface KindDelta {
  month: string;
  environment: Environment;
  system: string;
  operation: string;
  client: string;
  outcome: Outcome;
  final: boolean;
  count: number;
}

/** A change of a count: of which kind, by its number among the kinds, and by how many. */
interface Delta {
  kind: number;
  count: number;
}

export interface HourDelta extends Delta {
  hour: string;
}

export interface DayDelta extends Delta {
  day: string;
}

export interface MonthDelta extends Delta {
  /** '' where there is none. */
  agency: string;
  procedure: string;
}

/** Of all agencies together. */
export interface ServiceDelta extends Delta {
  procedure: string;
}

/** Of all operations and procedures together, by outcome. */
export interface AgencyDelta {
  kind: number;
  agency: string;
  byOutcome: Record<Outcome, number>;
}

export interface DurationDelta extends Delta {
  day: string;
  bucket: number;
}

/** A row as it is counted. */
export interface CountedRow extends Omit<KindDelta, 'month' | 'count'> {
  at: number;
  answeredAt?: number | null;
  agency?: string | null;
  procedure?: string | null;
}

/** A row that is there, and what becomes of it. */
export interface CountedChange {
  before: CountedRow;
  row: RowChange;
}

interface Kind extends KindDelta {
  nth: number;
  /** Numbers of what it has in common with others: environment, system and operation; all but `final`; month, client and system. */
  nthOperation: number;
  nthService: number;
  nthOffice: number;
}

/** More of anything than one SQL transaction meets: to have two numbers in one. */
const manyMax = 2 ** 20;
/** More than all buckets, likewise. */
const bucketsMax = 2 ** 8;

/**
 * What the writing of rows changes in the counts, summed up before it goes into SQL. All that rows are told apart by gets a small
 * number, and sums are found by such numbers put together: a text for each row and sum would cost several times as much.
 */
export class RollupDeltas {
  private readonly byKind = new Map<string, Kind>();
  private readonly byHour = new Map<number, HourDelta>();
  private readonly byDay = new Map<number, DayDelta>();
  private readonly byMonth = new Map<number, MonthDelta>();
  private readonly byService = new Map<number, ServiceDelta>();
  private readonly byAgency = new Map<number, AgencyDelta>();
  private readonly byDuration = new Map<number, DurationDelta>();
  private readonly numbers = {
    operation: new Numbers<string>(),
    service: new Numbers<string>(),
    office: new Numbers<string>(),
    hour: new Numbers<number>(),
    day: new Numbers<string>(),
    agency: new Numbers<string>(),
    procedure: new Numbers<string>(),
    kindAndAgency: new Numbers<number>(),
  };

  /** Each in the place that is its number. */
  get kinds(): KindDelta[] {
    return [...this.byKind.values()];
  }

  get hours(): HourDelta[] {
    return changed(this.byHour);
  }

  get days(): DayDelta[] {
    return changed(this.byDay);
  }

  /** In the order in which the table has them. */
  get months(): MonthDelta[] {
    const inOrder = (a: MonthDelta, b: MonthDelta): number =>
      order(a.procedure, b.procedure) || order(a.agency, b.agency);
    return changed(this.byMonth).sort(inOrder);
  }

  /** Likewise. */
  get services(): ServiceDelta[] {
    return changed(this.byService).sort((a, b) => order(a.procedure, b.procedure));
  }

  get agencies(): AgencyDelta[] {
    return [...this.byAgency.values()].filter(({ byOutcome }) => outcomes.some((outcome) => byOutcome[outcome] !== 0));
  }

  get durations(): DurationDelta[] {
    return changed(this.byDuration);
  }

  /** Counts rows as they are now, those that change instead of what they were. */
  static of(fresh: readonly RowChange[], changed: readonly CountedChange[]): RollupDeltas {
    const deltas = new RollupDeltas();
    for (const row of fresh) deltas.addRow(row);
    for (const { before, row } of changed) {
      deltas.count(before, -1);
      deltas.addRow(row);
    }
    return deltas;
  }

  private addRow({ record, at, outcome, final }: RowChange): void {
    const { environment, system, operation, client, agency, procedure, answeredAt } = record;
    this.count({ environment, system, operation, client, outcome, final, agency, procedure, at, answeredAt }, 1);
  }

  private count(row: CountedRow, by: number): void {
    const { at, answeredAt } = row;
    const ms = at - (at % hourMs);
    const names = namesOfHour(ms);
    const kind = this.kindOf(row, names.month);
    kind.count += by;
    const nthDay = this.numbers.day.of(names.day);
    const hourKey = kind.nth * manyMax + this.numbers.hour.of(ms);
    const hourSum = this.byHour.get(hourKey);
    if (hourSum) hourSum.count += by;
    else this.byHour.set(hourKey, { kind: kind.nth, hour: names.hour, count: by });
    const dayKey = kind.nth * manyMax + nthDay;
    const daySum = this.byDay.get(dayKey);
    if (daySum) daySum.count += by;
    else this.byDay.set(dayKey, { kind: kind.nth, day: names.day, count: by });
    this.countMonth(kind, row.agency ?? '', row.procedure ?? '', by);
    if (answeredAt === undefined || answeredAt === null) return;
    const bucket = durationBucket(answeredAt - at);
    const durationKey = (kind.nthOperation * manyMax + nthDay) * bucketsMax + bucket + 1;
    const durationSum = this.byDuration.get(durationKey);
    if (durationSum) durationSum.count += by;
    else this.byDuration.set(durationKey, { kind: kind.nth, day: names.day, bucket, count: by });
  }

  private countMonth(kind: Kind, agency: string, procedure: string, by: number): void {
    const { numbers } = this;
    const [nthAgency, nthProcedure] = [numbers.agency.of(agency), numbers.procedure.of(procedure)];
    const monthKey = numbers.kindAndAgency.of(kind.nth * manyMax + nthAgency) * manyMax + nthProcedure;
    const monthSum = this.byMonth.get(monthKey);
    if (monthSum) monthSum.count += by;
    else this.byMonth.set(monthKey, { kind: kind.nth, agency, procedure, count: by });
    const serviceKey = kind.nthService * manyMax + nthProcedure;
    const serviceSum = this.byService.get(serviceKey);
    if (serviceSum) serviceSum.count += by;
    else this.byService.set(serviceKey, { kind: kind.nth, procedure, count: by });
    const agencyKey = kind.nthOffice * manyMax + nthAgency;
    let agencySum = this.byAgency.get(agencyKey);
    if (!agencySum) this.byAgency.set(agencyKey, (agencySum = { kind: kind.nth, agency, byOutcome: { ...none } }));
    agencySum.byOutcome[kind.outcome] += by;
  }

  private kindOf(row: CountedRow, month: string): Kind {
    const { environment, system, operation, client, outcome, final } = row;
    const name = `${month}\0${environment}\0${system}\0${operation}\0${client}\0${outcome}\0${final}`;
    const known = this.byKind.get(name);
    if (known) return known;
    const { numbers } = this;
    const kind = {
      month,
      environment,
      system,
      operation,
      client,
      outcome,
      final,
      count: 0,
      nth: this.byKind.size,
      nthOperation: numbers.operation.of(`${environment}\0${system}\0${operation}`),
      nthService: numbers.service.of(`${month}\0${environment}\0${system}\0${operation}\0${client}\0${outcome}`),
      nthOffice: numbers.office.of(`${month}\0${environment}\0${system}\0${client}`),
    };
    this.byKind.set(name, kind);
    return kind;
  }
}

const none = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Gives what comes again the number that it had the first time, from 0. */
class Numbers<T> {
  private readonly known = new Map<T, number>();

  of(value: T): number {
    let number = this.known.get(value);
    if (number === undefined) this.known.set(value, (number = this.known.size));
    return number;
  }
}

const changed = <T extends { count: number }>(sums: ReadonlyMap<unknown, T>): T[] =>
  [...sums.values()].filter(({ count }) => count !== 0);
