import { todayInVietnam } from '#lgsp/vietnam';

/** Vietnam's clock is a whole number of hours from UTC: an hour there is an hour here. */
export const hourMs = 3_600_000;

/** An hour as the tables name it, its day and its month. */
export interface HourNames {
  hour: string;
  day: string;
  month: string;
}

/** Few hours come again and again, and a calendar is slow. */
const known = new Map<number, HourNames>();
const knownMax = 10_000;

/** @param ms when the hour begins, epoch milliseconds */
export function namesOfHour(ms: number): HourNames {
  const names = known.get(ms);
  if (names) return names;
  if (known.size >= knownMax) known.clear();
  const day = todayInVietnam(new Date(ms));
  const made = { hour: new Date(ms).toISOString(), day, month: `${day.slice(0, 7)}-01` };
  known.set(ms, made);
  return made;
}
