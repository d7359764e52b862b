import type { Outcome } from '#lgsp/errors';
import type { Period, Report, ReportGroup, ReportRow } from '#lgsp/records';
import { procedureCatalogue } from '#lgsp/vietnam';

/** The words of reports that officials hand in: Vietnamese, whoever asks. */
export const groupWords: Record<ReportGroup, string> = {
  system: 'Hệ thống',
  operation: 'Dịch vụ',
  client: 'Phần mềm khai thác',
  agency: 'Cơ quan, đơn vị',
  procedure: 'Thủ tục hành chính',
  month: 'Tháng',
  outcome: 'Kết quả',
};

export const outcomeWords: Record<Outcome, string> = {
  succeeded: 'Thành công',
  'not-found': 'Không có dữ liệu',
  rejected: 'Bị từ chối',
  failed: 'Lỗi hệ thống',
  'timed-out': 'Quá thời hạn',
  accepted: 'Đang xử lý',
  unknown: 'Chưa rõ kết quả',
};

export const figureWords = {
  count: 'Số giao dịch',
  previous: 'Cùng kỳ năm trước',
  ratio: 'Gấp (lần)',
  growthPercent: 'Tăng trưởng (%)',
} as const;

/** How systems call themselves, by their names on the wire. */
export type SystemNames = ReadonlyMap<string, string>;

const procedureNames = new Map(procedureCatalogue.map(({ code, name }) => [code, name.vi]));
const nameless = '(không ghi)';

/** A value of a group as it is read by people. */
export function wordOf(group: ReportGroup, row: ReportRow, systems: SystemNames): string {
  const value = row[group];
  if (value === null || value === undefined) return nameless;
  if (group === 'month') return monthWord(value);
  if (group === 'system') return systems.get(value) ?? value;
  if (group === 'outcome') return outcomeWords[value as Outcome] ?? value;
  const procedure = group === 'procedure' ? procedureNames.get(value) : undefined;
  return procedure ? `${value} ${procedure}` : value;
}

/** `2022-01` → `01/2022`. */
export const monthWord = (month: string): string => `${month.slice(5)}/${month.slice(0, 4)}`;
/** `2022-01-31` → `31/01/2022`. */
export const dayWord = (day: string): string => `${day.slice(8, 10)}/${monthWord(day.slice(0, 7))}`;
export const periodWords = ({ from, to }: Period): string => `từ ngày ${dayWord(from)} đến ngày ${dayWord(to)}`;
/** `2026-11-25T10:15:00+07:00` → `10:15 ngày 25/11/2026`. */
export const momentWords = (moment: string): string => `${moment.slice(11, 16)} ngày ${dayWord(moment)}`;

const whole = new Intl.NumberFormat('vi-VN');
const decimals = (digits: number) =>
  new Intl.NumberFormat('vi-VN', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const [oneDecimal, twoDecimals] = [decimals(1), decimals(2)];

/** 2452045 → `2.452.045`. */
export const countWord = (count: number): string => whole.format(count);
export const decimalWord = (value: number): string => oneDecimal.format(value);
/** 3.52 → `3,52`; nothing to compare with is a dash. */
export const ratioWord = (ratio: number | null | undefined): string =>
  typeof ratio !== 'number' ? '–' : twoDecimals.format(ratio);
/** 252.1 → `+252,1 %`. */
export function growthWord(percent: number | null | undefined): string {
  if (typeof percent !== 'number') return '–';
  return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${oneDecimal.format(Math.abs(percent))} %`;
}
/** A part of a whole: 0.9312 → `93,1 %`; what is there and rounds to nothing is not nothing. */
export function shareWord(part: number, all: number): string {
  if (all === 0) return '–';
  const percent = (100 * part) / all;
  return part > 0 && percent < 0.05 ? '< 0,1 %' : `${oneDecimal.format(percent)} %`;
}

/** Which figures of a report change no more, in one sentence. */
export function frozenWords({ frozenMonths }: Report): string {
  if (frozenMonths.length === 0) return 'Số liệu chưa chốt: có thể thay đổi khi các giao dịch đang mở có kết quả.';
  const months = frozenMonths.map(
    ({ month, frozenAt, frozenBy }) => `${monthWord(month)} (chốt lúc ${momentWords(frozenAt)}, bởi ${frozenBy})`,
  );
  return `Số liệu đã chốt, không thay đổi: tháng ${months.join('; ')}.`;
}
