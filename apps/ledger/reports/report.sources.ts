import type { Period } from '#lgsp/records';
import { byMonth, isWholeMonth, monthOf } from './report.period';

/** Where figures are read: counted as the rows are written, as they were frozen, or counted now from the rows. */
export type Source = 'rollup' | 'frozen' | 'rows';

export interface Segment extends Period {
  source: Source;
  /** Whole months, which are counted by more than days are. */
  whole: boolean;
}

export interface Months {
  frozen: ReadonlySet<string>;
  archived: ReadonlySet<string>;
}

/**
 * Where the figures of a period come from, month by month. Days are counted without agency and procedure, so a part of a
 * month is counted from its rows when one of these is asked for; that a month is gone, or must not change, forbids it.
 * @param fine agency or procedure is asked for
 * @returns the segments, or the months that can only be reported as a whole
 */
export function segmentsOf(
  period: Period,
  { frozen, archived }: Months,
  fine: boolean,
): { segments: Segment[]; onlyWhole: string[] } {
  const segments: Segment[] = [];
  const onlyWhole: string[] = [];
  for (const part of byMonth(period)) {
    const month = monthOf(part.from);
    const whole = isWholeMonth(part);
    const fromRows = fine && !whole;
    if (fromRows && (frozen.has(month) || archived.has(month))) onlyWhole.push(month);
    segments.push({ ...part, whole, source: fromRows ? 'rows' : frozen.has(month) ? 'frozen' : 'rollup' });
  }
  return { segments, onlyWhole };
}

/** Neighbours that are read from the same place, as one. @param byMonth keeps parts of months apart */
export function joined(segments: readonly Segment[], byMonth = false): Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if (last?.source === segment.source && last.whole === segment.whole && (segment.whole || !byMonth))
      last.to = segment.to;
    else result.push({ ...segment });
  }
  return result;
}
