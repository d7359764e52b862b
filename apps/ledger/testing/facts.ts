import { transactionIdAt, type Environment, type Period, type ReportGroup } from '#lgsp/records';
import { startOfDay } from '#lgsp/vietnam';
import { firstDayOf, monthOf } from '../reports/report.period';
import type { Sql } from '../store/database';

/** So many transactions of one day that have everything else in common: what a naive report counts. */
export interface Fact {
  day: string;
  environment: Environment;
  system: string;
  operation: string;
  client: string;
  agency: string;
  procedure: string;
  outcome: string;
  final: boolean;
  count: number;
}

const byDay = ['environment', 'system', 'operation', 'client', 'outcome', 'final'] as const;
const byMonth = [...byDay, 'agency', 'procedure'] as const;

/** Enters facts as the ledger enters records: rows, and what is counted as they are written. @param withRows also the rows */
export async function enterFacts(sql: Sql, facts: readonly Fact[], withRows = true): Promise<void> {
  const days = facts.map((fact) => ({ ...fact, time: fact.day }));
  const months = facts.map((fact) => ({ ...fact, time: firstDayOf(monthOf(fact.day)) }));
  for (const fact of days) await count(sql, 'rollup_day', 'day', byDay, fact);
  for (const fact of months) await count(sql, 'rollup_month', 'month', byMonth, fact);
  if (withRows) for (const fact of facts) await enterRows(sql, fact);
}

type Timed = Fact & { time: string };

async function count(
  sql: Sql,
  table: string,
  time: string,
  columns: readonly (keyof Fact)[],
  fact: Timed,
): Promise<void> {
  const key = [time, ...columns].join(', ');
  const places = columns.map((_, nth) => `$${nth + 3}`).join(', ');
  await sql.query(
    `insert into ${table} (count, ${key}) values ($1, $2, ${places})
     on conflict (${key}) do update set count = ${table}.count + excluded.count`,
    [fact.count, fact.time, ...columns.map((column) => fact[column])],
  );
}

let made = 0;

async function enterRows(sql: Sql, fact: Fact): Promise<void> {
  // Spread over the day, from its first millisecond to its last.
  const first = startOfDay(fact.day);
  const times = Array.from({ length: fact.count }, (_, nth) => first + (nth % 2 === 0 ? 0 : 86_399_999));
  const ids = times.map((time) => {
    const random = Buffer.alloc(8);
    random.writeUInt32BE(++made, 4);
    return transactionIdAt(time, 0, random);
  });
  const { environment, client, agency, procedure, system, operation, outcome, final } = fact;
  await sql.query(
    `insert into transactions (id, at, environment, client, agency, procedure, system, operation, version, kind, mode,
       outcome, final, request_bytes, salt, request_hash, trace, recorder, first_sequence, last_sequence)
     select id, now(), $2, $3, nullif($4, ''), nullif($5, ''), $6, $7, '1.0.0', 'query', 'sync', $8, $9, 1, '', '', '', 'r', 1, 1
     from unnest($1::uuid[]) id`,
    [ids, environment, client, agency, procedure, system, operation, outcome, final],
  );
}

/** What a report would say, counted one by one: the sum for each value of the groups. */
export function countFacts(
  facts: readonly Fact[],
  { from, to }: Period,
  groupBy: readonly ReportGroup[],
  scope: { environment: Environment; client?: string },
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const fact of facts) {
    if (fact.day < from || fact.day > to || fact.environment !== scope.environment) continue;
    if (scope.client !== undefined && fact.client !== scope.client) continue;
    const valued = { ...fact, month: monthOf(fact.day) };
    const key = JSON.stringify(groupBy.map((group) => valued[group] || null));
    sums.set(key, (sums.get(key) ?? 0) + fact.count);
  }
  return sums;
}
