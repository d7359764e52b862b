import { BusError } from '#lgsp/errors';
import { timeOfTransactionId } from '#lgsp/records';
import type { Sql } from './database';
import { dateOf, monthOf, monthOfDate, type Month } from './month';

/** The years of a date in SQL's text form have four digits here. */
const latestMs = Date.UTC(9999, 0, 1);

/** Months whose rows are in files, the oldest first. @param fromMs,toMs what they overlap, epoch milliseconds */
export async function archivedMonths(sql: Sql, fromMs?: number, toMs?: number): Promise<Month[]> {
  const bound = (ms?: number): string | null => (ms === undefined ? null : dateOf(monthOf(Math.min(ms, latestMs))));
  const rows = await sql.query<{ month: string }>(
    `select month from archived_months
     where ($1::date is null or month >= $1) and ($2::date is null or month <= $2) order by month`,
    [bound(fromMs), bound(toMs)],
  );
  return rows.map(({ month }) => monthOfDate(month));
}

/** What to say of an id that has no row: there is none, or its month is in a file. Whose it was is not known then. */
export async function unknownTransaction(sql: Sql, id: string): Promise<BusError> {
  const at = timeOfTransactionId(id);
  const [month] = await archivedMonths(sql, at, at);
  if (month === undefined) return new BusError('unknown-transaction');
  const detail = {
    en: `transactions of ${month} are archived and cannot be looked up; an operator can bring the month back`,
    vi: `giao dịch của tháng ${month} đã được chuyển vào lưu trữ nên không tra cứu được; cán bộ vận hành có thể khôi phục tháng này`,
  };
  return new BusError('unknown-transaction', { detail });
}
