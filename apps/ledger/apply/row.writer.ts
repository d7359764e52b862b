import type { Sql, TransactionSql } from '../store/database';
import type { CountedChange, CountedRow } from './rollup.deltas';
import { isConflict, type RowChange } from './row.change';
import {
  binaryOf,
  copyTarget,
  furtherParameters,
  idBounds,
  noteFurther,
  updateParameters,
  updateRows,
} from './row.statements';

/** A row as it is counted before it changes. */
interface Standing extends CountedRow {
  id: string;
}

/** Rows by what is to become of them. */
export interface ClassifiedRows {
  fresh: readonly RowChange[];
  changed: CountedChange[];
  /** Those of a row which is final: it stays as it is, and notes where they stand. */
  further: RowChange[];
  /** Those of them that contradict it. */
  conflicts: RowChange[];
}

/**
 * Tells new rows from those that are there and change.
 * @param lookUp which rows may be there already; of the others one that is there is an error of the database once it is written
 */
export async function classifyRows(
  sql: Sql,
  rows: readonly RowChange[],
  lookUp: (row: RowChange) => boolean,
): Promise<ClassifiedRows> {
  const known = await standings(sql, rows.filter(lookUp));
  const classified: ClassifiedRows = { fresh: rows, changed: [], further: [], conflicts: [] };
  if (known.size === 0) return classified;
  classified.fresh = rows.filter(({ id }) => !known.has(id));
  for (const row of rows) {
    const before = known.get(row.id);
    if (!before) continue;
    if (!before.final) classified.changed.push({ before, row });
    else {
      classified.further.push(row);
      if (isConflict(before, row)) classified.conflicts.push(row);
    }
  }
  return classified;
}

/** All of the new rows are on their way when it returns its promise. */
export async function writeRows(sql: TransactionSql, { fresh, changed, further }: ClassifiedRows): Promise<void> {
  if (fresh.length > 0) await sql.copy(copyTarget, binaryOf(fresh));
  if (changed.length > 0) await sql.query(updateRows, updateParameters(changed.map(({ row }) => row)));
  if (further.length > 0) await sql.query(noteFurther, furtherParameters(further));
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
