import type { Redis } from 'ioredis';
import type { Limit, LimitDecision, Quota } from './limit';
import { limitScript } from './limit.script';
import { rateSettings } from './rate.settings';

/** The client with the limit script as a command of its own. */
interface LimitingRedis extends Redis {
  lgspLimit(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<string>;
}

interface Waiting {
  resolve(decision: LimitDecision): void;
  reject(error: unknown): void;
}

const keyPrefix = 'lgsp:limit:';
/** Most calls that share one round trip: bounds how long Redis is busy with one. */
const batchMax = 500;
const numbersPerCall = 5;

/** A list of limits as the script takes it. */
interface Prepared {
  keys: string[];
  settings: string;
}

/**
 * Limits that are exact across any number of gateways: kept in Redis, decided in one round trip for all limits of a call.
 * Calls that come while a round trip is under way share the next one, so that under load a call costs little more than its
 * part of the script.
 */
export class SharedLimiter {
  private readonly redis: LimitingRedis;
  /** Calls of the next round trip, by their limits: a client's calls at one system have the same list. */
  private groups = new Map<readonly Limit[], Waiting[]>();
  private readonly prepared = new WeakMap<readonly Limit[], Prepared>();
  private size = 0;
  private underWay = false;

  constructor(redis: Redis) {
    redis.defineCommand('lgspLimit', { lua: limitScript });
    this.redis = redis as LimitingRedis;
  }

  /** @throws whatever Redis throws: the caller decides what to do without it */
  admit(limits: readonly Limit[]): Promise<LimitDecision> {
    return new Promise((resolve, reject) => {
      const group = this.groups.get(limits);
      if (group) group.push({ resolve, reject });
      else this.groups.set(limits, [{ resolve, reject }]);
      if (++this.size >= batchMax) void this.ask();
      else if (!this.underWay) {
        this.underWay = true;
        setImmediate(() => void this.ask());
      }
    });
  }

  /** How many calls were counted against each of the quotas. @throws whatever Redis throws */
  async used(quotas: readonly Quota[]): Promise<number[]> {
    if (quotas.length === 0) return [];
    const values = await this.redis.mget(quotas.map(({ key }) => keyPrefix + key));
    return values.map((value) => Number(value ?? 0));
  }

  private async ask(): Promise<void> {
    const { groups } = this;
    this.groups = new Map();
    this.size = 0;
    this.underWay = true;
    try {
      const keys: string[] = [];
      const settings: (string | number)[] = [];
      for (const [limits, waiting] of groups) {
        const prepared = this.prepare(limits);
        keys.push(...prepared.keys);
        settings.push(waiting.length, limits.length, prepared.settings);
      }
      const answer = (await this.redis.lgspLimit(keys.length, ...keys, ...settings)).split(' ');
      let at = 0;
      for (const [limits, waiting] of groups)
        for (const call of waiting) {
          call.resolve(readDecision(limits, answer, at));
          at += numbersPerCall;
        }
    } catch (error) {
      for (const waiting of groups.values()) for (const call of waiting) call.reject(error);
    } finally {
      this.underWay = false;
      if (this.size > 0) void this.ask();
    }
  }

  /** Once per list: a client's calls at one system have the same one until the client changes or the day ends. */
  private prepare(limits: readonly Limit[]): Prepared {
    let prepared = this.prepared.get(limits);
    if (!prepared) {
      const keys = limits.map(({ key }) => keyPrefix + key);
      this.prepared.set(limits, (prepared = { keys, settings: limits.map(settingsOf).join(' ') }));
    }
    return prepared;
  }
}

function settingsOf(limit: Limit): string {
  if (limit.kind === 'quota') return `q ${limit.limit} ${limit.endsAt * 1_000} ${limit.limit}`;
  const [interval, tolerance] = rateSettings(limit);
  return `r ${interval} ${tolerance} ${limit.limit}`;
}

function readDecision(limits: readonly Limit[], answer: readonly string[], at: number): LimitDecision {
  const refused = Number(answer[at]);
  return {
    refusedBy: refused > 0 ? limits[refused - 1] : undefined,
    retryAfterMs: Math.ceil(Number(answer[at + 1]) / 1_000),
    tightest: limits[Number(answer[at + 2]) - 1]!,
    remaining: Number(answer[at + 3]),
    resetMs: Math.ceil(Number(answer[at + 4]) / 1_000),
  };
}
