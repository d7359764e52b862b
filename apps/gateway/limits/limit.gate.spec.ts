import type { ChildProcess } from 'node:child_process';
import { loadConfig } from '#lgsp/config';
import { createLogger } from '#lgsp/telemetry';
import { startGateway, type Gateway } from '../gateway';
import { GatewayConfig } from '../gateway.config';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until, type Answer } from '../testing/gateway.harness';
import { TestRedis } from '../testing/redis';

const harness = new GatewayHarness();
let redis: TestRedis;
let foreign: ChildProcess;
let second: Gateway;

beforeAll(async () => {
  redis = await TestRedis.start();
  const settings = {
    LGSP_REDIS_URL: redis.url,
    LGSP_REDIS_MS: '200',
    LGSP_SYSTEMS_PER_SECOND: '{"tides":3}',
    LGSP_LOCAL_LIMIT_SHARE: '0.5',
  };
  await harness.start(settings);
  foreign = await startForeign(harness);
  const config = loadConfig(GatewayConfig, { LGSP_NATS_URL: harness.nats.url, LGSP_HTTP_PORT: '0', ...settings });
  second = await startGateway(config, createLogger({ app: 'gateway', level: 'silent' }));
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await second.stop();
  await harness.stop();
  await redis.stop();
});

/** Calls as the client with this secret, at either gateway. */
async function call(secret: string, gateway = harness.gateway.url): Promise<Answer> {
  const response = await fetch(`${gateway}/v1/weather/get-forecast`, {
    method: 'POST',
    headers: { authorization: `ApiKey ${secret}`, 'content-type': 'application/json' },
    body: '{}',
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
    ms: 0,
  };
}

/** Registers a client with limits and waits until both gateways know it, without spending of its limits. */
async function limited(id: string, limits: object): Promise<string> {
  const secret = await harness.register(id, { limits, state: 'suspended' });
  for (const url of [harness.gateway.url, second.url]) {
    await until(async () => (await call(secret, url)).body['code'] === 'client-suspended');
  }
  await harness.clients.put({ ...(await harness.clients.get(id))!, state: 'active' });
  await new Promise((resolve) => setTimeout(resolve, 150));
  return secret;
}

it('is exact over two gateways, and tells when to come again', async () => {
  const secret = await limited('narrow', { perSecond: 1, burst: 10 });
  const urls = [harness.gateway.url, second.url];
  const answers = await Promise.all(Array.from({ length: 60 }, (_, nth) => call(secret, urls[nth % 2])));
  const admitted = answers.filter(({ status }) => status === 200);
  expect(admitted.length).toBeGreaterThanOrEqual(10);
  expect(admitted.length).toBeLessThanOrEqual(11);
  const refused = answers.find(({ status }) => status === 429)!;
  expect(refused.body).toMatchObject({ code: 'rate-limited', fault: 'caller', retry: 'after' });
  expect(Number(refused.headers.get('retry-after'))).toBe(1);
  expect(refused.headers.get('ratelimit-policy')).toBe('"client";q=10;w=10');
  expect(refused.headers.get('ratelimit')).toMatch(/^"client";r=0;t=\d+$/);
  expect(refused.headers.get('lgsp-transaction-id')).toBeNull();
  expect(admitted[0]!.headers.get('ratelimit')).toMatch(/^"client";r=\d+;t=\d+$/);
});

it('ends with the quota of the day', async () => {
  const secret = await limited('poor', { perDay: 3 });
  const codes = [];
  for (let nth = 0; nth < 5; nth++) codes.push((await call(secret)).body['code'] ?? 'ok');
  expect(codes).toEqual(['ok', 'ok', 'ok', 'quota-exhausted', 'quota-exhausted']);
  const { headers } = await call(secret);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(headers.get('ratelimit-policy')).toMatch(/^"day";q=3;w=\d+$/);
});

it('shows what is left of quotas, the same at both gateways, without a call to either', async () => {
  const secret = await limited('counting', { perDay: 10, perMonth: 100 });
  for (let nth = 0; nth < 3; nth++) await call(secret);
  const shown = (gateway: Gateway) =>
    gateway.metrics.values('lgsp_quota_remaining').filter(({ labels }) => labels.client === 'counting');
  for (const gateway of [harness.gateway, second]) {
    await until(() => shown(gateway).some(({ value }) => value === 7));
    expect(shown(gateway)).toEqual([
      { labels: { client: 'counting', quota: 'day' }, value: 7 },
      { labels: { client: 'counting', quota: 'month' }, value: 97 },
    ]);
    const limits = gateway.metrics.values('lgsp_quota_limit').filter(({ labels }) => labels.client === 'counting');
    expect(limits.map(({ value }) => value)).toEqual([10, 100]);
  }
  await harness.clients.put({ ...(await harness.clients.get('counting'))!, limits: {} });
  await until(() => shown(harness.gateway).length === 0);
});

it('a new limit counts within a second, without a restart', async () => {
  const secret = await limited('growing', { perSecond: 1, burst: 1 });
  await call(secret);
  expect((await call(secret)).status).toBe(429);
  await harness.clients.put({ ...(await harness.clients.get('growing'))!, limits: { perSecond: 1_000, burst: 1_000 } });
  await until(async () => (await call(secret)).status === 200, 1_000);
});

it('goes on at its share when Redis is killed, says so once, and is exact again when it is back', async () => {
  const secret = await limited('surviving', { perSecond: 1, burst: 40 });
  await redis.crash();
  await until(
    async () =>
      JSON.stringify((await harness.fetch('/readyz')).body).includes('limits on its own') ||
      (await call(secret)).status === 0,
  );
  const answers = await Promise.all(Array.from({ length: 60 }, () => call(secret)));
  const admitted = answers.filter(({ status }) => status === 200).length;
  expect(admitted).toBeGreaterThanOrEqual(15);
  expect(admitted).toBeLessThanOrEqual(21);
  expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
  expect(await harness.gateway.metrics.text()).toContain('lgsp_limiter_degraded 1');
  expect(harness.logLines.filter((line) => line.includes('limits on its own'))).toHaveLength(1);
  const { status, body } = await harness.fetch('/readyz');
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { status: 'degraded', parts: { limiter: { status: 'degraded' } } },
  });
  await redis.restart();
  // Nobody has to call for that.
  await until(async () => (await harness.gateway.metrics.text()).includes('lgsp_limiter_degraded 0'));
});

it('does not wait for a Redis that hangs', async () => {
  await call(harness.secret);
  redis.freeze();
  const startedAt = performance.now();
  const first = await call(harness.secret);
  expect(first.status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(450);
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(harness.secret)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  redis.thaw();
  await until(async () => {
    await call(harness.secret);
    return (await harness.gateway.metrics.text()).includes('lgsp_limiter_degraded 0');
  });
});
