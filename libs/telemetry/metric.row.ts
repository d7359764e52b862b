/** One metric: its name is the key in the table. */
export interface MetricRow {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** Upper bounds of a histogram, in the metric's unit. */
  buckets?: readonly number[];
  /** Which process exports it. */
  from:
    | 'gateway'
    | 'connector'
    | 'ledger'
    | 'courier'
    | 'linked-procedures'
    | 'gateway, ledger, courier'
    | 'every process';
}
