import { accept, refuse, type Parsed } from './parsed';

/**
 * A date as far as it is known: `yyyy`, `yyyy-MM` or `yyyy-MM-dd`. Many citizens' papers hold only a birth year; a part
 * that is not known stays away and is never filled with 01.
 */
export type PartialDate = string;

/** A whole date, `yyyy-MM-dd`. */
export type FullDate = string;

export type DatePrecision = 'year' | 'month' | 'day';

const month = '(?:0[1-9]|1[0-2])';
const day = '(?:0[1-9]|[12][0-9]|3[01])';
export const fullDatePattern = new RegExp(`^[0-9]{4}-${month}-${day}$`);
export const partialDatePattern = new RegExp(`^[0-9]{4}(?:-${month}(?:-${day})?)?$`);

/** Before this year stand no living person's dates but the nulls of databases: 0001-01-01, 1753-01-01. */
const yearMin = 1800;
/** 9999-12-31 is how several systems write "without end". */
const yearMax = 9999;

/** Whether this day is in the Gregorian calendar, from 1800 to 9999. */
export function isRealDate(year: number, monthOfYear = 1, dayOfMonth = 1): boolean {
  if (year < yearMin || year > yearMax || monthOfYear < 1 || monthOfYear > 12) return false;
  return dayOfMonth >= 1 && dayOfMonth <= daysIn(year, monthOfYear);
}

/** Reads an ISO date that may be partial. @example parsePartialDate('1958') */
export function parsePartialDate(text: string): Parsed<PartialDate> {
  if (!partialDatePattern.test(text)) return refuse('partial-date');
  const [year, monthOfYear, dayOfMonth] = text.split('-').map(Number);
  return isRealDate(year!, monthOfYear, dayOfMonth) ? accept(text) : refuse('partial-date');
}

/** Reads a whole ISO date. @example parseFullDate('2026-06-09') */
export function parseFullDate(text: string): Parsed<FullDate> {
  return fullDatePattern.test(text) && parsePartialDate(text).ok ? accept(text) : refuse('full-date');
}

/** How much of a date is known, for upstreams that ask (`loaiNgaySinh`: 0 day, 1 year, 2 month). */
export function precisionOf(date: PartialDate): DatePrecision {
  if (date.length === 4) return 'year';
  return date.length === 7 ? 'month' : 'day';
}

function daysIn(year: number, monthOfYear: number): number {
  if (monthOfYear !== 2) return [4, 6, 9, 11].includes(monthOfYear) ? 30 : 31;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return leap ? 29 : 28;
}
