import { Redis } from 'ioredis';
import { TestRedis } from '../testing/redis';
import type { Limit, Rate } from './limit';
import { SharedLimiter } from './shared.limiter';

let server: TestRedis;
const clients: Redis[] = [];

beforeAll(async () => (server = await TestRedis.start()));
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await server.stop();
});

/** As one gateway has it. */
function open(): Redis {
  const client = new Redis(server.url, { enableAutoPipelining: true });
  clients.push(client);
  return client;
}

const rate = (key: string, limit: number, periodMs: number, burst = 1): Rate => ({
  kind: 'rate',
  name: 'client',
  key,
  limit,
  periodMs,
  burst,
});

describe('SharedLimiter', () => {
  it('gives a steady caller at the limit at least 98 % of it, through three gateways', async () => {
    const limiters = [open(), open(), open()].map((client) => new SharedLimiter(client));
    // The burst forgives this machine its pauses. It is used up first, so that it is no part of what is counted.
    const limit = rate('steady', 200, 1_000, 60);
    while (!(await limiters[0]!.admit([limit])).refusedBy);
    const startedAt = performance.now();
    let admitted = 0;
    const caller = async (limiter: SharedLimiter): Promise<void> => {
      while (performance.now() - startedAt < 2_500) {
        const { refusedBy, retryAfterMs } = await limiter.admit([limit]);
        if (!refusedBy) admitted++;
        else await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
      }
    };
    await Promise.all(limiters.map(caller));
    const due = ((performance.now() - startedAt) * 200) / 1_000;
    expect(admitted / due).toBeGreaterThanOrEqual(0.98);
    expect(admitted / due).toBeLessThanOrEqual(1.02);
  });

  it('admits no more than the burst at once, from many gateways', async () => {
    const limiters = Array.from({ length: 4 }, () => new SharedLimiter(open()));
    const limit = rate('burst', 10, 60_000, 10);
    const decisions = await Promise.all(Array.from({ length: 200 }, (_, nth) => limiters[nth % 4]!.admit([limit])));
    expect(decisions.filter(({ refusedBy }) => !refusedBy)).toHaveLength(10);
    const refusal = decisions.find(({ refusedBy }) => refusedBy)!;
    expect(refusal.retryAfterMs).toBeGreaterThan(5_000);
    expect(refusal.retryAfterMs).toBeLessThanOrEqual(6_000);
  });

  it('counts a call by all limits or by none', async () => {
    const limiter = new SharedLimiter(open());
    const wide = rate('all:wide', 100, 60_000, 100);
    const narrow = rate('all:narrow', 2, 60_000, 2);
    const limits: Limit[] = [wide, narrow];
    for (let nth = 0; nth < 10; nth++) await limiter.admit(limits);
    const { remaining } = await limiter.admit([wide]);
    expect(remaining).toBe(97);
  });

  it('counts a quota until its period ends', async () => {
    const limiter = new SharedLimiter(open());
    const quota = (period: string, endsAt: number): Limit => ({
      kind: 'quota',
      name: 'day',
      key: `q:${period}`,
      limit: 3,
      endsAt,
    });
    const today = quota('2026-11-24', Date.now() + 60_000);
    const remaining = [];
    for (let nth = 0; nth < 3; nth++) remaining.push((await limiter.admit([today])).remaining);
    expect(remaining).toEqual([2, 1, 0]);
    expect(await limiter.admit([today])).toMatchObject({ refusedBy: today, remaining: 0 });
    expect((await limiter.admit([quota('2026-11-25', Date.now() + 60_000)])).refusedBy).toBeUndefined();
  });

  it('names the limit with the least share left', async () => {
    const limiter = new SharedLimiter(open());
    const decision = await limiter.admit([rate('tight:a', 100, 60_000, 100), rate('tight:b', 4, 60_000, 4)]);
    expect(decision).toMatchObject({ tightest: { key: 'tight:b' }, remaining: 3 });
  });
});
