import { transactionIdAt, type Environment, type ReportGroup } from '#lgsp/records';
import type { Sql } from '../store/database';
import { asksAgencies, type Counted } from './report.figures';
import { daysAfter, firstDayOf, monthOf, startOfDay } from './report.period';
import { joined, type Segment } from './report.sources';

/** Whose transactions are counted. */
export interface Scope {
  environment: Environment;
  client?: string;
}

/** Collects the values of a statement and gives their places in it. */
class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/**
 * Counts the segments' transactions by these groups. @param rowsMax one more row than this tells that there are too many
 */
export async function countSegments(
  sql: Sql,
  segments: readonly Segment[],
  groupBy: readonly ReportGroup[],
  scope: Scope,
  rowsMax: number,
): Promise<Counted[]> {
  const parameters = new Parameters();
  const fine = asksAgencies(groupBy);
  // By month each segment stands alone and its month is a constant: cheaper than a month made from each row's day.
  const byMonth = groupBy.includes('month');
  const parts = (byMonth ? segments : joined(segments)).map((segment) => {
    const columns = groupBy.map((group) =>
      group === 'month' ? `'${monthOf(segment.from)}' as month` : column(group, segment),
    );
    const count = segment.source === 'rows' ? '1::bigint as count' : 'count';
    return `select ${[...columns, count].join(', ')} from ${from(segment, fine, scope, parameters)}`;
  });
  const groups = groupBy.map((_, index) => index + 1).join(', ');
  return sql.query<Counted>(
    `select ${[...groupBy, 'sum(count)::bigint as count'].join(', ')} from (${parts.join(' union all ')}) counted
     ${groups && `group by ${groups}`} having sum(count) <> 0 limit ${rowsMax + 1}`,
    parameters.values,
  );
}

/** How many took how long, by system and bucket. */
export function countDurations(
  sql: Sql,
  segments: readonly Segment[],
  environment: Environment,
): Promise<{ system: string; bucket: number; count: number }[]> {
  const parameters = new Parameters();
  const parts = joined(segments).map((segment) => {
    const [whose, low, high] = [environment, segment.from, segment.to].map((value) => parameters.add(value));
    return `select system, bucket, count from ${segment.source === 'frozen' ? 'frozen' : 'rollup'}_duration
      where environment = ${whose} and day between ${low} and ${high}`;
  });
  return sql.query(
    `select system, bucket, sum(count)::bigint as count from (${parts.join(' union all ')}) counted
     group by system, bucket having sum(count) <> 0 order by system, bucket`,
    parameters.values,
  );
}

const column = (group: ReportGroup, { source }: Segment): string =>
  source === 'rows' && (group === 'agency' || group === 'procedure') ? `coalesce(${group}, '') as ${group}` : group;

/** Table and condition of a segment; a row's day is in its id, by which the rows lie. */
function from({ source, from: first, to }: Segment, fine: boolean, scope: Scope, parameters: Parameters): string {
  const conditions = [`environment = ${parameters.add(scope.environment)}`];
  if (scope.client !== undefined) conditions.push(`client = ${parameters.add(scope.client)}`);
  const where = (...more: string[]): string => `where ${[...conditions, ...more].join(' and ')}`;
  if (source === 'rows') {
    const [low, high] = [first, daysAfter(to, 1)].map((day) => parameters.add(transactionIdAt(startOfDay(day))));
    return `transactions ${where(`id >= ${low}::uuid`, `id < ${high}::uuid`)}`;
  }
  if (fine) {
    const [low, high] = [first, to].map((day) => parameters.add(firstDayOf(monthOf(day))));
    return `${source}_month ${where(`month between ${low} and ${high}`)}`;
  }
  return `${source}_day ${where(`day between ${parameters.add(first)} and ${parameters.add(to)}`)}`;
}
