import fc from 'fast-check';
import type { ClientRecord } from '#lgsp/clients';
import type { Rate } from './limit';
import { LimitPolicy } from './limit.policy';
import { LocalLimiter } from './local.limiter';

const rate = (limit: number, burst: number): Rate => ({
  kind: 'rate',
  name: 'client',
  key: 'k',
  limit,
  periodMs: 1_000,
  burst,
});

describe('LocalLimiter', () => {
  it('never admits more in any window than rate and burst allow, whatever the traffic', () => {
    const traffic = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(traffic, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), (gaps, limit, burst) => {
        const limiter = new LocalLimiter(1);
        const admitted: number[] = [];
        let now = 1_000_000;
        for (const gap of gaps) {
          now += gap;
          if (!limiter.admit([rate(limit, burst)], now).refusedBy) admitted.push(now);
        }
        for (let from = 0; from < admitted.length; from++) {
          for (let to = from; to < admitted.length; to++) {
            const most = burst + ((admitted[to]! - admitted[from]!) * limit) / 1_000;
            expect(to - from + 1).toBeLessThanOrEqual(Math.floor(most + 1e-6));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lets a caller that keeps the pause it is told through', () => {
    const limiter = new LocalLimiter(1);
    let now = 0;
    for (let nth = 0; nth < 100; nth++) {
      const { refusedBy, retryAfterMs } = limiter.admit([rate(7, 3)], now);
      if (!refusedBy) continue;
      now += retryAfterMs;
      expect(limiter.admit([rate(7, 3)], now).refusedBy).toBeUndefined();
    }
    expect(now).toBeGreaterThan(0);
  });

  it('gives its share of each limit, and never less than one call', () => {
    const half = new LocalLimiter(0.5);
    const admitted = Array.from({ length: 20 }, () => half.admit([rate(10, 10)], 5_000)).filter(
      ({ refusedBy }) => !refusedBy,
    );
    expect(admitted).toHaveLength(5);
    expect(new LocalLimiter(0.01).admit([rate(1, 1)], 5_000).refusedBy).toBeUndefined();
  });
});

describe('LimitPolicy', () => {
  const policy = new LimitPolicy({ client: { perSecond: 200, burst: 400 }, systems: { population: 50 } });
  const client = (limits?: ClientRecord['limits']): ClientRecord => ({
    id: 'ward',
    name: 'Ward',
    agencies: ['H24.11'],
    environment: 'production',
    role: 'caller',
    secrets: [],
    grants: ['*'],
    state: 'active',
    limits,
    createdAt: '2026-11-24T00:00:00Z',
  });
  const names = (limits?: ClientRecord['limits'], system = 'payment'): string[] =>
    policy.of(client(limits), system).map(({ name, limit }) => `${name} ${limit}`);

  it('has the defaults, what the client has of its own, and the system', () => {
    expect(names()).toEqual(['client 200']);
    expect(names({ perSecond: 5, perSecondAtSystem: 2, perDay: 1_000, perMonth: 9_000 }, 'population')).toEqual([
      'client 5',
      'client-system 2',
      'system 50',
      'day 1000',
      'month 9000',
    ]);
  });

  it.each([
    // Just before and just after midnight in Vietnam, which is 17:00 UTC; and the end of a year.
    ['2026-11-24T16:59:59.000Z', 'client:ward:2026-11-24', '2026-11-24T17:00:00.000Z', '2026-11-30T17:00:00.000Z'],
    ['2026-11-24T17:00:00.000Z', 'client:ward:2026-11-25', '2026-11-25T17:00:00.000Z', '2026-11-30T17:00:00.000Z'],
    ['2026-12-31T16:59:59.999Z', 'client:ward:2026-12-31', '2026-12-31T17:00:00.000Z', '2026-12-31T17:00:00.000Z'],
  ])('counts quotas by the calendar of Vietnam: %s', (now, key, dayEnds, monthEnds) => {
    const [, day, month] = policy.of(client({ perDay: 5, perMonth: 50 }), 'land', Date.parse(now));
    expect(day).toMatchObject({ key, endsAt: Date.parse(dayEnds) });
    expect(month).toMatchObject({ endsAt: Date.parse(monthEnds) });
  });
});
