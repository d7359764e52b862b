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

/** As the database has it: its first day. */
export const dateOf = (month: Month): string => `${month}-01`;
export const monthOfDate = (date: string): Month => date.slice(0, 7);

/** The table of its transactions. */
export const partitionOf = (month: Month): string => `transactions_${month.replace('-', '_')}`;
export const monthOfPartition = (table: string): Month => table.slice('transactions_'.length).replace('_', '-');
