import type { BusError, ErrorCode } from '#lgsp/errors';
import type { Held, JobHold } from '#lgsp/jobs';
import type { MaintenanceWindow } from './maintenance.window';

const leastMs = 500;
const mostMs = 30_000;

/**
 * Whether commands may be sent to a system now. What holds one command holds all: its open circuit, its connector that is away,
 * hours of maintenance, an operator. After a failure one command at a time goes first, until one is answered.
 */
export class SystemHold {
  private failed?: { code: ErrorCode; until: number };
  private failures = 0;
  private paused?: JobHold;

  constructor(private readonly maintenance: MaintenanceWindow | undefined) {}

  /** One command at a time, to see whether the system is there again. */
  get probing(): boolean {
    return this.failures > 0;
  }

  /** An operator's word; undefined when it was taken back. */
  pause(hold: JobHold | undefined): void {
    this.paused = hold;
  }

  at(now: number): Held | undefined {
    if (this.paused && (this.paused.until ?? Infinity) > now) {
      const { until, who, reason } = this.paused;
      return { why: 'paused', until, who, reason };
    }
    const until = this.maintenance?.endAt(now);
    if (until !== undefined) return { why: 'maintenance', until };
    if (this.failed && this.failed.until > now) return { why: this.failed.code, until: this.failed.until };
    return undefined;
  }

  /** A command met it: nothing more is sent for a while, as long as the system itself says, or longer each time. */
  meet({ code, retryAfterMs = leastMs }: BusError, now = Date.now()): number {
    // Those that were under way when the first one failed say the same.
    if (!this.failed || this.failed.until <= now) this.failures++;
    const growingMs = leastMs * 2 ** Math.min(this.failures - 1, 10);
    const asked = code === 'circuit-open' ? retryAfterMs : Math.max(retryAfterMs, growingMs);
    this.failed = { code, until: now + Math.min(mostMs, Math.max(leastMs, asked)) };
    return this.failed.until;
  }

  /** A command was answered. */
  passed(): void {
    this.failures = 0;
    this.failed = undefined;
  }
}
