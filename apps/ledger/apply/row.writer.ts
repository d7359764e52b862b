import type { Sql, TransactionSql } from '../store/database';
import type { CountedRow, RollupDeltas } from './rollup.deltas';
import { isConflict, type RowChange } from './row.change';
import { binaryOf, copyTarget, idBounds, updateParameters, updateRows } from './row.statements';

/** A row as it is counted before it changes. */
interface Standing extends CountedRow {
  id: string;
}

/**
 * Writes rows, new ones and changed ones, and notes what that does to the counts.
 * @param lookUp which rows may be there already; of the others one that is there is an error of the database
 * @returns those that contradict a row which is final: it stays as it is
 */
export async function writeRows(
  sql: TransactionSql,
  rows: readonly RowChange[],
  deltas: RollupDeltas,
  lookUp: (row: RowChange) => boolean,
): Promise<RowChange[]> {
  const known = await standings(sql, rows.filter(lookUp));
  const fresh = known.size === 0 ? rows : rows.filter(({ id }) => !known.has(id));
  if (fresh.length > 0) await sql.copy(copyTarget, binaryOf(fresh));
  for (const row of fresh) deltas.addRow(row);
  if (known.size === 0) return [];
  const changes: RowChange[] = [];
  const conflicts: RowChange[] = [];
  for (const row of rows) {
    const before = known.get(row.id);
    if (!before) continue;
    if (!before.final) {
      deltas.takeBack(before);
      deltas.addRow(row);
      changes.push(row);
    } else if (isConflict(before, row)) conflicts.push(row);
  }
  if (changes.length > 0) await sql.query(updateRows, updateParameters(changes));
  return conflicts;
}

async function standings(sql: Sql, wanted: readonly RowChange[]): Promise<Map<string, Standing>> {
  if (wanted.length === 0) return new Map();
  // All that follows is by key: a plan that reads a month through would be a wrong guess.
  await sql.run('set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off');
  const rows = await sql.query<Standing>(
    `select id::text, (extract(epoch from at) * 1000)::bigint as at, environment, client, agency, procedure, system, operation,
       outcome, final, (extract(epoch from answered_at) * 1000)::bigint as "answeredAt"
     from transactions where id = any($1::uuid[]) and id between $2 and $3`,
    [`{${wanted.map(({ id }) => id).join(',')}}`, ...idBounds(wanted)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
