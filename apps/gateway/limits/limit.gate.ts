import { Redis } from 'ioredis';
import type { ClientRecord } from '#lgsp/clients';
import { BusError } from '#lgsp/errors';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { Limit, LimitDecision, Quota } from './limit';
import type { LimitPolicy } from './limit.policy';
import { LocalLimiter } from './local.limiter';
import { SharedLimiter } from './shared.limiter';

export interface LimitGateOptions {
  /** Without one, limits are this gateway's own from the start. */
  redisUrl?: string;
  redisPassword?: string;
  /** Longest wait for one decision, in milliseconds. */
  redisMs: number;
  /** Share of each limit that this gateway gives while Redis is away. */
  localShare: number;
}

export interface QuotaLeft {
  client: string;
  quota: Quota;
  left: number;
}

/** How long Redis is left alone after it failed, so that not every call waits for it. */
const pauseMs = 500;

/**
 * Rate limits and quotas of a call, exact across gateways by Redis; when Redis is slow or gone a local limiter takes over at
 * once, visibly, until Redis answers again.
 */
export class LimitGate {
  /** Why limits are not exact now; undefined while they are. */
  degraded?: string;
  private readonly redis?: Redis;
  private readonly shared?: SharedLimiter;
  private readonly local: LocalLimiter;
  private readonly remaining = new Map<string, { set(value: number): void }>();
  private triedAt = 0;

  constructor(
    private readonly policy: LimitPolicy,
    options: LimitGateOptions,
    private readonly log: Logger,
    private readonly metrics: Metrics,
  ) {
    const { redisUrl, redisPassword, redisMs, localShare } = options;
    this.local = new LocalLimiter(localShare);
    if (redisUrl) {
      this.redis = new Redis(redisUrl, {
        password: redisPassword,
        commandTimeout: redisMs,
        connectTimeout: 2_000,
        // Nothing waits in memory for a Redis that is away: the local limiter decides instead.
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        retryStrategy: () => pauseMs,
      });
      this.redis.on('error', (error: Error) => this.degrade(error));
      // Also while nobody calls.
      this.redis.on('ready', () => this.recover());
      this.shared = new SharedLimiter(this.redis);
    } else this.degraded = 'no Redis is configured: each gateway limits on its own';
    this.metrics.gauge('lgsp_limiter_degraded', {}).set(this.degraded ? 1 : 0);
  }

  /** Waits for the first connection, so that the first calls are limited exactly; not for long. */
  async start(withinMs = 2_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (this.redis && this.redis.status !== 'ready' && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  stop(): void {
    this.redis?.disconnect();
  }

  /** Counts the call against all its limits. @throws BusError `rate-limited`, `quota-exhausted`; the decision is told first */
  async admit(client: ClientRecord, system: string, tell: (decision: LimitDecision) => void): Promise<void> {
    const decision = await this.decide(this.policy.of(client, system));
    this.show(client.id, decision.remaining);
    tell(decision);
    const { refusedBy, retryAfterMs } = decision;
    if (refusedBy) throw new BusError(refusedBy.kind === 'rate' ? 'rate-limited' : 'quota-exhausted', { retryAfterMs });
  }

  /** The clients' quotas, each with the calls that it has left; undefined while Redis, which counts them, is away. */
  async quotasLeft(clients: Iterable<ClientRecord>): Promise<QuotaLeft[] | undefined> {
    if (!this.shared || this.degraded) return undefined;
    const quotas = [...clients].flatMap((client) =>
      this.policy.quotasOf(client).map((quota) => ({ client: client.id, quota })),
    );
    const used = await this.shared.used(quotas.map(({ quota }) => quota));
    return quotas.map(({ client, quota }, nth) => ({ client, quota, left: Math.max(0, quota.limit - used[nth]!) }));
  }

  private decide(limits: readonly Limit[]): Promise<LimitDecision> {
    const now = Date.now();
    if (!this.shared || (this.degraded && now - this.triedAt < pauseMs))
      return Promise.resolve(this.local.admit(limits));
    this.triedAt = now;
    return this.shared.admit(limits).then(
      (decision) => {
        this.recover();
        return decision;
      },
      (error: unknown) => {
        this.degrade(error as Error);
        return this.local.admit(limits);
      },
    );
  }

  private degrade(error: Error): void {
    if (this.degraded) return; // Said once: the log is not filled by an outage.
    this.degraded = 'Redis does not answer: this gateway limits on its own';
    this.metrics.gauge('lgsp_limiter_degraded', {}).set(1);
    this.log.warn({ err: error }, this.degraded);
  }

  private recover(): void {
    if (!this.degraded) return;
    this.degraded = undefined;
    this.metrics.gauge('lgsp_limiter_degraded', {}).set(0);
    this.log.info('Redis answers again: limits are exact');
  }

  private show(clientId: string, remaining: number): void {
    let gauge = this.remaining.get(clientId);
    if (!gauge) {
      gauge = this.metrics.gauge('lgsp_rate_limit_remaining', { client: clientId });
      this.remaining.set(clientId, gauge);
    }
    gauge.set(remaining);
  }
}

/** `RateLimit-Policy` and `RateLimit` of the tightest limit (IETF draft-ietf-httpapi-ratelimit-headers). */
export function limitHeaders({ tightest, remaining, resetMs }: LimitDecision): { policy: string; state: string } {
  const quota = tightest.kind === 'rate' ? (tightest.burst ?? tightest.limit) : tightest.limit;
  // Whoever stays within the quota in any window is never refused: a rate gives its burst again in so long.
  const windowMs =
    tightest.kind === 'rate' ? (quota * tightest.periodMs) / tightest.limit : tightest.endsAt - Date.now();
  const windowSeconds = Math.max(1, Math.ceil(windowMs / 1_000));
  return {
    policy: `"${tightest.name}";q=${Math.floor(quota)};w=${windowSeconds}`,
    state: `"${tightest.name}";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`,
  };
}
