import { parsePartialDate, type PartialDate } from './calendar.date';
import { accept, refuse, type Parsed } from './parsed';

/** A date in three fields, such as `{namSinh, thangSinh, ngaySinh}` of the civil registry, under plain names. */
export interface SplitDate {
  year: number;
  month?: number;
  day?: number;
}

/** What upstreams put into such a field: a number, digits with or without leading zeros, or nothing. */
export type SplitPart = number | string | null | undefined;

/**
 * Reads a date in three fields into ISO, as far as it goes. A day without its month, or a part that is no number, is
 * refused; an empty text and null count as absent.
 *
 * @example parseSplitDate({ year: '1990', month: 3 }) // '1990-03'
 */
export function parseSplitDate(split: { year: SplitPart; month?: SplitPart; day?: SplitPart }): Parsed<PartialDate> {
  const parts = [digits(split.year, 4), digits(split.month, 2), digits(split.day, 2)];
  const known = parts.findLastIndex((part) => part !== '') + 1;
  if (known === 0 || parts.slice(0, known).some((part) => !/^[0-9]+$/.test(part))) return refuse('partial-date');
  return parsePartialDate(parts.slice(0, known).join('-'));
}

/** The three fields of an ISO date, without those that are not known. */
export function toSplitDate(date: PartialDate): Parsed<SplitDate> {
  const parsed = parsePartialDate(date);
  if (!parsed.ok) return parsed;
  const [year, month, day] = date.split('-').map(Number);
  return accept({ year: year!, ...(month ? { month } : {}), ...(day ? { day } : {}) });
}

const digits = (part: SplitPart, width: number): string =>
  part === null || part === undefined || part === '' ? '' : String(part).padStart(width, '0');
