import { todayInVietnam } from '#lgsp/vietnam';
import type { Sql } from '../store/database';
import { arraysOf, unnest, type Column } from '../store/sql.arrays';
import type { CountDelta, DurationDelta, RollupDeltas } from './rollup.deltas';

interface Rollup<T extends { count: number }> {
  table: string;
  /** Its primary key. */
  key: readonly Column<T>[];
}

/** An hour as the tables name it, its day and its month. */
interface HourNames {
  hour: string;
  day: string;
  month: string;
}

/** Few hours come again and again, and a calendar is slow. */
const hourNames = new Map<number, HourNames>();
const hourNamesMax = 10_000;

function namesOf({ hour: ms }: { hour: number }): HourNames {
  const known = hourNames.get(ms);
  if (known) return known;
  if (hourNames.size >= hourNamesMax) hourNames.clear();
  const day = todayInVietnam(new Date(ms));
  const made = { hour: new Date(ms).toISOString(), day, month: `${day.slice(0, 7)}-01` };
  hourNames.set(ms, made);
  return made;
}

const dimensions: readonly Column<CountDelta>[] = [
  { name: 'environment', type: 'text', of: ({ environment }) => environment },
  { name: 'system', type: 'text', of: ({ system }) => system },
  { name: 'operation', type: 'text', of: ({ operation }) => operation },
  { name: 'client', type: 'text', of: ({ client }) => client },
  { name: 'outcome', type: 'text', of: ({ outcome }) => outcome },
  { name: 'final', type: 'boolean', of: ({ final }) => final },
];

const hourRollup: Rollup<CountDelta> = {
  table: 'rollup_hour',
  key: [{ name: 'hour', type: 'timestamptz', of: (delta) => namesOf(delta).hour }, ...dimensions],
};

const dayRollup: Rollup<CountDelta> = {
  table: 'rollup_day',
  key: [{ name: 'day', type: 'date', of: (delta) => namesOf(delta).day }, ...dimensions],
};

const monthRollup: Rollup<CountDelta> = {
  table: 'rollup_month',
  key: [
    { name: 'month', type: 'date', of: (delta) => namesOf(delta).month },
    ...dimensions,
    { name: 'agency', type: 'text', of: ({ agency }) => agency ?? '' },
    { name: 'procedure', type: 'text', of: ({ procedure }) => procedure ?? '' },
  ],
};

const durationRollup: Rollup<DurationDelta> = {
  table: 'rollup_duration',
  key: [
    { name: 'day', type: 'date', of: (delta) => namesOf(delta).day },
    { name: 'environment', type: 'text', of: ({ environment }) => environment },
    { name: 'system', type: 'text', of: ({ system }) => system },
    { name: 'operation', type: 'text', of: ({ operation }) => operation },
    { name: 'bucket', type: 'smallint', of: ({ bucket }) => bucket },
  ],
};

/** Adds what changed to every rollup; what comes down to nothing is taken out, so that only what there is has a row. */
export async function applyDeltas(sql: Sql, deltas: RollupDeltas): Promise<void> {
  const { counts, durations } = deltas;
  const hours = await applyTo(sql, hourRollup, counts);
  await applyTo(sql, dayRollup, hours); // Days have what hours have, which are fewer than the counts by then.
  await applyTo(sql, monthRollup, counts);
  await applyTo(sql, durationRollup, durations);
}

/** @returns the sums that were added */
async function applyTo<T extends { count: number }>(
  sql: Sql,
  { table, key }: Rollup<T>,
  deltas: readonly T[],
): Promise<T[]> {
  const sums = sumsBy(key, deltas);
  if (sums.length === 0) return sums;
  const names = key.map(({ name }) => name).join(', ');
  const columns: Column<T>[] = [...key, { name: 'count', type: 'bigint', of: ({ count }) => count }];
  await sql.query(
    `insert into ${table} (${names}, count) select ${names}, count from ${unnest(columns, 'deltas')}
     on conflict (${names}) do update set count = ${table}.count + excluded.count`,
    arraysOf(columns, sums),
  );
  const lessened = sums.filter(({ count }) => count < 0);
  if (lessened.length === 0) return sums;
  const same = key.map(({ name }) => `${table}.${name} = deltas.${name}`).join(' and ');
  await sql.query(
    `delete from ${table} using ${unnest(key, 'deltas')} where ${same} and ${table}.count = 0`,
    arraysOf(key, lessened),
  );
  return sums;
}

/** Deltas that are the same to this rollup, as one. */
function sumsBy<T extends { count: number }>(key: readonly Column<T>[], deltas: readonly T[]): T[] {
  const sums = new Map<string, T>();
  for (const delta of deltas) {
    let text = '';
    for (const { of } of key) text += `${String(of(delta))}\0`;
    const known = sums.get(text);
    if (known) known.count += delta.count;
    else sums.set(text, { ...delta });
  }
  return [...sums.values()].filter(({ count }) => count !== 0);
}
