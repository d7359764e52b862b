import { BusError, type Language } from '#lgsp/errors';

/** Whether somebody is not yet so many months old on a day; the day of the month counts. Dates are `yyyy-MM-dd`. */
export function isYoungerThan(months: number, birthDate: string, day: string): boolean {
  const [bornYear, bornMonth, bornDay] = birthDate.split('-').map(Number) as [number, number, number];
  const [year, month, dayOfMonth] = day.split('-').map(Number) as [number, number, number];
  return (year - bornYear) * 12 + (month - bornMonth) - (dayOfMonth < bornDay ? 1 : 0) < months;
}

export function tooOld(months: number, language: Language): BusError {
  const years = Math.floor(months / 12);
  const message = { en: `must be of a child under ${years}`, vi: `phải là của trẻ em dưới ${years} tuổi` }[language];
  return new BusError('invalid-request', { errors: [{ path: '/child/birthDate', rule: 'child-age', message }] });
}
