import { todayInVietnam, vietnamOffset } from '#lgsp/vietnam';

/** A month of Vietnam, `2026-11`. */
export type Month = string;

/** The month in which an instant (epoch milliseconds) is. */
export function monthOf(ms: number): Month {
  return todayInVietnam(new Date(ms)).slice(0, 7);
}

/** When a month begins, in epoch milliseconds. */
export function startOf(month: Month): number {
  return Date.parse(`${month}-01T00:00:00${vietnamOffset}`);
}

/** The month so many months later, or earlier. */
export function monthsAfter(month: Month, count: number): Month {
  const [year = 0, nth = 0] = month.split('-').map(Number);
  const months = year * 12 + nth - 1 + count;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** As the database has it: its first day. */
export const dateOf = (month: Month): string => `${month}-01`;
export const monthOfDate = (date: string): Month => date.slice(0, 7);

/** The table of its transactions. */
export const partitionOf = (month: Month): string => `transactions_${month.replace('-', '_')}`;
export const monthOfPartition = (table: string): Month => table.slice('transactions_'.length).replace('_', '-');
