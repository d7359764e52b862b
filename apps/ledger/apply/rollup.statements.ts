import { outcomes } from '#lgsp/errors';
import type { Sql } from '../store/database';
import { arraysOf, unnest, unnestWithPlaces, type Column } from '../store/sql.arrays';
import type {
  AgencyDelta,
  DayDelta,
  DurationDelta,
  HourDelta,
  KindDelta,
  MonthDelta,
  RollupDeltas,
  ServiceDelta,
} from './rollup.deltas';

/** A table of counts. Its primary key is some of what kinds are told apart by, and columns of its own. */
interface Rollup<T> {
  table: string;
  ofKind: readonly (keyof KindDelta)[];
  own: readonly Column<T>[];
  /** What is added up. */
  sums: readonly Column<T>[];
}

const kindColumns: readonly Column<KindDelta>[] = [
  { name: 'month', type: 'date', of: ({ month }) => month },
  { name: 'environment', type: 'text', of: ({ environment }) => environment },
  { name: 'system', type: 'text', of: ({ system }) => system },
  { name: 'operation', type: 'text', of: ({ operation }) => operation },
  { name: 'client', type: 'text', of: ({ client }) => client },
  { name: 'outcome', type: 'text', of: ({ outcome }) => outcome },
  { name: 'final', type: 'boolean', of: ({ final }) => final },
];

const kind: Column<{ kind: number }> = { name: 'kind', type: 'integer', of: (delta) => delta.kind };
const count: readonly Column<{ count: number }>[] = [{ name: 'count', type: 'bigint', of: (delta) => delta.count }];
const hour: Column<HourDelta> = { name: 'hour', type: 'timestamptz', of: (delta) => delta.hour };
const day: Column<{ day: string }> = { name: 'day', type: 'date', of: (delta) => delta.day };
const agency: Column<{ agency: string }> = { name: 'agency', type: 'text', of: (delta) => delta.agency };
const procedure: Column<{ procedure: string }> = { name: 'procedure', type: 'text', of: (delta) => delta.procedure };
const bucket: Column<DurationDelta> = { name: 'bucket', type: 'smallint', of: (delta) => delta.bucket };
const byOutcome = outcomes.map((outcome): Column<AgencyDelta> => {
  return { name: outcome.replace('-', '_'), type: 'bigint', of: (delta) => delta.byOutcome[outcome] };
});

const dimensions = ['environment', 'system', 'operation', 'client', 'outcome', 'final'] as const;

const hours: Rollup<HourDelta> = { table: 'rollup_hour', ofKind: dimensions, own: [hour], sums: count };
const days: Rollup<DayDelta> = { table: 'rollup_day', ofKind: dimensions, own: [day], sums: count };
const months: Rollup<MonthDelta> = {
  table: 'rollup_month',
  ofKind: ['month', ...dimensions],
  own: [agency, procedure],
  sums: count,
};
const services: Rollup<ServiceDelta> = {
  table: 'rollup_month_services',
  ofKind: ['month', 'environment', 'system', 'operation', 'client', 'outcome'],
  own: [procedure],
  sums: count,
};
const agencies: Rollup<AgencyDelta> = {
  table: 'rollup_month_agencies',
  ofKind: ['month', 'environment', 'system', 'client'],
  own: [agency],
  sums: byOutcome,
};
const durations: Rollup<DurationDelta> = {
  table: 'rollup_duration',
  ofKind: ['environment', 'system', 'operation'],
  own: [day, bucket],
  sums: count,
};

/** A statement with what it takes. */
interface Statement {
  text: string;
  parameters: string[];
}

/** What has to be said to the database for the counts to change. */
export function rollupStatements(deltas: RollupDeltas): Statement[] {
  const kinds = arraysOf(kindColumns, deltas.kinds);
  const added = new StatementByKinds(kinds);
  added.add(hours, deltas.hours);
  added.add(days, deltas.days);
  added.add(months, deltas.months);
  added.add(services, deltas.services);
  added.add(agencies, deltas.agencies);
  added.add(durations, deltas.durations);
  const tidied = new StatementByKinds(kinds);
  tidied.tidy(hours, deltas.hours);
  tidied.tidy(days, deltas.days);
  tidied.tidy(months, deltas.months);
  tidied.tidy(durations, deltas.durations);
  return [added, tidied].flatMap((statement) => statement.whole ?? []);
}

/** Adds what changed to every rollup; what comes down to nothing is taken out, so that only what there is has a row. */
export async function changeRollups(sql: Sql, statements: readonly Statement[]): Promise<void> {
  if (statements.length === 0) return;
  // Else the database would derive services and agencies itself. And kinds are joined by hash: there are too many changes for loops.
  await sql.run(`set local lgsp.month_sums = 'given'; set local enable_hashjoin = on`);
  for (const { text, parameters } of statements) await sql.query(text, parameters);
}

/**
 * Changes of several tables in one statement, each by itself. What a change is of is said once for all of them: a text for each
 * dimension of each change would be most of the work, here and there.
 */
class StatementByKinds {
  private readonly parts: string[] = [];
  private readonly parameters: string[];

  constructor(kinds: readonly string[]) {
    this.parameters = [...kinds];
  }

  /** Nothing when there is nothing to say. */
  get whole(): Statement | undefined {
    if (this.parts.length === 0) return undefined;
    const kinds = `kinds as materialized (select * from ${unnestWithPlaces(kindColumns, 'kinds')})`;
    return { text: `with ${[kinds, ...this.parts].join(', ')} select`, parameters: this.parameters };
  }

  /** @param deltas that differ in their key */
  add<T extends { kind: number }>({ table, ofKind, own, sums }: Rollup<T>, deltas: readonly T[]): void {
    if (deltas.length === 0) return;
    const given = this.given([...own, ...sums], deltas);
    const names = [...ofKind, ...own.map(({ name }) => name)];
    const added = sums.map(({ name }) => name);
    const all = [...names, ...added].join(', ');
    const sum = added.map((name) => `${name} = kept.${name} + excluded.${name}`).join(', ');
    this.parts.push(`${table}_added as (insert into ${table} as kept (${all}) select ${all} from ${given}
      on conflict (${names.join(', ')}) do update set ${sum})`);
  }

  /** Takes out what has become less and is nothing now. */
  tidy<T extends { kind: number; count: number }>({ table, ofKind, own }: Rollup<T>, deltas: readonly T[]): void {
    const lessened = deltas.filter((delta) => delta.count < 0);
    if (lessened.length === 0) return;
    const given = this.given(own, lessened);
    const same = [...ofKind, ...own.map(({ name }) => name)].map((name) => `kept.${name} = given.${name}`);
    this.parts.push(`${table}_tidied as (delete from ${table} as kept using (select * from ${given}) given
      where ${same.join(' and ')} and kept.count = 0)`);
  }

  /** The changes with what they are of. */
  private given<T extends { kind: number }>(own: readonly Column<T>[], deltas: readonly T[]): string {
    const columns = [kind, ...own];
    const from = this.parameters.length + 1;
    this.parameters.push(...arraysOf(columns, deltas));
    return `${unnest(columns, 'deltas', from)} join kinds on kinds.nth = deltas.kind + 1`;
  }
}
