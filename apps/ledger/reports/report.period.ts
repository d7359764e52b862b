import type { Period } from '#lgsp/records';
import { daysAfter } from '#lgsp/vietnam';

const dayOf = (utcMs: number): string => new Date(utcMs).toISOString().slice(0, 10);

/** `2022-02-14` → `2022-02`. */
export const monthOf = (day: string): string => day.slice(0, 7);

export const firstDayOf = (month: string): string => `${month}-01`;

/** The last day of a month, and with it the month's length: day 0 of the month after. */
export function lastDayOf(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return dayOf(Date.UTC(year!, number, 0));
}

/** The parts of a period that lie in one month each, in order. */
export function byMonth({ from, to }: Period): Period[] {
  const parts: Period[] = [];
  for (let first = from; first <= to; first = daysAfter(parts.at(-1)!.to, 1)) {
    const last = lastDayOf(monthOf(first));
    parts.push({ from: first, to: last < to ? last : to });
  }
  return parts;
}

export const isWholeMonth = ({ from, to }: Period): boolean =>
  from === firstDayOf(monthOf(from)) && to === lastDayOf(monthOf(from));

/**
 * The same period of the year before: whole months against the same whole months, so that a February has all its days;
 * else the same days, where 29 February, which the year before does not have, is compared with 28 February.
 */
export function yearBefore({ from, to }: Period): Period {
  const whole = from === firstDayOf(monthOf(from)) && to === lastDayOf(monthOf(to));
  return { from: dayYearBefore(from), to: whole ? lastDayOf(monthOf(dayYearBefore(to))) : dayYearBefore(to) };
}

function dayYearBefore(day: string): string {
  const month = monthYearBefore(monthOf(day));
  const same = `${month}${day.slice(7)}`;
  const last = lastDayOf(month);
  return same < last ? same : last;
}

const monthYearBefore = (month: string): string => `${shiftYear(month, -1)}${month.slice(4)}`;

/** `2021-03` → `2022-03`. */
export const monthYearAfter = (month: string): string => `${shiftYear(month, 1)}${month.slice(4)}`;

const shiftYear = (month: string, years: number): string => String(Number(month.slice(0, 4)) + years).padStart(4, '0');
