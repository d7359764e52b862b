import type { Redis } from 'ioredis';
import type { Limit, LimitDecision } from './limit';
import { limitScript } from './limit.script';
import { rateSettings } from './rate.settings';

/** The client with the limit script as a command of its own. */
interface LimitingRedis extends Redis {
  lgspLimit(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<(number | string)[]>;
}

const keyPrefix = 'lgsp:limit:';

/**
 * Limits that are exact across any number of gateways: kept in Redis, decided in one round trip for all limits of a call.
 * Concurrent calls share a write to the connection (auto-pipelining is the client's).
 */
export class SharedLimiter {
  private readonly redis: LimitingRedis;

  constructor(redis: Redis) {
    redis.defineCommand('lgspLimit', { lua: limitScript });
    this.redis = redis as LimitingRedis;
  }

  /** @throws whatever Redis throws: the caller decides what to do without it */
  async admit(limits: readonly Limit[]): Promise<LimitDecision> {
    const keys: string[] = [];
    const settings: (string | number)[] = [];
    for (const limit of limits) {
      keys.push(keyPrefix + limit.key);
      if (limit.kind === 'quota') settings.push('q', limit.limit, limit.endsAt * 1_000);
      else settings.push('r', ...rateSettings(limit));
    }
    const answer = await this.redis.lgspLimit(keys.length, ...keys, ...settings);
    return readDecision(limits, answer);
  }
}

function readDecision(limits: readonly Limit[], answer: readonly (number | string)[]): LimitDecision {
  const refused = Number(answer[0]);
  let tightest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < limits.length; index++) {
    const share = Number(answer[2 + index * 2]) / limits[index]!.limit;
    if (share < least) [least, tightest] = [share, index];
  }
  if (refused > 0) tightest = refused - 1;
  return {
    refusedBy: refused > 0 ? limits[refused - 1] : undefined,
    retryAfterMs: Math.ceil(Number(answer[1]) / 1_000),
    tightest: limits[tightest]!,
    remaining: refused > 0 ? 0 : Number(answer[2 + tightest * 2]),
    resetMs: Math.ceil(Number(answer[3 + tightest * 2]) / 1_000),
  };
}
