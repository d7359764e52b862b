import type { ClientRecord } from '#lgsp/clients';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { LimitGate, QuotaLeft } from './limit.gate';

const measureEveryMs = 5_000;

/** Shows what is left of each client's quotas: read from Redis every few seconds, so that no call pays for it. */
export class QuotaMeters {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly limits: LimitGate,
    /** As they are registered now. */
    private readonly clients: () => Iterable<ClientRecord>,
    private readonly metrics: Metrics,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.measure(), measureEveryMs);
    void this.measure();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async measure(): Promise<void> {
    try {
      this.show((await this.limits.quotasLeft(this.clients())) ?? []);
    } catch (error) {
      this.show([]);
      this.log.debug({ err: error }, 'the quotas cannot be read now');
    }
  }

  /** All anew: a client may be gone, or have a quota no more. */
  private show(quotas: readonly QuotaLeft[]): void {
    this.metrics.clear('lgsp_quota_limit');
    this.metrics.clear('lgsp_quota_remaining');
    for (const { client, quota, left } of quotas) {
      const labels = { client, quota: quota.name };
      this.metrics.gauge('lgsp_quota_limit', labels).set(quota.limit);
      this.metrics.gauge('lgsp_quota_remaining', labels).set(left);
    }
  }
}
