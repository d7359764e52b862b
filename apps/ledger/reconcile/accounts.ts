import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DurableLog } from '#lgsp/bus';
import {
  accountDigest,
  accountLine,
  rollupDifferencesMax,
  transactionIdAt,
  type BookPosition,
  type BookTotals,
  type DayRequest,
  type DayTotals,
  type MonthTotals,
  type PositionRequest,
  type RowOfPage,
  type RowsPage,
  type RowsRequest,
} from '#lgsp/records';
import { daysAfter, monthsAfter, nowInVietnam, startOfDay, todayInVietnam } from '#lgsp/vietnam';
import { Database } from '../store/database';
import { dateOf, monthOfDate, startOf } from '../store/month';
import { idsOfDay, rowsAfter, rowsById, type AccountRow } from './account.rows';
import { compareRollup, type RollupComparison } from './rollup.comparison';

/** Rows that are read at once, and rows of a page: of 150 bytes each, so that every server carries it. */
const chunkRows = 4_000;
const pageRows = 5_000;
const pollMs = 100;
const faultsDefault = 100;
const firstId = transactionIdAt(0);

/** What the book says of itself, to be compared with the stream by somebody else. */
@Injectable()
export class Accounts {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DurableLog) private readonly stream: DurableLog,
  ) {}

  /** How far the book is, once it is far enough or the time is over. */
  async position({ through, withinMs }: PositionRequest): Promise<BookPosition> {
    for (const deadline = Date.now() + withinMs; ; await pause(pollMs)) {
      const [applied] = await this.database.query<BookPosition>(
        'select stream_created_at as stream, sequence as applied from applied',
      );
      const position = applied ?? { applied: 0, stream: (await this.stream.state()).createdAt };
      if (position.applied >= through || Date.now() >= deadline) return position;
    }
  }

  async totals(faultsMax = faultsDefault): Promise<BookTotals> {
    const [counts] = await this.database.query<Omit<BookTotals, 'faults'>>(
      `select (select count(*) from transactions) as rows,
         (select coalesce(sum(transactions), 0)::bigint from archived_months) as archived,
         (select coalesce(sum(count), 0)::bigint from rollup_day) as counted,
         (select count(*) from evidence_faults) as "faultCount"`,
    );
    const faults = await this.database.query<BookTotals['faults'][number]>(
      `select sequence as position, recorder, fault, detail, uncounted from evidence_faults order by sequence, fault limit $1`,
      [faultsMax],
    );
    return { ...counts!, ...(await this.days()), faults };
  }

  async day({ day, through }: DayRequest): Promise<DayTotals> {
    const hash = createHash('sha256');
    let rows = 0;
    let later = 0;
    for await (const row of this.rowsOf(day)) {
      if (row.first > through) later++;
      else {
        hash.update(accountLine(row.account.id, accountDigest(row.account), row));
        rows++;
      }
    }
    const next = daysAfter(day, 1);
    const ids = idsOfDay(day);
    const hours = [day, next].map((one) => nowInVietnam(new Date(startOfDay(one)))) as [string, string];
    const archived = await this.isArchived(monthOfDate(day));
    const rollups = archived
      ? undefined
      : [
          await compareRollup(this.database, 'hour', ids, hours),
          await compareRollup(this.database, 'day', ids, [day, next]),
          await compareRollup(this.database, 'duration', ids, [day, next]),
        ];
    const [byHour, byDay] = rollups ?? (await this.countedOf(day, hours));
    return {
      rows,
      hash: hash.digest('hex'),
      later,
      hours: byHour!.counted,
      days: byDay!.counted,
      archived,
      ...differencesOf(rollups ?? []),
    };
  }

  async month(month: string): Promise<MonthTotals> {
    const next = monthsAfter(month, 1);
    const ids = [transactionIdAt(startOf(month)), transactionIdAt(startOf(next))] as const;
    const compare = (rollup: 'month' | 'service' | 'agency') =>
      compareRollup(this.database, rollup, ids, [dateOf(month), dateOf(next)]);
    const compared = await compare('month');
    const [archived] = await this.database.query<{ transactions: number }>(
      'select transactions from archived_months where month = $1',
      [dateOf(month)],
    );
    if (archived)
      return { rows: archived.transactions, archived: true, counted: compared.counted, ...differencesOf([]) };
    const [{ rows } = { rows: 0 }] = await this.database.query<{ rows: number }>(
      'select count(*) as rows from transactions where id >= $1 and id < $2',
      [...ids],
    );
    const sums = [await compare('service'), await compare('agency')];
    return { rows, archived: false, counted: compared.counted, ...differencesOf([compared, ...sums]) };
  }

  /** The rows of a day, page by page, or some of them with all that is compared. */
  async rows({ day, through, after = firstId, ids }: RowsRequest): Promise<RowsPage> {
    if (ids) {
      const found = await rowsById(this.database, ids);
      return { rows: found.map((row) => ({ ...rowOf(row), account: row.account })) };
    }
    const page: RowsPage = { rows: [] };
    for await (const row of this.rowsOf(day, after)) {
      if (row.first <= through) page.rows.push(rowOf(row));
      if (page.rows.length >= pageRows) break;
    }
    return page;
  }

  private async *rowsOf(day: string, after = firstId): AsyncGenerator<AccountRow> {
    for (let last = after; ;) {
      const rows = await rowsAfter(this.database, day, last, chunkRows);
      yield* rows;
      if (rows.length < chunkRows) return;
      last = rows.at(-1)!.account.id;
    }
  }

  private async isArchived(month: string): Promise<boolean> {
    const rows = await this.database.query('select 1 from archived_months where month = $1', [dateOf(month)]);
    return rows.length > 0;
  }

  private async countedOf(day: string, hours: readonly [string, string]): Promise<{ counted: number }[]> {
    const [row] = await this.database.query<{ hours: number; days: number }>(
      `select (select coalesce(sum(count), 0)::bigint from rollup_hour where hour >= $1 and hour < $2) as hours,
         (select coalesce(sum(count), 0)::bigint from rollup_day where day = $3) as days`,
      [...hours, day],
    );
    return [{ counted: row!.hours }, { counted: row!.days }];
  }

  private async days(): Promise<{ firstDay?: string; lastDay?: string }> {
    const [row] = await this.database.query<Record<'first' | 'last' | 'firstAt' | 'lastAt', string | number | null>>(
      `select (select min(day) from rollup_day) as first, (select max(day) from rollup_day) as last,
         (select (extract(epoch from at) * 1000)::bigint from transactions order by id limit 1) as "firstAt",
         (select (extract(epoch from at) * 1000)::bigint from transactions order by id desc limit 1) as "lastAt"`,
    );
    const { first, last, firstAt, lastAt } = row!;
    const days = [first, last, ...[firstAt, lastAt].map((at) => (at === null ? null : todayInVietnam(new Date(at))))];
    const known = days
      .filter((day) => day !== null)
      .map(String)
      .toSorted();
    return known.length === 0 ? {} : { firstDay: known[0], lastDay: known.at(-1) };
  }
}

const rowOf = ({ account, ...places }: AccountRow): RowOfPage => ({
  id: account.id,
  digest: accountDigest(account).toString('hex'),
  ...places,
});

function differencesOf(compared: readonly RollupComparison[]): Pick<DayTotals, 'differences' | 'differenceCount'> {
  return {
    differences: compared.flatMap(({ differences }) => differences).slice(0, rollupDifferencesMax),
    differenceCount: compared.reduce((sum, { count }) => sum + count, 0),
  };
}
