import type { Limit, LimitDecision, Rate } from './limit';
import { rateSettings } from './rate.settings';

/** Most keys that are kept; the oldest is forgotten, which can only let a call through. */
const keysMax = 100_000;

/**
 * Stands in while Redis is away: the same rates, in this process alone, at a share of each limit, so that several gateways
 * together stay near it. Quotas are not counted here: what is called now is not missed later by more than the outage.
 */
export class LocalLimiter {
  private readonly dues = new Map<string, number>();

  /** @param share of each limit that this gateway may give, above 0 to 1 */
  constructor(private readonly share: number) {}

  admit(limits: readonly Limit[], now = Date.now()): LimitDecision {
    const rates = limits.filter((limit): limit is Rate => limit.kind === 'rate').map((rate) => this.shareOf(rate));
    const states = rates.map((rate) => Math.max(now, this.dues.get(rate.key) ?? now));
    let refused = -1;
    let retryAfterMs = 0;
    for (const [index, rate] of rates.entries()) {
      const [, toleranceMicros] = rateSettings(rate);
      const over = states[index]! - now - toleranceMicros / 1_000;
      if (over > retryAfterMs) [refused, retryAfterMs] = [index, over];
    }
    if (refused < 0) for (const [index, rate] of rates.entries()) this.count(rate, states[index]!);
    const tightest = Math.max(0, refused);
    const [interval, tolerance] = rateSettings(rates[tightest]!).map((micros) => micros / 1_000) as [number, number];
    const ahead = states[tightest]! - now + (refused < 0 ? interval : 0);
    return {
      refusedBy: refused < 0 ? undefined : limits.find(({ key }) => key === rates[refused]!.key),
      retryAfterMs: Math.ceil(retryAfterMs),
      tightest: rates[tightest]!,
      remaining: refused < 0 ? Math.max(0, Math.floor((tolerance + interval - ahead) / interval)) : 0,
      resetMs: Math.ceil(Math.max(0, ahead)),
    };
  }

  private shareOf(rate: Rate): Rate {
    const burst = Math.max(1, Math.floor((rate.burst ?? rate.limit) * this.share));
    return { ...rate, limit: Math.max(1, rate.limit * this.share), burst };
  }

  private count(rate: Rate, due: number): void {
    if (!this.dues.has(rate.key) && this.dues.size >= keysMax) this.dues.delete(this.dues.keys().next().value!);
    this.dues.set(rate.key, due + rateSettings(rate)[0] / 1_000);
  }
}
