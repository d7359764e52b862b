import { outcomes } from '#lgsp/errors';
import type { Sql } from '../store/database';
import { arraysOf, unnest, type Column } from '../store/sql.arrays';
import type {
  AgencyDelta,
  DurationDelta,
  HourDelta,
  KindDelta,
  MonthDelta,
  RollupDeltas,
  ServiceDelta,
} from './rollup.deltas';

interface Rollup<T> {
  table: string;
  /** Its primary key. */
  key: readonly Column<T>[];
  /** What is added up. */
  sums: readonly Column<T>[];
}

const count: readonly Column<{ count: number }>[] = [{ name: 'count', type: 'bigint', of: ({ count }) => count }];

const dimensions: readonly Column<{ kind: KindDelta }>[] = [
  { name: 'environment', type: 'text', of: ({ kind }) => kind.environment },
  { name: 'system', type: 'text', of: ({ kind }) => kind.system },
  { name: 'operation', type: 'text', of: ({ kind }) => kind.operation },
  { name: 'client', type: 'text', of: ({ kind }) => kind.client },
  { name: 'outcome', type: 'text', of: ({ kind }) => kind.outcome },
  { name: 'final', type: 'boolean', of: ({ kind }) => kind.final },
];

const hourRollup: Rollup<HourDelta> = {
  table: 'rollup_hour',
  key: [{ name: 'hour', type: 'timestamptz', of: ({ hour }) => hour }, ...dimensions],
  sums: count,
};

const dayRollup: Rollup<HourDelta> = {
  table: 'rollup_day',
  key: [{ name: 'day', type: 'date', of: ({ day }) => day }, ...dimensions],
  sums: count,
};

const month: Column<{ kind: KindDelta }> = { name: 'month', type: 'date', of: ({ kind }) => kind.month };
const agency: Column<{ agency: string }> = { name: 'agency', type: 'text', of: (delta) => delta.agency };
const procedure: Column<{ procedure: string }> = { name: 'procedure', type: 'text', of: (delta) => delta.procedure };
const without = (...names: string[]) => dimensions.filter(({ name }) => !names.includes(name));

const monthRollup: Rollup<MonthDelta> = {
  table: 'rollup_month',
  key: [month, ...dimensions, agency, procedure],
  sums: count,
};

const serviceRollup: Rollup<ServiceDelta> = {
  table: 'rollup_month_services',
  key: [month, ...without('final'), procedure],
  sums: count,
};

const agencyRollup: Rollup<AgencyDelta> = {
  table: 'rollup_month_agencies',
  key: [month, ...without('operation', 'outcome', 'final'), agency],
  sums: outcomes.map((outcome) => ({
    name: outcome.replace('-', '_'),
    type: 'bigint',
    of: ({ byOutcome }) => byOutcome[outcome],
  })),
};

const durationRollup: Rollup<DurationDelta> = {
  table: 'rollup_duration',
  key: [
    { name: 'day', type: 'date', of: ({ day }) => day },
    { name: 'environment', type: 'text', of: ({ kind }) => kind.environment },
    { name: 'system', type: 'text', of: ({ kind }) => kind.system },
    { name: 'operation', type: 'text', of: ({ kind }) => kind.operation },
    { name: 'bucket', type: 'smallint', of: ({ bucket }) => bucket },
  ],
  sums: count,
};

/** Adds what changed to every rollup; what comes down to nothing is taken out, so that only what there is has a row. */
export async function applyDeltas(sql: Sql, deltas: RollupDeltas): Promise<void> {
  const { hours, months, services, agencies, durations } = deltas;
  await addTo(sql, hourRollup, hours);
  const days = daysOf(hours);
  await addTo(sql, dayRollup, days);
  await sql.run(`set local lgsp.month_sums = 'given'`); // Else the database would derive services and agencies itself.
  await addTo(sql, monthRollup, months);
  await addTo(sql, serviceRollup, services);
  await addTo(sql, agencyRollup, agencies);
  await addTo(sql, durationRollup, durations);
  await tidy(sql, hourRollup, hours);
  await tidy(sql, dayRollup, days);
  await tidy(sql, monthRollup, months);
  await tidy(sql, durationRollup, durations);
}

/** @param deltas that differ in their key */
async function addTo<T>(sql: Sql, { table, key, sums }: Rollup<T>, deltas: readonly T[]): Promise<void> {
  if (deltas.length === 0) return;
  const columns = [...key, ...sums];
  const names = columns.map(({ name }) => name).join(', ');
  await sql.query(
    `insert into ${table} (${names}) select ${names} from ${unnest(columns, 'deltas')}
     on conflict (${key.map(({ name }) => name).join(', ')})
       do update set ${sums.map(({ name }) => `${name} = ${table}.${name} + excluded.${name}`).join(', ')}`,
    arraysOf(columns, deltas),
  );
}

/** Takes out what has become less and is nothing now. */
async function tidy<T extends { count: number }>(
  sql: Sql,
  { table, key }: Rollup<T>,
  deltas: readonly T[],
): Promise<void> {
  const lessened = deltas.filter((delta) => delta.count < 0);
  if (lessened.length === 0) return;
  const same = key.map(({ name }) => `${table}.${name} = deltas.${name}`).join(' and ');
  await sql.query(
    `delete from ${table} using ${unnest(key, 'deltas')} where ${same} and ${table}.count = 0`,
    arraysOf(key, lessened),
  );
}

/** What hours have, by day. */
function daysOf(hours: readonly HourDelta[]): HourDelta[] {
  const days = new Map<string, Map<KindDelta, HourDelta>>();
  for (const delta of hours) {
    let ofDay = days.get(delta.day);
    if (!ofDay) days.set(delta.day, (ofDay = new Map<KindDelta, HourDelta>()));
    const known = ofDay.get(delta.kind);
    if (known) known.count += delta.count;
    else ofDay.set(delta.kind, { ...delta });
  }
  return [...days.values()].flatMap((ofDay) => [...ofDay.values()]).filter(({ count }) => count !== 0);
}
