import { Inject, Injectable } from '@nestjs/common';
import type { Language } from '#lgsp/errors';
import {
  reportGroups,
  type Figures,
  type FrozenMark,
  type Period,
  type Report,
  type ReportGroup,
  type ReportRequest,
  type ReportRow,
  type ReportTable,
} from '#lgsp/records';
import { nowInVietnam } from '#lgsp/vietnam';
import { archivedMonths } from '../store/archived.months';
import { Database, type Sql } from '../store/database';
import { durationsOf } from './duration.percentiles';
import { fault } from './report.faults';
import { isFine, compared, sideBySide } from './report.figures';
import { firstDayOf, lastDayOf, monthOf, yearBefore } from './report.period';
import { countDurations, countSegments, type Scope } from './report.query';
import { segmentsOf, type Months, type Segment } from './report.sources';

/** Longest period of a report. */
const periodYearsMax = 10;
/** Most rows of one table, and of all tables together: what an answer on the bus can carry, at 300 bytes a row. */
const rowsMax = 20_000;

/** Everything of one report is read from one snapshot: tables that are read one after the other must add up. */
const snapshot = 'set transaction isolation level repeatable read, read only';

/** What the book says about a period: counts by any groups, from the figures that are kept as the rows are written. */
@Injectable()
export class Reports {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @throws BusError `invalid-request` naming the field and the rule that it breaks */
  async report(request: ReportRequest, language: Language = 'en', now = new Date()): Promise<Report> {
    check(request, language);
    const { from, to, groupBy = [], further = [], compare, environment = 'production', client, durations } = request;
    const period = { from, to };
    const previousPeriod = compare && yearBefore(period);
    return this.database.transaction(async (sql) => {
      await sql.run(snapshot);
      const marks = await frozenMarks(sql, environment, previousPeriod ? [previousPeriod, period] : [period]);
      const months = { frozen: new Set(marks.map(({ month }) => month)), archived: new Set(await archivedMonths(sql)) };
      const reading = new Reading(sql, { environment, client }, { period, previousPeriod }, months, language);
      const rows = await reading.table(groupBy);
      const tables: ReportTable[] = [];
      for (const groups of further) tables.push({ groupBy: groups, rows: await reading.table(groups) });
      return {
        environment,
        client,
        period,
        previousPeriod,
        groupBy,
        total: totalOf(rows, compare !== undefined),
        rows,
        further: further.length > 0 ? tables : undefined,
        durations: durations ? await reading.durations() : undefined,
        frozenMonths: marks,
        madeAt: nowInVietnam(now),
      };
    });
  }
}

/** One report's way through the tables. */
class Reading {
  /** Of all tables so far. */
  private rows = 0;

  constructor(
    private readonly sql: Sql,
    private readonly scope: Scope,
    private readonly periods: { period: Period; previousPeriod?: Period },
    private readonly months: Months,
    private readonly language: Language,
  ) {}

  async table(groupBy: readonly ReportGroup[]): Promise<ReportRow[]> {
    const { period, previousPeriod } = this.periods;
    const now = await this.count(period, groupBy);
    const before = previousPeriod && (await this.count(previousPeriod, groupBy));
    const rows = sideBySide(groupBy, now, before);
    this.rows += rows.length;
    if (this.rows > rowsMax) throw this.tooMany();
    // The total alone is one row, also when it is nothing.
    return rows.length === 0 && groupBy.length === 0 ? [compared(0, before && 0)] : rows;
  }

  async durations() {
    const { environment } = this.scope;
    return durationsOf(await countDurations(this.sql, this.segments(this.periods.period, []), environment));
  }

  private async count(period: Period, groupBy: readonly ReportGroup[]) {
    const counted = await countSegments(this.sql, this.segments(period, groupBy), groupBy, this.scope, rowsMax);
    if (counted.length > rowsMax) throw this.tooMany();
    return counted;
  }

  private segments(period: Period, groupBy: readonly ReportGroup[]): Segment[] {
    const { segments, onlyWhole } = segmentsOf(period, this.months, isFine(groupBy));
    if (onlyWhole.length > 0) throw fault('groupBy', 'whole-months', this.language, onlyWhole.join(', '));
    return segments;
  }

  private tooMany = () => fault('groupBy', 'rows-max', this.language, rowsMax);
}

function check({ from, to, groupBy = [], further = [], client, durations }: ReportRequest, language: Language): void {
  // Groups become names of columns: nothing that is no group may come so far, whoever asks.
  if (!isGroups(groupBy)) throw fault('groupBy', 'groups', language);
  if (!further.every(isGroups)) throw fault('further', 'groups', language);
  if (to < from) throw fault('to', 'period-end', language);
  const tooLate = `${Number(from.slice(0, 4)) + periodYearsMax}${from.slice(4)}`;
  if (to >= tooLate) throw fault('to', 'period-length', language, periodYearsMax);
  if (durations && client !== undefined) throw fault('durations', 'one-client', language);
}

const isGroups = (groups: unknown): boolean =>
  Array.isArray(groups) &&
  groups.every((group) => reportGroups.includes(group as ReportGroup)) &&
  new Set(groups).size === groups.length;

function totalOf(rows: readonly ReportRow[], compares: boolean): Figures {
  const sum = (field: 'count' | 'previous'): number => rows.reduce((total, row) => total + (row[field] ?? 0), 0);
  return compared(sum('count'), compares ? sum('previous') : undefined);
}

/** The frozen months of these periods, each once. */
async function frozenMarks(sql: Sql, environment: string, periods: readonly Period[]): Promise<FrozenMark[]> {
  const within = periods.map(({ from, to }) => [firstDayOf(monthOf(from)), lastDayOf(monthOf(to))]);
  const rows = await sql.query<{ month: string; frozen_at: Date; frozen_by: string }>(
    `select month, frozen_at, frozen_by from frozen_months
     where environment = $1 and (${within.map((_, nth) => `month between $${2 * nth + 2} and $${2 * nth + 3}`).join(' or ')})
     order by month`,
    [environment, ...within.flat()],
  );
  return rows.map(({ month, frozen_at, frozen_by }) => ({
    month: monthOf(month),
    frozenAt: nowInVietnam(frozen_at),
    frozenBy: frozen_by,
  }));
}
