import type { BusError } from '#lgsp/errors';
import type { Counter, Metrics } from '#lgsp/telemetry';
import type { Sql } from '../store/database';
import type { Applied } from './book.writer';
import { DurableCount } from './durable.count';
import { evidenceFaults } from './evidence.fault';

/** How fast the mean number of records of an entry follows the newest ones. */
const meanShare = 0.05;

/** What the writing of the book shows of itself. */
export class BookMeters {
  private readonly counts: DurableCount;
  private readonly meters;
  private readonly faults = new Map<string, { counter: Counter; exported: number }>();
  private meanRecords = 1;

  constructor(private readonly metrics: Metrics) {
    this.counts = new DurableCount(metrics);
    this.meters = {
      writer: metrics.gauge('lgsp_ledger_writer', {}),
      lag: metrics.gauge('lgsp_ledger_lag_records', {}),
      commit: metrics.histogram('lgsp_ledger_commit_seconds', {}),
      records: metrics.counter('lgsp_ledger_records_total', {}),
      conflicts: metrics.counter('lgsp_ledger_conflicts_total', {}),
    };
  }

  /** Begins with what the book has. */
  async load(sql: Sql): Promise<void> {
    await this.counts.load(sql);
    const rows = await sql.query<{ fault: string; count: number }>(
      'select fault, count(*) from evidence_faults group by fault',
    );
    // The first fault of a code is an increase, and not a series that was not there before.
    for (const code of Object.keys(evidenceFaults)) this.addFaults(code, 0);
    for (const { fault, count } of rows) this.addFaults(fault, count - (this.faults.get(fault)?.exported ?? 0));
  }

  writes(isWriter: boolean): void {
    this.meters.writer.set(isWriter ? 1 : 0);
  }

  applied({ records, entries, deltas, faults, conflicts }: Applied, seconds: number): void {
    this.meanRecords += (records / entries - this.meanRecords) * meanShare;
    this.meters.commit.observe(seconds);
    this.meters.records.inc(records);
    this.meters.conflicts.inc(conflicts.length);
    for (const { code } of faults) this.addFaults(code, 1);
    this.counts.add(deltas.kinds);
  }

  failed({ code }: BusError): void {
    this.metrics.counter('lgsp_ledger_failures_total', { code }).inc();
  }

  /** @param entries of the stream that are not applied yet */
  lags(entries: number): void {
    this.meters.lag.set(Math.ceil(entries * Math.max(1, this.meanRecords)));
  }

  private addFaults(code: string, count: number): void {
    let fault = this.faults.get(code);
    if (!fault) {
      fault = { counter: this.metrics.counter('lgsp_evidence_faults_total', { code }), exported: 0 };
      this.faults.set(code, fault);
    }
    if (count <= 0) return; // The database was killed and has lost some; they will be found again.
    fault.counter.inc(count);
    fault.exported += count;
  }
}
