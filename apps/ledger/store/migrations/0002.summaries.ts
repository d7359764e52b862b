import { outcomes } from '#lgsp/errors';

/**
 * What a report of months reads: smaller sums of `rollup_month`, which has a row for nearly every few transactions, and of
 * `rollup_duration`. The database derives them itself as those change, in the same statement, so that they cannot differ
 * from them, whoever writes. A table for each kind of report: all but agencies; agencies by system, with a column for each
 * outcome; durations by month.
 */
const outcomeColumns = outcomes.map((outcome) => outcome.replace('-', '_'));

const tables = ['rollup', 'frozen'].map(
  (kind) => `
create table ${kind}_month_services (
  month date not null,
  environment text not null,
  client text not null,
  system text not null,
  operation text not null,
  procedure text not null,
  outcome text not null,
  count bigint not null,
  primary key (month, environment, client, system, operation, procedure, outcome)
);
create table ${kind}_month_agencies (
  month date not null,
  environment text not null,
  client text not null,
  agency text not null,
  system text not null,
  ${outcomeColumns.map((name) => `${name} bigint not null`).join(',\n  ')},
  primary key (month, environment, client, agency, system)
);
create table ${kind}_month_duration (
  month date not null,
  environment text not null,
  system text not null,
  bucket smallint not null,
  count bigint not null,
  primary key (month, environment, system, bucket)
);`,
);

/** Adds changes, rows of the table above with what their count grew by, to the sums. */
const addToMonths = (changes: string): string => `
  insert into rollup_month_services as kept
    select month, environment, client, system, operation, procedure, outcome, sum(count)
    from (${changes}) changes group by 1, 2, 3, 4, 5, 6, 7
    on conflict (month, environment, client, system, operation, procedure, outcome)
      do update set count = kept.count + excluded.count;
  insert into rollup_month_agencies as kept
    select month, environment, client, agency, system,
      ${outcomes.map((outcome) => `coalesce(sum(count) filter (where outcome = '${outcome}'), 0)`).join(',\n      ')}
    from (${changes}) changes group by 1, 2, 3, 4, 5
    on conflict (month, environment, client, agency, system)
      do update set ${outcomeColumns.map((name) => `${name} = kept.${name} + excluded.${name}`).join(', ')};`;

const addToDurations = (changes: string): string => `
  insert into rollup_month_duration as kept
    select date_trunc('month', day)::date, environment, system, bucket, sum(count)
    from (${changes}) changes group by 1, 2, 3, 4
    on conflict (month, environment, system, bucket) do update set count = kept.count + excluded.count;`;

/** What was counted in a table's new rows, and no longer in its old ones. */
const grown = (columns: string): string => `select ${columns}, count from new_rows`;
const shrunk = (columns: string): string => `select ${columns}, -count from old_rows`;

function derive(table: string, columns: string, add: (changes: string) => string, derived: readonly string[]): string {
  const events = [
    ['insert', 'new table as new_rows', add(grown(columns))],
    ['update', 'new table as new_rows old table as old_rows', add(`${grown(columns)} union all ${shrunk(columns)}`)],
    ['delete', 'old table as old_rows', add(shrunk(columns).replace('-count', '-count as count'))],
  ] as const;
  const triggers = events.map(
    ([event, transition, body]) => `
create function ${table}_${event}() returns trigger language plpgsql as $$ begin ${body}
  return null;
end $$;
create trigger summarize_${event} after ${event} on ${table} referencing ${transition}
  for each statement execute function ${table}_${event}();`,
  );
  return `${triggers.join('')}
create function ${table}_truncate() returns trigger language plpgsql as $$ begin
  ${derived.map((name) => `delete from ${name};`).join('\n  ')}
  return null;
end $$;
create trigger summarize_truncate after truncate on ${table} for each statement execute function ${table}_truncate();`;
}

export const summaries = [
  ...tables,
  derive('rollup_month', 'month, environment, system, operation, client, agency, procedure, outcome', addToMonths, [
    'rollup_month_services',
    'rollup_month_agencies',
  ]),
  derive('rollup_duration', 'day, environment, system, bucket', addToDurations, ['rollup_month_duration']),
].join('\n');
