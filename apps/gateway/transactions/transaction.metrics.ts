import { errorTable, type BusError, type ErrorCode } from '#lgsp/errors';
import type { Metrics } from '#lgsp/telemetry';

interface OperationMeters {
  duration: { observe(seconds: number): void };
  requests: Map<number, { inc(): void }>;
}

/**
 * The gateway's own counters, bound once per label set: looking a label object up is most of what a counter costs. Systems
 * and operations come from the catalogue only, and clients from the store, so that no caller can create a series.
 */
export class TransactionMetrics {
  private readonly meters = new Map<string, OperationMeters>();
  private readonly inflight = new Map<string, { inc(): void; dec(): void }>();

  constructor(private readonly metrics: Metrics) {}

  begin(system: string): void {
    let gauge = this.inflight.get(system);
    if (!gauge) this.inflight.set(system, (gauge = this.metrics.gauge('lgsp_inflight', { system })));
    gauge.inc();
  }

  end(system: string): void {
    this.inflight.get(system)!.dec();
  }

  /** @param code when it failed */
  answered(system: string, operation: string, status: number, ms: number, code?: ErrorCode): void {
    if (code) this.fail(system, code);
    const meters = this.metersOf(system, operation);
    meters.duration.observe(ms / 1_000);
    this.count(meters, system, operation, status);
  }

  /** A command that was answered before: counted as a request, and not as another transaction. */
  replayed(system: string, operation: string, status: number): void {
    this.metrics.counter('lgsp_idempotent_replays_total', { system, operation }).inc();
    this.count(this.metersOf(system, operation), system, operation, status);
  }

  /** A call that was refused at the door. @param clientId `none` before the caller is known */
  refuse(clientId: string, error: BusError, system = 'unknown', operation = 'unknown'): void {
    this.fail(system, error.code);
    this.metrics.counter('lgsp_refusals_total', { client: clientId, code: error.code }).inc();
    this.count(this.metersOf(system, operation), system, operation, error.row.status);
  }

  /** What a caller did wrong is no failure, and neither is a refusal of the outside system. */
  private fail(system: string, code: ErrorCode): void {
    const { status, fault } = errorTable[code];
    if (status >= 500) this.metrics.counter('lgsp_failures_total', { system, code, fault }).inc();
  }

  private count(meters: OperationMeters, system: string, operation: string, status: number): void {
    let counter = meters.requests.get(status);
    if (!counter) {
      counter = this.metrics.counter('lgsp_requests_total', { system, operation, status: String(status) });
      meters.requests.set(status, counter);
    }
    counter.inc();
  }

  private metersOf(system: string, operation: string): OperationMeters {
    const key = `${system}/${operation}`;
    let meters = this.meters.get(key);
    if (!meters) {
      const duration = this.metrics.histogram('lgsp_transaction_duration_seconds', { system, operation });
      meters = { duration, requests: new Map() };
      this.meters.set(key, meters);
    }
    return meters;
  }
}
