import { transactionIdAt } from '#lgsp/records';
import { monthsAfter } from '#lgsp/vietnam';
import type { Sql } from './database';
import { dateOf, monthOfPartition, partitionOf, startOf, type Month } from './month';

/**
 * The monthly tables of `transactions`. A month is made when it is first needed, in the transaction that needs it; there is no
 * table for all other months, which would swallow what belongs to none.
 */
export class Partitions {
  private constructor(private readonly known: Set<Month>) {}

  static async load(sql: Sql): Promise<Partitions> {
    const rows = await sql.query<{ name: string }>(
      `select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
       where inhparent = 'transactions'::regclass`,
    );
    return new Partitions(new Set(rows.map(({ name }) => monthOfPartition(name))));
  }

  /** Makes those that are missing. @returns what to call when the transaction is committed */
  async ensure(sql: Sql, months: Iterable<Month>): Promise<() => void> {
    const missing = [...new Set(months)].filter((month) => !this.known.has(month));
    for (const month of missing) await createPartition(sql, month);
    return () => missing.forEach((month) => this.known.add(month));
  }

  /** To be called when a month's table is gone. */
  forget(month: Month): void {
    this.known.delete(month);
  }
}

/** Makes the table of a month. Made alone and attached then, so that nobody who reads others has to wait. */
async function createPartition(sql: Sql, month: Month): Promise<void> {
  const table = partitionOf(month);
  const bounds = [startOf(month), startOf(monthsAfter(month, 1))].map((ms) => `('${transactionIdAt(ms)}')`);
  await sql.run(`create table ${table} (like transactions including defaults including constraints);
    alter table transactions attach partition ${table} for values from ${bounds[0]} to ${bounds[1]}`);
  await noteChange(sql, [month]);
}

/** Notes that rows of these months were written, so that they are not archived while they still change. */
export async function noteChange(sql: Sql, months: Iterable<Month>): Promise<void> {
  await sql.query(
    `insert into months (month, changed_at) select unnest($1::date[]), now()
     on conflict (month) do update set changed_at = excluded.changed_at`,
    [[...months].map(dateOf)],
  );
}
