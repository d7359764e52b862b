import type { MetricRow } from './metric.row';
import type { metricTable } from './metric.table';

export type MetricName = keyof typeof metricTable;
type NamesOf<T extends MetricRow['type']> = {
  [N in MetricName]: (typeof metricTable)[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;
export type LabelsOf<N extends MetricName> = Record<(typeof metricTable)[N]['labels'][number], string>;
