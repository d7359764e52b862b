import type { Figures, FrozenMonth, Report, ReportRow } from '#lgsp/records';
import { drawColumns } from '../table';

const whole = new Intl.NumberFormat('en-US');
const fixed = (digits: number) =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const [oneDecimal, twoDecimals] = [fixed(1), fixed(2)];
/** For what cannot be: a ratio to nothing. */
const none = '–';

/** 2452045 → `2,452,045`. */
export const countText = (count: number): string => whole.format(count);
const ratioText = (ratio: number | null | undefined): string =>
  typeof ratio === 'number' ? twoDecimals.format(ratio) : none;
const growthText = (percent: number | null | undefined): string =>
  typeof percent === 'number' ? `${oneDecimal.format(percent)} %` : none;

/** A report as a person at a terminal reads it: how many times as many, and how much more, are two columns. */
export function drawReport(report: Report): string {
  const { groupBy, rows, total, previousPeriod } = report;
  const compares = previousPeriod !== undefined;
  const figures = ({ count, previous = 0, ratio, growthPercent }: Figures): string[] => [
    countText(count),
    ...(compares ? [countText(previous), ratioText(ratio), growthText(growthPercent)] : []),
  ];
  const names = (row: ReportRow): string[] => groupBy.map((group) => row[group] ?? '(none)');
  const head = [...groupBy, 'count', ...(compares ? ['previous', 'ratio', 'growth'] : [])];
  const totals = ['total', ...groupBy.slice(1).map(() => ''), ...figures(total)];
  const lines =
    groupBy.length === 0
      ? [head, figures(total)]
      : [head, ...rows.map((row) => [...names(row), ...figures(row)]), totals];
  const numeric = head.map((_, column) => column).slice(groupBy.length);
  return `${[...about(report), '', drawColumns(lines, numeric)].join('\n')}\n`;
}

function about({ period, previousPeriod, environment, client, frozenMonths, madeAt }: Report): string[] {
  const whose = client === undefined ? '' : `, of the client ${client} only`;
  const frozen = frozenMonths.map(({ month }) => month).join(', ');
  return [
    `transactions  ${period.from} to ${period.to}, ${environment}${whose}`,
    ...(previousPeriod ? [`against       ${previousPeriod.from} to ${previousPeriod.to}`] : []),
    `made at       ${madeAt}`,
    ...(frozen ? [`frozen        ${frozen}`] : []),
  ];
}

/** Frozen months, and what the book says of them now. */
export function drawFrozenMonths(months: readonly FrozenMonth[]): string {
  if (months.length === 0) return 'no month is frozen\n';
  const head = ['month', 'frozen at', 'by', 'count', 'open', 'now', 'open now'];
  const lines = months.map(({ month, frozenAt, frozenBy, frozen, now }) => [
    month,
    frozenAt,
    frozenBy,
    countText(frozen.count),
    countText(frozen.open),
    countText(now.count),
    countText(now.open),
  ]);
  return `${drawColumns([head, ...lines], [3, 4, 5, 6])}\n`;
}
