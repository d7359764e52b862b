import type { MetricRow } from './metric.row';

/** What the ledger exports; a part of the one table. */
export const ledgerMetrics = {
  lgsp_transactions_total: {
    type: 'counter',
    help: 'Transactions whose outcome is final, as the book of the ledger counts them: the same after any restart',
    labels: ['system', 'operation', 'client', 'outcome'],
    from: 'ledger',
  },
  lgsp_transactions_open: {
    type: 'gauge',
    help: 'Transactions whose outcome is not final yet, as the book counts them',
    labels: ['system', 'outcome'],
    from: 'ledger',
  },
  lgsp_transactions_open_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest transaction whose outcome is not final yet; absent when there is none',
    labels: ['system', 'outcome'],
    from: 'ledger',
  },
  lgsp_ledger_writer: {
    type: 'gauge',
    help: '1 while this process writes the book, 0 while it stands by or cannot',
    labels: [],
    from: 'ledger',
  },
  lgsp_ledger_lag_records: {
    type: 'gauge',
    help: 'Records in the stream that are not in the book yet, estimated by the mean size of batches; 0 only when there is none',
    labels: [],
    from: 'ledger',
  },
  lgsp_ledger_commit_seconds: {
    type: 'histogram',
    help: 'Duration of one SQL transaction that writes records into the book',
    labels: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30],
    from: 'ledger',
  },
  lgsp_ledger_records_total: {
    type: 'counter',
    help: 'Records that this process has written into the book',
    labels: [],
    from: 'ledger',
  },
  lgsp_ledger_failures_total: {
    type: 'counter',
    help: 'Attempts to write the book that failed and are made again, by error code',
    labels: ['code'],
    from: 'ledger',
  },
  lgsp_ledger_conflicts_total: {
    type: 'counter',
    help: 'Records that contradict the final outcome of their transaction, which stands',
    labels: [],
    from: 'ledger',
  },
  lgsp_ledger_archive_due_months: {
    type: 'gauge',
    help: 'Months that should be in files and are still in the database: something of them is open, or it failed',
    labels: [],
    from: 'ledger',
  },
  lgsp_ledger_maintenance_failures_total: {
    type: 'counter',
    help: 'Failures to make tables ahead, to archive a month or to tidy the database; each is tried again',
    labels: [],
    from: 'ledger',
  },
  lgsp_evidence_faults_total: {
    type: 'counter',
    help: 'Faults of batches in the stream that were found when they were applied, by their code',
    labels: ['code'],
    from: 'ledger',
  },
} as const satisfies Record<string, MetricRow>;
