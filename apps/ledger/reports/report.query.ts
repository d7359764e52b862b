import { outcomes } from '#lgsp/errors';
import { transactionIdAt, type Environment, type ReportGroup } from '#lgsp/records';
import { daysAfter, startOfDay } from '#lgsp/vietnam';
import type { Sql } from '../store/database';
import { firstDayOf, monthOf } from './report.period';
import { joined, type Segment } from './report.sources';
import type { Counted } from './report.figures';

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

/** Counts the segments' transactions by these groups; one row more than the limit tells that there are too many. */
export async function countSegments(
  sql: Sql,
  segments: readonly Segment[],
  groupBy: readonly ReportGroup[],
  scope: Scope,
  rowsMax: number,
): Promise<Counted[]> {
  const parameters = new Parameters();
  const byMonth = groupBy.includes('month');
  const parts = joined(segments, byMonth).map((segment) => countSegment(segment, groupBy, scope, parameters));
  const groups = groupBy.map((_, index) => index + 1).join(', ');
  const rows = await sql.query<Counted>(
    `select ${[...groupBy, 'sum(count)::bigint as count'].join(', ')} from (${parts.join(' union all ')}) counted
     ${groups && `group by ${groups}`} having sum(count) <> 0 limit ${rowsMax + 1}`,
    parameters.values,
  );
  return byMonth ? rows.map((row) => ({ ...row, month: monthOf(row.month!) })) : rows;
}

/** The statement that gives a segment's counts, with a column for each group. */
function countSegment(segment: Segment, groupBy: readonly ReportGroup[], scope: Scope, parameters: Parameters): string {
  const table = tableOf(segment, groupBy);
  const columns = groupBy.map((group) => columnOf(group, segment));
  const from = `from ${table} where ${conditionOf(segment, scope, parameters)}`;
  if (table.endsWith('_agencies')) return countAgencies(groupBy, columns, from);
  const count = segment.source === 'rows' ? '1::bigint as count' : 'count';
  return `select ${[...columns, count].join(', ')} ${from}`;
}

/** The smallest table that has a segment's counts by these groups (store/migrations). */
function tableOf({ source, whole }: Segment, groupBy: readonly ReportGroup[]): string {
  if (source === 'rows') return 'transactions';
  if (!whole) return `${source}_day`;
  // A province has some hundred agencies, each with one client, and thousands of procedures.
  const further = groupBy.includes('operation') || groupBy.includes('procedure');
  if (!further) return `${source}_month_agencies`;
  return groupBy.includes('agency') ? `${source}_month` : `${source}_month_services`;
}

const outcomeColumns = outcomes.map((outcome) => [outcome, outcome.replace('-', '_')] as const);

/** Agencies have a column for each outcome: they are summed up first, and then made rows of where outcomes are asked for. */
function countAgencies(groupBy: readonly ReportGroup[], columns: readonly string[], from: string): string {
  if (!groupBy.includes('outcome')) {
    const all = outcomeColumns.map(([, column]) => column).join(' + ');
    return `select ${[...columns, `${all} as count`].join(', ')} ${from}`;
  }
  const others = columns.filter((_, index) => groupBy[index] !== 'outcome');
  const sums = outcomeColumns.map(([, column]) => `sum(${column}) as ${column}`);
  const grouped = others.length > 0 ? ` group by ${others.map((_, index) => index + 1).join(', ')}` : '';
  const summed = `select ${[...others, ...sums].join(', ')} ${from}${grouped}`;
  const values = outcomeColumns.map(([outcome, column]) => `('${outcome}', ${column})`);
  return `select ${[...groupBy, 'count'].join(', ')} from (${summed}) summed
    cross join lateral (values ${values.join(', ')}) each_outcome (outcome, count)`;
}

/** Parts of months stand alone, so that their month is a constant: cheaper than one that is made from each row's day. */
function columnOf(group: ReportGroup, { source, whole, from }: Segment): string {
  if (group === 'month' && !whole) return `date '${firstDayOf(monthOf(from))}' as month`;
  return source === 'rows' && (group === 'agency' || group === 'procedure')
    ? `coalesce(${group}, '') as ${group}`
    : group;
}

function conditionOf(segment: Segment, { environment, client }: Scope, parameters: Parameters): string {
  const conditions = [`environment = ${parameters.add(environment)}`];
  if (client !== undefined) conditions.push(`client = ${parameters.add(client)}`);
  return [...conditions, timeOf(segment, parameters)].join(' and ');
}

/** A transaction's time is in its id, by which the rows lie. */
function timeOf({ source, whole, from, to }: Segment, parameters: Parameters): string {
  if (source === 'rows') {
    const [low, high] = [from, daysAfter(to, 1)].map((day) => parameters.add(transactionIdAt(startOfDay(day))));
    return `id >= ${low}::uuid and id < ${high}::uuid`;
  }
  const bounds = whole ? [from, to].map((day) => firstDayOf(monthOf(day))) : [from, to];
  const [low, high] = bounds.map((day) => parameters.add(day));
  return `${whole ? 'month' : 'day'} between ${low} and ${high}`;
}

/** How many took how long, by system and bucket. */
export function countDurations(
  sql: Sql,
  segments: readonly Segment[],
  environment: Environment,
): Promise<{ system: string; bucket: number; count: number }[]> {
  const parameters = new Parameters();
  const parts = joined(segments).map((segment) => {
    const table = `${segment.source}_${segment.whole ? 'month_' : ''}duration`;
    return `select system, bucket, count from ${table} where ${conditionOf(segment, { environment }, parameters)}`;
  });
  return sql.query(
    `select system, bucket, sum(count)::bigint as count from (${parts.join(' union all ')}) counted
     group by system, bucket having sum(count) <> 0 order by system, bucket`,
    parameters.values,
  );
}
