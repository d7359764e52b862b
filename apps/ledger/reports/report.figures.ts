import type { Figures, ReportGroup, ReportRow } from '#lgsp/records';
import { monthYearAfter } from './report.period';

/** What was counted under one value of each group; '' where a transaction named no agency or procedure. */
export type Counted = { [group in ReportGroup]?: string } & { count: number };

/** Counts side by side, with their ratio and their growth, which are not the same figure. */
export function compared(count: number, previous: number | undefined): Figures {
  if (previous === undefined) return { count };
  return {
    count,
    previous,
    ratio: quotient(count, previous, 2),
    growthPercent: quotient(100 * (count - previous), previous, 1),
  };
}

/** Rounded half away from zero, in whole numbers, so that no binary fraction decides; null over nothing. */
function quotient(dividend: number, divisor: number, decimals: number): number | null {
  if (divisor === 0) return null;
  const scale = 10 ** decimals;
  const [twice, by] = [BigInt(Math.abs(dividend)) * BigInt(scale) * 2n, BigInt(divisor)];
  const rounded = Number((twice + by) / (2n * by)) / scale;
  return dividend < 0 && rounded !== 0 ? -rounded : rounded;
}

/** The rows of both periods, each beside its row of the year before, in the order of their groups. */
export function sideBySide(
  groupBy: readonly ReportGroup[],
  now: Counted[],
  before: Counted[] | undefined,
): ReportRow[] {
  const rows = new Map<string, { groups: Counted; count: number; previous: number | undefined }>();
  const none = before ? 0 : undefined;
  for (const counted of now)
    rows.set(keyOf(groupBy, counted), { groups: counted, count: counted.count, previous: none });
  for (const counted of before ?? []) {
    // A month stands beside the same month of the year before.
    const groups = counted.month === undefined ? counted : { ...counted, month: monthYearAfter(counted.month) };
    const key = keyOf(groupBy, groups);
    const row = rows.get(key);
    if (row) row.previous = counted.count;
    else rows.set(key, { groups, count: 0, previous: counted.count });
  }
  return [...rows.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { groups, count, previous }]) => ({
      ...Object.fromEntries(groupBy.map((group) => [group, groups[group] || null])),
      ...compared(count, previous),
    }));
}

const separator = '\0';
const keyOf = (groupBy: readonly ReportGroup[], counted: Counted): string =>
  groupBy.map((group) => counted[group]).join(separator);

/** Whether the groups need what days are not counted by. */
export const isFine = (groupBy: readonly ReportGroup[]): boolean =>
  groupBy.some((group) => group === 'agency' || group === 'procedure');
