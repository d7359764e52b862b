import { BusError, type FieldError, type Language, type Text } from '#lgsp/errors';
import { periodDaysMax, type ChangesQuestion } from './business-registration.messages';

/** Where the reading of a list stands: in a window of days that the registry lists at once, behind so many records. */
export interface Position {
  /** First and last day of the window; both count. */
  from: string;
  to: string;
  offset: number;
}

type Period = Pick<ChangesQuestion, 'from' | 'to'>;

const dayMs = 86_400_000;
const cursorPattern = /^(\d{4}-\d{2}-\d{2})\.(\d{1,9})$/;

const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs;
const dateOf = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10);

/** The first window of a period. The last one may be shorter than the others. */
export const firstWindow = ({ from, to }: Period, windowDays: number): Position => windowAt(day(from), to, windowDays);

/** The window after this one, or undefined when the period is at its end. */
export const nextWindow = ({ to }: Position, period: Period, windowDays: number): Position | undefined =>
  to < period.to ? windowAt(day(to) + 1, period.to, windowDays) : undefined;

export const cursorOf = ({ from, offset }: Position): string => Buffer.from(`${from}.${offset}`).toString('base64url');

/** The position of a cursor, or undefined when it is none of this period. */
export function positionAt(cursor: string, period: Period, windowDays: number): Position | undefined {
  const [, from, offset] = cursorPattern.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (from === undefined || !(day(from) >= day(period.from)) || from > period.to) return undefined;
  if ((day(from) - day(period.from)) % windowDays !== 0) return undefined;
  return { ...windowAt(day(from), period.to, windowDays), offset: Number(offset) };
}

/** @throws BusError `invalid-request` naming everything that is wrong with the period of a question */
export function checkPeriod(question: ChangesQuestion, today: string, language: Language): void {
  const { by, from, to, fromTime, toTime } = question;
  const faults: FieldError[] = [];
  const fault = (path: string, rule: keyof typeof rules): void =>
    void faults.push({ path, rule, message: rules[rule][language] });
  if (to < from) fault('/to', 'period-order');
  else if (day(to) - day(from) >= periodDaysMax) fault('/to', 'period-length');
  if (by === 'processed') {
    if (from !== today) fault('/from', 'today');
    if (to !== today) fault('/to', 'today');
    if (fromTime !== undefined && toTime !== undefined && toTime < fromTime) fault('/toTime', 'period-order');
  } else {
    if (fromTime !== undefined) fault('/fromTime', 'processed-only');
    if (toTime !== undefined) fault('/toTime', 'processed-only');
  }
  if (faults.length > 0) throw new BusError('invalid-request', { errors: faults });
}

export const invalidCursor = (language: Language): BusError =>
  new BusError('invalid-request', { errors: [{ path: '/cursor', rule: 'cursor', message: rules.cursor[language] }] });

const rules = {
  'period-order': { en: 'must not be before the beginning', vi: 'không được trước thời điểm bắt đầu' },
  'period-length': {
    en: `must be less than ${periodDaysMax} days after the first`,
    vi: `phải cách ngày đầu ít hơn ${periodDaysMax} ngày`,
  },
  today: {
    en: 'must be today: the registry lists what was processed today only',
    vi: 'phải là hôm nay: hệ thống chỉ liệt kê hồ sơ xử lý trong ngày',
  },
  'processed-only': { en: 'goes with by: processed only', vi: 'chỉ dùng với by: processed' },
  cursor: { en: 'is not a cursor of this period', vi: 'không phải con trỏ của khoảng thời gian này' },
} as const satisfies Record<string, Text>;

function windowAt(first: number, to: string, windowDays: number): Position {
  return { from: dateOf(first), to: dateOf(Math.min(first + windowDays - 1, day(to))), offset: 0 };
}
