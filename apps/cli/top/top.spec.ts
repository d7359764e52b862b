import fc from 'fast-check';
import { figuresBetween, quantile } from './connection.figures';
import { parseMetrics, type MetricsReading } from './metrics.reading';
import { drawTop } from './top.drawing';
import { viewOf, type GatewayStatus, type TopView } from './top.view';

const requests = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([status, count]) => `lgsp_requests_total{system="payment",operation="pay",status="${status}"} ${count}`)
    .join('\n');

const buckets = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(
      ([le, count]) => `lgsp_transaction_duration_seconds_bucket{le="${le}",system="payment",operation="pay"} ${count}`,
    )
    .join('\n');

const reading = (url: string, atMs: number, ...lines: string[]): MetricsReading => ({
  url,
  atMs,
  samples: parseMetrics(lines.join('\n'), [
    'lgsp_requests_total',
    'lgsp_transaction_duration_seconds',
    'lgsp_inflight',
  ]),
});

describe('parseMetrics', () => {
  it('reads the series of the metrics that are asked for, and no other', () => {
    const text = [
      '# HELP lgsp_inflight Admitted calls',
      'lgsp_inflight{system="payment"} 3',
      'lgsp_inflight{system="odd\\"\\\\\\nname"} +Inf',
      'lgsp_inflight_other 9',
      'process_cpu_seconds_total 1.5',
      'lgsp_inflight{system="vnpost"} 2 1700000000000',
    ].join('\n');
    expect([...parseMetrics(text, ['lgsp_inflight'])]).toEqual([
      [
        'lgsp_inflight',
        [
          { labels: { system: 'payment' }, value: 3 },
          { labels: { system: 'odd"\\\nname' }, value: Number.POSITIVE_INFINITY },
          { labels: { system: 'vnpost' }, value: 2 },
        ],
      ],
    ]);
  });
});

describe('figuresBetween', () => {
  it('are the growth of all gateways, each over its own time', () => {
    const before = [
      reading('a', 0, requests({ 200: 10, 504: 1 })),
      reading('b', 500, requests({ 200: 100 }), 'lgsp_inflight{system="payment"} 7'),
    ];
    const after = [
      reading('a', 2_000, requests({ 200: 16, 504: 3 }), 'lgsp_inflight{system="payment"} 2'),
      reading('b', 4_500, requests({ 200: 108 }), 'lgsp_inflight{system="payment"} 3'),
    ];
    const { perSecond, success, inFlight, p95Ms } = figuresBetween(before, after).get('payment')!;
    expect({ perSecond, inFlight, p95Ms }).toEqual({ perSecond: 4 + 2, inFlight: 5, p95Ms: undefined });
    expect(success).toBeCloseTo(14 / 16);
  });

  it('a gateway that was started again counts from nothing, a new one tells no rate yet', () => {
    const before = [reading('a', 0, requests({ 200: 1_000 }))];
    const after = [reading('a', 1_000, requests({ 200: 5 })), reading('b', 1_000, requests({ 200: 700 }))];
    expect(figuresBetween(before, after).get('payment')!.perSecond).toBe(5);
  });

  it('a refusal is no fault: success is what neither the bus nor the outside system failed', () => {
    const before = [reading('a', 0, requests({ 404: 0, 422: 0, 429: 0, 502: 0 }))];
    const after = [reading('a', 1_000, requests({ 404: 1, 422: 1, 429: 1, 502: 1 }))];
    expect(figuresBetween(before, after).get('payment')!.success).toBe(0.75);
  });

  it('p95 is of the calls between, not of all that ever were', () => {
    const before = [reading('a', 0, buckets({ '0.1': 1_000, '1': 1_000, '+Inf': 1_000 }))];
    const after = [reading('a', 1_000, buckets({ '0.1': 1_000, '1': 1_100, '+Inf': 1_100 }))];
    expect(figuresBetween(before, after).get('payment')!.p95Ms).toBeCloseTo(955);
  });
});

it('a quantile lies in the bucket that holds it, whatever was measured', () => {
  const bounds = [0.005, 0.05, 0.5, 5, Number.POSITIVE_INFINITY];
  const seconds = fc.double({ min: 0, max: 20, noNaN: true });
  fc.assert(
    fc.property(fc.array(seconds, { minLength: 1, maxLength: 60 }), (measured) => {
      const counts = new Map(bounds.map((bound) => [bound, measured.filter((value) => value <= bound).length]));
      const sorted = measured.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil(0.95 * sorted.length) - 1]!;
      const at = bounds.findIndex((bound) => exact <= bound);
      const [low, high] = [at === 0 ? 0 : bounds[at - 1]!, Math.min(bounds[at]!, 5)];
      const estimated = quantile(0.95, counts)!;
      expect(estimated).toBeGreaterThanOrEqual(low);
      expect(estimated).toBeLessThanOrEqual(high);
    }),
  );
  expect(quantile(0.95, new Map())).toBeUndefined();
});

const morning = '2026-11-25T09:00:00+07:00';

const status: GatewayStatus = {
  status: 'degraded',
  at: '2026-11-25T16:20:05+07:00',
  parts: { bus: { status: 'up' }, limiter: { status: 'degraded', reason: 'Redis does not answer' } },
  connections: [
    {
      system: 'business-registration',
      state: 'down',
      reason: 'no-instance',
      since: '2026-11-25T16:10:00+07:00',
      lastError: { code: 'connector-unavailable', fault: 'bus', at: '2026-11-25T16:19:59+07:00' },
    },
    { system: 'payment', state: 'degraded', reason: 'circuit-half-open', since: morning, circuit: 'half-open' },
    { system: 'vnpost', state: 'up', since: morning, circuit: 'closed' },
  ],
};

describe('drawTop', () => {
  const figures = new Map([
    ['payment', { perSecond: 1_234.5, success: 0.9999, p95Ms: 12_345, inFlight: 1_999 }],
    ['vnpost', { perSecond: 0.5, success: 1, p95Ms: 8.4, inFlight: 0 }],
  ]);
  const view: TopView = viewOf('http://127.0.0.1:8080', status, figures, 8.1);
  const paper = { columns: 80, rows: Number.POSITIVE_INFINITY, colours: false };

  it('fits into 80 columns, with the longest names and figures', () => {
    expect(drawTop(view, paper)).toEqual([
      'lgsp top  25/11 16:20:05  http://127.0.0.1:8080  rates of the last 8 s',
      '! limiter is degraded: Redis does not answer',
      '',
      'system                state     calls/s  success      p95 circuit   in flight',
      'business-registration down         0.00        –        – –                 0',
      'payment               degraded     1235   99.9 %   12.3 s half-open      1999',
      'vnpost                up           0.50    100 %   8.4 ms closed            0',
      'all 3                 1 up         1235                                  1999',
    ]);
  });

  it('tells since when and the last error where there is room', () => {
    const lines = drawTop(view, { ...paper, columns: 140 });
    expect(lines.join('\n')).toContain('25/11 16:10:00 connector-unavailable    25/11 16:19:59');
  });

  it.each([20, 40, 79, 80, 111, 200])('no line is longer than %s columns', (columns) => {
    const lines = drawTop(view, { ...paper, columns, trouble: 'x'.repeat(300) });
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
  });

  it('leaves out what is well when there are too few lines, and says so', () => {
    const lines = drawTop(view, { ...paper, rows: 8 });
    expect(lines).toHaveLength(8);
    expect(lines.join('\n')).toContain('… 1 more');
    expect(lines.join('\n')).not.toContain('vnpost');
  });
});
