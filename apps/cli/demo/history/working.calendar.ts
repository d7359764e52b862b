/** When offices of Vietnam work: what a day, and an hour of it, has of the calls. */

/**
 * Public holidays on weekdays, with the days off that replace those on a weekend: New Year, Tết, the Hùng Kings (10/3 of the
 * lunar year), 30 April, 1 May. Of the first halves of 2021 and 2022.
 */
const daysOff: ReadonlySet<string> = new Set(
  [
    '2021-01-01 2021-02-10 2021-02-11 2021-02-12 2021-02-15 2021-02-16 2021-04-21 2021-04-30 2021-05-03',
    '2022-01-03 2022-01-31 2022-02-01 2022-02-02 2022-02-03 2022-02-04 2022-04-11 2022-05-02 2022-05-03',
  ].flatMap((year) => year.split(' ')),
);

/** Online services have callers on any day, and some wards receive citizens on Saturday morning. */
const onSunday = 0.04;
const onSaturday = 0.13;
const onDayOff = 0.05;

/** Of a working day, by hour of Vietnam: 7:30–11:30 and 13:30–17:00, and what programs and citizens do in between. */
const hourWeights = [
  [1, 1, 1, 1, 1, 3, 12, 48, 118, 132, 126, 76],
  [20, 52, 112, 124, 108, 46, 14, 10, 9, 7, 4, 2],
].flat();

/** How many calls a day has against a full working day. @param day `2022-02-01` */
export function dayWeight(day: string): number {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  if (weekday === 0) return onSunday;
  if (weekday === 6) return onSaturday;
  return daysOff.has(day) ? onDayOff : 1;
}

/** @param hour 0 to 23, in Vietnam */
export const hourWeight = (hour: number): number => hourWeights[hour]!;
