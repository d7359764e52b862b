import { isRealDate, parsePartialDate, precisionOf, type PartialDate } from './calendar.date';
import { accept, refuse, type Parsed } from './parsed';
import { nowInVietnam, vietnamOffset } from './vietnam.clock';

/**
 * Every way in which the connected systems write dates and times as one text. `HH` is the 24-hour clock (a 12-hour `hh`
 * in a payment client's timestamps was a real defect). A form without an offset is Vietnamese time.
 */
export const dateForms = [
  'dd/MM/yyyy',
  'dd/MM/yyyy HH:mm:ss',
  'yyyy-MM-dd',
  'yyyyMMdd',
  'yyyyMMddHHmmss',
  'dd-MM-yyyy',
  'HH:mm',
  'yyyy',
  'MM/yyyy',
  'yyyy-MM',
  'yyyy-MM-ddTHH:mm:ssXXX',
] as const;

export type DateForm = (typeof dateForms)[number];

/** Parts as digits, `yyyy` → '2026'. */
type Parts = Partial<Record<'yyyy' | 'MM' | 'dd' | 'HH' | 'mm' | 'ss', string>>;

const isoDateTime: DateForm = 'yyyy-MM-ddTHH:mm:ssXXX';
const token = /yyyy|MM|dd|HH|mm|ss|XXX/g;
const patterns = new Map(dateForms.map((form) => [form, patternOf(form)]));

/** xsd:dateTime as it is met: seconds, their fraction and the offset may be missing. */
const dateTime =
  /^(?<yyyy>[0-9]{4})-(?<MM>[0-9]{2})-(?<dd>[0-9]{2})[T ](?<HH>[0-9]{2}):(?<mm>[0-9]{2})(?::(?<ss>[0-9]{2})(?:\.[0-9]{1,9})?)?(?<offset>Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?$/;

/**
 * Reads a text of one form into ISO: `2026-06-09`, a partial `2026-06` or `2026`, `2026-06-09T10:15:00+07:00`, or the
 * time of day `10:15`. The form with an offset takes any offset, or none, and answers in +07:00, to the second.
 *
 * @example parseDate('09/06/2026', 'dd/MM/yyyy') // '2026-06-09'
 * @example parseDate('20260609101500', 'yyyyMMddHHmmss') // '2026-06-09T10:15:00+07:00'
 */
export function parseDate(text: string, form: DateForm): Parsed<string> {
  if (form === isoDateTime) return parseIsoDateTime(text);
  const parts: Parts | undefined = patterns.get(form)!.exec(text)?.groups;
  return parts && isReal(parts) ? accept(toIso(parts)) : refuse('date-form');
}

/** A date and time that is the same instant for everybody: with its offset. */
export const dateTimePattern =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;

/** Reads an ISO date-time that has an offset, into +07:00. @example parseDateTime('2026-06-09T03:15:00Z') */
export function parseDateTime(text: string): Parsed<string> {
  const parsed = dateTimePattern.test(text) ? parseDate(text, isoDateTime) : undefined;
  return parsed?.ok ? parsed : refuse('date-time');
}

/** Reads a text of any of the forms; no text fits two of them. For upstreams that mix forms in one field. */
export function parseAnyDate(text: string): Parsed<string> {
  const form = dateForms.find((candidate) => patterns.get(candidate)!.test(text)) ?? isoDateTime;
  return parseDate(text, form);
}

/**
 * Writes an ISO date, date-time or time of day in a form. What the form does not ask for is left out; what it asks for
 * and the value lacks is refused as `date-precision`: a birth year never turns into the first of January.
 *
 * @example formatDate('2026-06-09', 'dd-MM-yyyy') // '09-06-2026'
 * @example formatDate('1958', 'yyyyMMdd') // refused
 */
export function formatDate(iso: string, form: DateForm): Parsed<string> {
  const read = parseAnyIso(iso);
  if (!read.ok) return read;
  const parts: Parts = isoParts.exec(read.value)!.groups!;
  const missing = (form.match(token) ?? []).some((name) => name !== 'XXX' && parts[name as keyof Parts] === undefined);
  if (missing) return refuse('date-precision');
  return accept(form.replace(token, (name) => (name === 'XXX' ? vietnamOffset : parts[name as keyof Parts]!)));
}

/**
 * Writes a date as far as it is known, with slashes: `dd/MM/yyyy`, `MM/yyyy` or `yyyy`, as the judicial-records
 * system's `birthDateStr` takes it.
 */
export function formatSlashed(date: PartialDate): Parsed<string> {
  const read = parsePartialDate(date);
  return read.ok ? formatDate(date, slashedForms[precisionOf(date)]) : read;
}

const slashedForms = { year: 'yyyy', month: 'MM/yyyy', day: 'dd/MM/yyyy' } as const;
const isoForms: readonly DateForm[] = ['yyyy-MM-dd', 'yyyy-MM', 'yyyy', 'HH:mm', isoDateTime];
const isoParts =
  /^(?:(?<yyyy>[0-9]{4})(?:-(?<MM>[0-9]{2})(?:-(?<dd>[0-9]{2}))?)?)?T?(?:(?<HH>[0-9]{2}):(?<mm>[0-9]{2}))?(?::(?<ss>[0-9]{2}))?/;

function parseAnyIso(text: string): Parsed<string> {
  const form = isoForms.find((candidate) => patterns.get(candidate)!.test(text)) ?? isoDateTime;
  return parseDate(text, form);
}

function parseIsoDateTime(text: string): Parsed<string> {
  const parts = dateTime.exec(text)?.groups as (Parts & { offset?: string }) | undefined;
  if (!parts || !isReal(parts)) return refuse('date-form');
  const local = toIso({ ...parts, ss: parts.ss ?? '00' });
  if (parts.offset === undefined || parts.offset === vietnamOffset) return accept(local);
  const moved = nowInVietnam(new Date(local.replace(vietnamOffset, parts.offset)));
  // Read again, because in the first and last hours of the years that count the shift leaves them.
  return parseIsoDateTime(moved);
}

function isReal({ yyyy, MM, dd, HH, mm, ss }: Parts): boolean {
  if (yyyy !== undefined && !isRealDate(Number(yyyy), Number(MM ?? 1), Number(dd ?? 1))) return false;
  return Number(HH ?? 0) <= 23 && Number(mm ?? 0) <= 59 && Number(ss ?? 0) <= 59;
}

function toIso({ yyyy, MM, dd, HH, mm, ss }: Parts): string {
  if (yyyy === undefined) return `${HH}:${mm}`;
  const date = [yyyy, MM, dd].filter((part) => part !== undefined).join('-');
  return HH === undefined ? date : `${date}T${HH}:${mm}:${ss}${vietnamOffset}`;
}

function patternOf(form: string): RegExp {
  const source = form.replace(token, (name) => (name === 'XXX' ? '\\+07:00' : `(?<${name}>[0-9]{${name.length}})`));
  return new RegExp(`^${source}$`);
}
