import type { Outcome } from '#lgsp/errors';
import type { Sql } from '../store/database';
import type { RollupDeltas } from './rollup.deltas';
import { isConflict, type RowChange } from './row.change';
import { insertRows, rowParameters, updateRows } from './row.statements';

/** A row as it is counted before it changes. */
interface Standing {
  id: string;
  at: number;
  environment: string;
  client: string;
  agency: string | null;
  procedure: string | null;
  system: string;
  operation: string;
  outcome: Outcome;
  final: boolean;
  answeredAt: number | null;
}

/**
 * Writes rows, new ones and changed ones, and notes what that does to the counts.
 * @returns those that contradict a row which is final: it stays as it is
 */
export async function writeRows(sql: Sql, rows: readonly RowChange[], deltas: RollupDeltas): Promise<RowChange[]> {
  if (rows.length === 0) return [];
  const there = await sql.query<{ id: string }>(insertRows, rowParameters(rows));
  if (there.length === 0) {
    deltas.addRows(rows);
    return [];
  }
  const known = await standings(
    sql,
    there.map(({ id }) => id),
  );
  deltas.addRows(rows.filter(({ id }) => !known.has(id)));
  const changes: RowChange[] = [];
  const conflicts: RowChange[] = [];
  for (const row of rows) {
    const before = known.get(row.id);
    if (!before) continue;
    if (!before.final) {
      deltas.takeBack(before);
      changes.push(row);
    } else if (isConflict(before, row)) conflicts.push(row);
  }
  if (changes.length > 0) {
    await sql.query(updateRows, [...rowParameters(changes), ...bounds(changes)]);
    deltas.addRows(changes);
  }
  return conflicts;
}

async function standings(sql: Sql, ids: readonly string[]): Promise<Map<string, Standing>> {
  // All that follows is by key: a plan that reads a month through would be a wrong guess.
  await sql.run('set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off');
  const rows = await sql.query<Standing>(
    `select id::text, (extract(epoch from at) * 1000)::bigint as at, environment, client, agency, procedure, system, operation,
       outcome, final, (extract(epoch from answered_at) * 1000)::bigint as "answeredAt"
     from transactions where id = any($1::uuid[])`,
    [`{${ids.join(',')}}`],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function bounds(rows: readonly RowChange[]): [string, string] {
  let first = rows[0]!.id;
  let last = first;
  for (const { id } of rows) {
    if (id < first) first = id;
    if (id > last) last = id;
  }
  return [first, last];
}
