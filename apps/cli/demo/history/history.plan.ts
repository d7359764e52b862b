import { daysAfter, startOfDay } from '#lgsp/vietnam';
import { dayWeight, hourWeight } from './working.calendar';

/** A half-year that is made: so many transactions, growing from month to month. */
interface HalfYear {
  from: string;
  to: string;
  count: number;
  /** How busy a working day of each month is, against the others. */
  months: readonly number[];
}

/** The two that Hải Phòng reported: 2,452,045 against 696,339, which is 3.52 times as many. */
export const halfYears: readonly HalfYear[] = [
  { from: '2021-01-01', to: '2021-06-30', count: 696_339, months: [0.86, 0.9, 0.97, 1.03, 1.09, 1.15] },
  { from: '2022-01-01', to: '2022-06-30', count: 2_452_045, months: [0.8, 0.86, 0.97, 1.05, 1.13, 1.22] },
];

export const wholePeriod = { from: halfYears[0]!.from, to: halfYears.at(-1)!.to } as const;

/** One hour of Vietnam, and how many transactions it has. */
export interface PlannedHour {
  /** `2022-02-14`. */
  day: string;
  /** Epoch milliseconds. */
  startsAt: number;
  count: number;
  /** How many there are before it. */
  before: number;
}

const hourMs = 3_600_000;

/** How many of a half-year are made. @param scale one for so many */
export const countOf = ({ count }: HalfYear, scale: number): number => Math.floor(count / scale);

export const totalOf = (scale: number): number => halfYears.reduce((sum, half) => sum + countOf(half, scale), 0);

/** Every hour of both half-years, in order; the counts of each half-year are exactly its total. */
export function planHours(scale: number): PlannedHour[] {
  let before = 0;
  return halfYears.flatMap((half) => {
    const hours = hoursOf(half);
    const counts = apportion(
      countOf(half, scale),
      hours.map(({ weight }) => weight),
    );
    return hours.map(({ day, startsAt }, index) => {
      const count = counts[index]!;
      before += count;
      return { day, startsAt, count, before: before - count };
    });
  });
}

function hoursOf({ from, to, months }: HalfYear): { day: string; startsAt: number; weight: number }[] {
  const hours = [];
  for (let day = from; day <= to; day = daysAfter(day, 1)) {
    const ofDay = dayWeight(day) * months[Number(day.slice(5, 7)) - 1]!;
    for (let hour = 0; hour < 24; hour++)
      hours.push({ day, startsAt: startOfDay(day) + hour * hourMs, weight: ofDay * hourWeight(hour) });
  }
  return hours;
}

/** Shares a whole number out by weights, so that the parts sum up to it (the method of the largest remainder). */
export function apportion(total: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (total * weight) / all);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - parts[index]! }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) parts[index]!++;
  return parts;
}
