import { outcomes } from '#lgsp/errors';
import { rollupDifferencesMax, type RollupDifference } from '#lgsp/records';
import type { Sql } from '../store/database';

/** How one rollup is compared with the rows: by one statement, so that both are of the same moment. */
interface Comparison {
  rollup: RollupDifference['rollup'];
  table: string;
  /** The time and the dimensions of a count: as the rows have them, and their names. */
  key: readonly (readonly [expression: string, name: string])[];
  /** Which rows are counted at all. */
  where?: string;
  /** The time as it is told to people, where that depends on the database's settings else. */
  shown?: string;
}

/** Vietnam's clock is a whole number of hours from UTC, and the time zone of the database must not matter. */
const hourOfRow = `to_timestamp(floor(extract(epoch from at) / 3600) * 3600)`;
const dayOfRow = `((at at time zone 'UTC') + interval '7 hours')::date`;
const same = (...names: string[]): (readonly [string, string])[] => names.map((name) => [name, name] as const);
const dimensions = same('environment', 'system', 'operation', 'client', 'outcome', 'final');
const monthOfRow = `date_trunc('month', (at at time zone 'UTC') + interval '7 hours')::date`;
const agencyOfRow = [`coalesce(agency, '')`, 'agency'] as const;
const procedureOfRow = [`coalesce(procedure, '')`, 'procedure'] as const;
/** The sums of agencies have a column for each outcome. */
const sumsOfAgencies = `(select month, environment, system, client, agency, outcome, count from rollup_month_agencies
  cross join lateral (values ${outcomes.map((outcome) => `('${outcome}', ${outcome.replace('-', '_')})`).join(', ')})
  as sums (outcome, count)) agencies`;

const comparisons = {
  hour: {
    rollup: 'hour',
    table: 'rollup_hour',
    key: [[hourOfRow, 'hour'], ...dimensions],
    shown: `to_char((hour at time zone 'UTC') + interval '7 hours', 'YYYY-MM-DD HH24:MI')`,
  },
  day: { rollup: 'day', table: 'rollup_day', key: [[dayOfRow, 'day'], ...dimensions] },
  month: {
    rollup: 'month',
    table: 'rollup_month',
    key: [[monthOfRow, 'month'], agencyOfRow, procedureOfRow, ...dimensions],
  },
  service: {
    rollup: 'service',
    table: 'rollup_month_services',
    key: [[monthOfRow, 'month'], procedureOfRow, ...same('environment', 'system', 'operation', 'client', 'outcome')],
  },
  agency: {
    rollup: 'agency',
    table: sumsOfAgencies,
    key: [[monthOfRow, 'month'], agencyOfRow, ...same('environment', 'system', 'client', 'outcome')],
  },
  duration: {
    rollup: 'duration',
    table: 'rollup_duration',
    key: [[dayOfRow, 'day'], ...same('environment', 'system', 'operation')],
    where: 'answered_at is not null',
  },
} as const satisfies Record<string, Comparison>;

export interface RollupComparison {
  /** Sum of the rollup's counts. */
  counted: number;
  /** How many counts differ, and the first of them. */
  count: number;
  differences: RollupDifference[];
}

interface Row {
  key: string;
  rows: number;
  counted: number;
  differing: number;
  total: number;
}

/**
 * Compares a rollup with the rows of a time.
 * @param ids of the rows of the time: from the one to below the other
 * @param times of the rollup, as its first column has them, likewise
 */
export async function compareRollup(
  sql: Sql,
  name: keyof typeof comparisons,
  ids: readonly [string, string],
  times: readonly [string, string],
): Promise<RollupComparison> {
  const { rollup, table, key, where = 'true', shown }: Comparison = comparisons[name];
  const names = key.map(([, column]) => column);
  const [time = '', ...others] = names;
  const found = await sql.query<Row>(
    `with counted_rows as (
       select ${key.map(([expression, column]) => `${expression} as ${column}`).join(', ')}, count(*) as count
       from transactions where id >= $1 and id < $2 and ${where} group by ${names.map((_, nth) => nth + 1).join(', ')}
     ), counted as (
       select ${names.join(', ')}, sum(count)::bigint as count from ${table} where ${time} >= $3 and ${time} < $4
       group by ${names.join(', ')}
     ), compared as (
       select concat_ws(' ', ${[shown ?? time, ...others].join(', ')}) as key, coalesce(r.count, 0)::bigint as rows, coalesce(c.count, 0)::bigint as counted
       from counted_rows r full join counted c using (${names.join(', ')})
     )
     select key, rows, counted, (select count(*) from compared where rows <> counted) as differing,
       (select coalesce(sum(counted), 0)::bigint from compared) as total
     from (select true) one left join (select * from compared where rows <> counted order by key limit $5) d on true`,
    [...ids, ...times, rollupDifferencesMax],
  );
  const [{ differing, total } = { differing: 0, total: 0 }] = found;
  const differences = found
    .filter(({ key: found }) => found !== null)
    .map(({ key: found, rows, counted }) => ({ rollup, key: found, rows, counted }));
  return { counted: total, count: differing, differences };
}
