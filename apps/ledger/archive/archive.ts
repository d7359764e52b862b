import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#lgsp/telemetry';
import type { BookWriter } from '../apply/book.writer';
import { monthsAfter } from '#lgsp/vietnam';
import type { Database, Sql } from '../store/database';
import { dateOf, monthOf, monthOfDate, partitionOf, type Month } from '../store/month';
import { monthFileName, readMonthFile, writeMonthFile } from './month.file';

export interface ArchiveOptions {
  /** Where the files lie. */
  folder: string;
  /** How many closed months stay in the database beside the current one. */
  onlineMonths: number;
  /** How long a month must have been without a change, in milliseconds. */
  quietMs?: number;
}

/** A month as it stands in the database, to see whether it changed while it was exported. */
interface State {
  transactions: number;
  open: number;
  newest: number | null;
}

/** So that a month that is loaded, or was brought back, stays while somebody works with it. */
const quietMsDefault = 7 * 86_400_000;
const pageRows = 5_000;

/** Puts old months into files, and brings them back. What was counted of them stays in the book. */
export class Archive {
  constructor(
    private readonly database: Database,
    private readonly options: ArchiveOptions,
    private readonly log: Logger,
  ) {}

  /** Months that are old enough and have been quiet, oldest first. */
  async due(now = Date.now()): Promise<Month[]> {
    const { onlineMonths, quietMs = quietMsDefault } = this.options;
    const rows = await this.database.query<{ month: string }>(
      'select month from months where month < $1 and changed_at <= $2 order by month',
      [dateOf(monthsAfter(monthOf(now), -onlineMonths)), new Date(now - quietMs).toISOString()],
    );
    return rows.map(({ month }) => monthOfDate(month));
  }

  /**
   * Archives what is due, unless the stream may still hold something of it.
   * @returns the months that are in files now
   */
  async run(book: BookWriter, signal?: AbortSignal): Promise<Month[]> {
    if (book.isBehind) return [];
    const archived: Month[] = [];
    for (const month of await this.due()) {
      if (signal?.aborted) break;
      if (await this.archive(book, month)) archived.push(month);
    }
    return archived;
  }

  /** @returns false when something of the month is open, or changed meanwhile: then it stays until the next time */
  async archive(book: BookWriter, month: Month): Promise<boolean> {
    const before = await stateOf(this.database, month);
    if (before.open > 0) {
      this.log.warn({ month, open: before.open }, 'a month is not archived while some of its transactions are open');
      return false;
    }
    const written = await writeMonthFile(this.options.folder, month, before.transactions, this.rowsOf(month));
    const read = await readMonthFile(written.path);
    if (read.rows !== written.rows) throw new Error(`${written.path} does not read back as it was written`);
    const dropped = await book.alone(
      (sql) => this.drop(sql, month, before, read.sha256, book.position),
      (isDropped) => {
        if (!isDropped) return;
        book.partitions.forget(month);
        book.archived.set(month, book.position);
      },
    );
    if (!dropped) {
      await rm(written.path);
      this.log.info({ month }, 'a month changed while it was archived: it stays');
      return false;
    }
    this.log.info({ month, transactions: before.transactions, file: written.path }, 'a month is archived');
    return true;
  }

  /**
   * Brings a month back from its file. It stays online for as long as a month that has changed does.
   * @param path the file, when it does not lie where it was written
   * @throws Error when the month is not archived, or the file is not the one that was written
   */
  async restore(book: BookWriter, month: Month, path?: string): Promise<number> {
    const [row] = await this.database.query<{ file: string; sha256: string; transactions: number }>(
      'select file, sha256, transactions from archived_months where month = $1',
      [dateOf(month)],
    );
    if (!row) throw new Error(`the month ${month} is not archived`);
    const file = path ?? join(this.options.folder, row.file);
    // Read through first: nothing is begun with a file that is not whole.
    const { sha256 } = await readMonthFile(file);
    if (sha256 !== row.sha256) throw new Error(`${file} is not the file that was written when ${month} was archived`);
    await book.alone(
      async (sql, whenCommitted) => {
        await sql.run('set local synchronous_commit = on');
        whenCommitted.push(await book.partitions.ensure(sql, [month]));
        await insertRows(sql, file);
        const { transactions } = await stateOf(sql, month);
        if (transactions !== row.transactions)
          throw new Error(`${transactions} rows were brought back of ${row.transactions}`);
        await sql.query('delete from archived_months where month = $1', [dateOf(month)]);
      },
      () => book.archived.delete(month),
    );
    this.log.info({ month, transactions: row.transactions }, 'a month is online again');
    return row.transactions;
  }

  private async *rowsOf(month: Month): AsyncGenerator<string> {
    let last = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows = await this.database.query<{ id: string; line: string }>(
        `select id::text, row_to_json(rows)::text as line from ${partitionOf(month)} rows
         where id > $1 order by id limit ${pageRows}`,
        [last],
      );
      for (const { line } of rows) yield line;
      if (rows.length < pageRows) return;
      last = rows.at(-1)!.id;
    }
  }

  /** Drops the table, in the transaction that notes the file, unless it is another than was exported. */
  private async drop(sql: Sql, month: Month, exported: State, sha256: string, position: number): Promise<boolean> {
    // Whoever reads this month now is waited for, but not for long: nothing is applied meanwhile.
    await sql.run(`set local synchronous_commit = on; set local lock_timeout = '3s'`);
    await sql.run(`lock table ${partitionOf(month)} in access exclusive mode`);
    const now = await stateOf(sql, month);
    if (now.transactions !== exported.transactions || now.newest !== exported.newest) return false;
    await sql.query(
      `insert into archived_months (month, file, sha256, transactions, sequence, archived_at)
       values ($1, $2, $3, $4, $5, now())`,
      [dateOf(month), monthFileName(month), sha256, now.transactions, position],
    );
    await sql.run(`drop table ${partitionOf(month)}`);
    await sql.query('delete from months where month = $1', [dateOf(month)]);
    return true;
  }
}

async function stateOf(sql: Sql, month: Month): Promise<State> {
  const [state] = await sql.query<State>(
    `select count(*) as transactions, count(*) filter (where not final) as open, max(last_sequence) as newest
     from ${partitionOf(month)}`,
  );
  return state!;
}

async function insertRows(sql: Sql, file: string): Promise<void> {
  let page: string[] = [];
  const insert = async (): Promise<void> => {
    const rows = `[${page.join(',')}]`;
    page = [];
    await sql.query('insert into transactions select * from json_populate_recordset(null::transactions, $1::json)', [
      rows,
    ]);
  };
  await readMonthFile(file, async (line) => {
    page.push(line);
    if (page.length >= pageRows) await insert();
  });
  if (page.length > 0) await insert();
}
