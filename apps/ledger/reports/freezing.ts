import { Inject, Injectable } from '@nestjs/common';
import { DurableLog } from '#lgsp/bus';
import { BusError, type Language, type Text } from '#lgsp/errors';
import type { Environment, FreezeRequest, FrozenMonth } from '#lgsp/records';
import { monthsAfter, nowInVietnam, startOfDay } from '#lgsp/vietnam';
import { Database, type Sql } from '../store/database';
import { fault } from './report.faults';
import { firstDayOf, monthOf } from './report.period';

/** How long after its end a month can be frozen, in minutes: the last calls of its last minute have been recorded then. */
const settleMinutes = 10;

/**
 * Months whose figures change no more, because they were reported: they are copied, and every later report reads the copy.
 * What comes after, as a late record or the outcome of a command that was open, stays visible beside it. Nothing is ever
 * unfrozen: a figure that was handed in is corrected by a later report that says so.
 */
@Injectable()
export class Freezing {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DurableLog) private readonly stream: DurableLog,
  ) {}

  /**
   * Freezes a month; one that is frozen already stays as it is.
   * @throws BusError `invalid-request`; `ledger-unavailable` while records of the month may still be on their way
   */
  async freeze(request: FreezeRequest, language: Language = 'en', now = new Date()): Promise<FrozenMonth> {
    const { month, environment = 'production', by } = request;
    if (now.getTime() < startOfDay(firstDayOf(monthsAfter(month, 1))) + settleMinutes * 60_000)
      throw fault('month', 'month-over', language, settleMinutes);
    const batches = await this.behind();
    if (batches > 0) throw new BusError('ledger-unavailable', { detail: stillEntering(batches), retryAfterMs: 5_000 });
    await this.database.transaction(async (sql) => {
      // Before the first question: the snapshot in which day, month and duration agree is taken after the lock.
      await sql.run('set transaction isolation level repeatable read; lock table frozen_months in exclusive mode');
      if ((await frozenMonths(sql, environment, month)).length > 0) return;
      await copy(sql, environment, month, by, now);
      const [frozen] = await frozenMonths(sql, environment, month);
      if (frozen!.frozen.count === 0) throw fault('month', 'month-empty', language);
    });
    const [frozen] = await frozenMonths(this.database, environment, month);
    return frozen!;
  }

  /** How many batches of the stream the book does not hold yet. */
  private async behind(): Promise<number> {
    const { last } = await this.stream.state();
    const [applied] = await this.database.query<{ sequence: number }>('select sequence from applied');
    return last - (applied?.sequence ?? 0);
  }

  /** Every frozen month, with what the book says now. */
  list(environment: Environment = 'production'): Promise<FrozenMonth[]> {
    return frozenMonths(this.database, environment);
  }
}

async function copy(sql: Sql, environment: Environment, month: string, by: string, now: Date): Promise<void> {
  const bounds = [environment, firstDayOf(month), firstDayOf(monthsAfter(month, 1))];
  await sql.query('insert into frozen_months (month, environment, frozen_at, frozen_by) values ($1, $2, $3, $4)', [
    firstDayOf(month),
    environment,
    now,
    by,
  ]);
  for (const [table, time] of countedTables) {
    await sql.query(
      `insert into frozen_${table} select * from rollup_${table} where environment = $1 and ${time} >= $2 and ${time} < $3`,
      bounds,
    );
  }
}

/** What is counted as rows are written, by day or by month (store/migrations). */
const countedTables = [
  ['day', 'day'],
  ['duration', 'day'],
  ['month', 'month'],
  ['month_services', 'month'],
  ['month_agencies', 'month'],
  ['month_duration', 'month'],
] as const;

interface FrozenLine {
  month: string;
  frozen_at: Date;
  frozen_by: string;
  count: number;
  open: number;
  count_now: number;
  open_now: number;
}

async function frozenMonths(sql: Sql, environment: Environment, month?: string): Promise<FrozenMonth[]> {
  const counted = (table: string): string => `
    select coalesce(sum(count), 0)::bigint as count, coalesce(sum(count) filter (where not final), 0)::bigint as open
    from ${table} where environment = marks.environment and day >= marks.month and day < marks.month + interval '1 month'`;
  const lines = await sql.query<FrozenLine>(
    `select marks.month, frozen_at, frozen_by, kept.count, kept.open, present.count as count_now, present.open as open_now
     from frozen_months marks
     cross join lateral (${counted('frozen_day')}) kept
     cross join lateral (${counted('rollup_day')}) present
     where environment = $1 and ($2::date is null or marks.month = $2) order by marks.month`,
    [environment, month === undefined ? null : firstDayOf(month)],
  );
  return lines.map((line) => ({
    month: monthOf(line.month),
    environment,
    frozenAt: nowInVietnam(line.frozen_at),
    frozenBy: line.frozen_by,
    frozen: { count: line.count, open: line.open },
    now: { count: line.count_now, open: line.open_now },
  }));
}

const stillEntering = (batches: number): Text => ({
  en: `the ledger has ${batches} batches to enter before a month can be frozen`,
  vi: `sổ giao dịch còn ${batches} lô chưa ghi xong nên chưa chốt được tháng`,
});
