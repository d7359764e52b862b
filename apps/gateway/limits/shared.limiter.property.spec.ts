import fc from 'fast-check';
import { Redis } from 'ioredis';
import { TestRedis } from '../testing/redis';
import type { Rate } from './limit';
import { SharedLimiter } from './shared.limiter';

/** What must hold of the limits whatever the traffic is, through any number of gateways before one Redis. */

const gatewaysMax = 5;
let server: TestRedis;
let connections: Redis[];
let keys = 0;

beforeAll(async () => {
  server = await TestRedis.start();
  connections = Array.from({ length: gatewaysMax }, () => new Redis(server.url, { enableAutoPipelining: true }));
});
afterAll(async () => {
  for (const connection of connections) connection.disconnect();
  await server.stop();
});

/** One call of the traffic: how long after the one before, through which gateway, of which of two clients. */
interface Step {
  gapMs: number;
  gateway: number;
  client: number;
}

interface Settings {
  gateways: number;
  clientRate: number;
  clientBurst: number;
  systemRate: number;
  systemBurst: number;
}

/** An admitted call, and between which two moments Redis decided it. Milliseconds. */
interface Admitted {
  client: number;
  from: number;
  to: number;
}

const rate = (name: string, key: string, limit: number, burst: number): Rate => ({
  kind: 'rate',
  name,
  key,
  limit,
  periodMs: 1_000,
  burst,
});

/** Plays the traffic in real time: each gateway has a limiter of its own, and knows nothing of the others. */
async function play(steps: readonly Step[], settings: Settings): Promise<Admitted[]> {
  const { gateways, clientRate, clientBurst, systemRate, systemBurst } = settings;
  const run = ++keys;
  const system = rate('system', `system:${run}`, systemRate, systemBurst);
  // As each gateway makes the lists of its own: the same limits, and not the same objects.
  const lists = Array.from({ length: gateways }, () =>
    [0, 1].map((client) => [rate('client', `client:${run}:${client}`, clientRate, clientBurst), system]),
  );
  const limiters = connections.slice(0, gateways).map((connection) => new SharedLimiter(connection));
  const admitted: Admitted[] = [];
  const calls: Promise<void>[] = [];
  for (const { gapMs, gateway, client } of steps) {
    if (gapMs > 0) await new Promise((resolve) => setTimeout(resolve, gapMs));
    const nth = gateway % gateways;
    const ask = async (): Promise<void> => {
      const from = performance.now();
      const { refusedBy } = await limiters[nth]!.admit(lists[nth]![client]!);
      if (!refusedBy) admitted.push({ client, from, to: performance.now() });
    };
    calls.push(ask());
  }
  await Promise.all(calls);
  return admitted;
}

/** Clocks of the two processes may differ by so much over a run: a tenth of a call at most. */
const clockMs = 0.2;

/** The window in which more were admitted than rate and burst allow; undefined when there is none. */
function exceeded(admitted: readonly Admitted[], limit: number, burst: number): string | undefined {
  for (const { from } of admitted) {
    const within = admitted.filter((call) => call.from >= from).toSorted((a, b) => a.to - b.to);
    for (const [index, { to }] of within.entries()) {
      const most = Math.floor(burst + ((to - from + clockMs) * limit) / 1_000);
      if (index + 1 > most) return `${index + 1} in ${(to - from).toFixed(2)} ms, where ${most} are allowed`;
    }
  }
  return undefined;
}

const step = fc.record({
  // Mostly at once, so that gateways decide about the same limit at the same time; now and then a pause.
  gapMs: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 15 }) }),
  gateway: fc.nat(gatewaysMax - 1),
  client: fc.nat(1),
});
const settings = fc.record({
  gateways: fc.integer({ min: 2, max: gatewaysMax }),
  clientRate: fc.integer({ min: 5, max: 300 }),
  clientBurst: fc.integer({ min: 1, max: 30 }),
  systemRate: fc.integer({ min: 5, max: 300 }),
  systemBurst: fc.integer({ min: 1, max: 40 }),
});

it('never more is admitted in any window than each limit allows, by however many gateways', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 200 }), settings, async (steps, given) => {
      const admitted = await play(steps, given);
      const { clientRate, clientBurst, systemRate, systemBurst } = given;
      for (const client of [0, 1])
        expect(
          exceeded(
            admitted.filter((call) => call.client === client),
            clientRate,
            clientBurst,
          ),
        ).toBeUndefined();
      expect(exceeded(admitted, systemRate, systemBurst)).toBeUndefined();
      // And it is a limit, not a wall: the first call of all is always admitted.
      expect(admitted.length).toBeGreaterThan(0);
    }),
    { numRuns: 30 },
  );
}, 120_000);

it('the check itself sees one call too many', () => {
  const call = (from: number, to: number): Admitted => ({ client: 0, from, to });
  const exact = [call(0, 1), call(0, 1), call(100, 101)];
  expect(exceeded(exact, 10, 2)).toBeUndefined();
  expect(exceeded([...exact, call(150, 151)], 10, 2)).toMatch(/^4 in 151/);
});
