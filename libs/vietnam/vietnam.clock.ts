/**
 * The time of Asia/Ho_Chi_Minh is +07:00 all year: no daylight saving. All dates of the bus are in it, so an offset is
 * arithmetic and no time-zone database or machine setting can shift a day. (Offsets before 1975 differed; dates of
 * papers carry no time, so they are not touched.)
 */
export const vietnamOffset = '+07:00';

const minuteMs = 60_000;
const vietnamOffsetMinutes = 7 * 60;

/** An instant as the clock on a Vietnamese wall shows it: `2026-06-09T10:15:00+07:00`. Parts of a second are dropped. */
export function nowInVietnam(now: Date): string {
  // Shifting first and reading in UTC keeps the machine's own time zone out of it.
  const wall = new Date(now.getTime() + vietnamOffsetMinutes * minuteMs).toISOString();
  return `${wall.slice(0, 19)}${vietnamOffset}`;
}

/** The day it is in Vietnam at an instant: `2026-06-09`. */
export const todayInVietnam = (now: Date): string => nowInVietnam(now).slice(0, 10);

/** When a day of Vietnam, `2026-06-09`, begins: epoch milliseconds. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00.000${vietnamOffset}`);

/** The month, `2026-11`, so many months later, or earlier. */
export function monthsAfter(month: string, count: number): string {
  const [year = 0, nth = 0] = month.split('-').map(Number);
  const months = year * 12 + nth - 1 + count;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** The day so many days later. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 24 * 60 * minuteMs).toISOString().slice(0, 10);
