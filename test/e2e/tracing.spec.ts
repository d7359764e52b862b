import { loadConfig } from '#lgsp/config';
import { startConnector, type RunningConnector } from '#lgsp/kit';
import { createLogger } from '#lgsp/telemetry';
import { TestTracing } from '#lgsp/telemetry/testing';
import { GatewayHarness, until } from '../../apps/gateway/testing/gateway.harness';
import { PopulationConfig } from '../../apps/population/population.config';
import { population, PopulationAdapter } from '../../apps/population/population.connector';
import { PopulationUpstream } from '../../apps/population/population.upstream';
import { populationStandIn } from '../../apps/sandbox/population/population.stand-in';
import type { StandIn } from '../../apps/sandbox/stand-in';
import { startStandIn } from '../../apps/sandbox/start.stand-in';

const { input } = population.operations.verifyCitizen.example;
const context = { 'lgsp-agency': 'H24.11', 'lgsp-officer': 'canbo.mau', 'lgsp-dossier': 'H24.11-261101-0001' };
const harness = new GatewayHarness();
const connectorLog: string[] = [];
let standIn: StandIn;
let connector: RunningConnector;
let tracing: TestTracing;

beforeAll(async () => {
  [standIn] = await Promise.all([startStandIn(populationStandIn), harness.start()]);
  const environment = { ...standIn.env, LGSP_NATS_URL: harness.nats.url, LGSP_UPSTREAM_RETRY_MS: '5' };
  const config = loadConfig(PopulationConfig, environment);
  const log = createLogger({
    app: 'population',
    level: 'info',
    destination: { write: (line) => void connectorLog.push(line) },
  });
  const parts = {
    definition: population,
    adapter: PopulationAdapter,
    providers: [PopulationUpstream],
    config: PopulationConfig,
  };
  connector = await startConnector(parts, { config, log });
  await until(async () => (await harness.post('/v1/population/verify-citizen', input, context)).status === 200);
});
afterAll(async () => {
  await connector.stop();
  await harness.stop();
  await standIn.stop();
});
afterEach(async () => {
  await tracing.stop();
  await standIn.setFault(undefined);
});

it('follows one transaction from the gateway through the connector to each attempt at the outside system', async () => {
  tracing = new TestTracing();
  await standIn.setFault({ kind: 'throttled', times: 1 });
  const { status, headers } = await harness.post('/v1/population/verify-citizen', input, context);
  expect(status).toBe(200);
  const spans = tracing.spans();
  expect(spans.map(({ name }) => name)).toEqual([
    'POST /v1/population/verify-citizen',
    'population.verify-citizen',
    'POST population',
    'POST population',
  ]);
  const [gateway, served, first, second] = spans.map((span) => ({
    ...span.spanContext(),
    parent: span.parentSpanContext?.spanId,
    facts: span.attributes,
  }));
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  expect(headers.get('traceparent')).toBe(`00-${gateway!.traceId}-${gateway!.spanId}-01`);
  expect([served!.parent, first!.parent, second!.parent]).toEqual([gateway!.spanId, served!.spanId, served!.spanId]);
  const transaction = headers.get('lgsp-transaction-id');
  expect(gateway!.facts).toMatchObject({ 'lgsp.transaction': transaction, 'lgsp.client': 'tester', 'lgsp.code': 'ok' });
  expect(first!.facts).toMatchObject({ 'lgsp.attempt': 1, 'http.response.status_code': 429 });
  expect(second!.facts).toMatchObject({ 'lgsp.attempt': 2, 'http.response.status_code': 200, 'lgsp.code': 'ok' });
  const line = connectorLog
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .find((one) => one['transaction'] === transaction);
  expect(line!['trace']).toBe(gateway!.traceId);
});

it('goes on with the trace of the caller, and does as the caller decided', async () => {
  tracing = new TestTracing();
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const sampled = `00-${trace}-00f067aa0ba902b7-01`;
  await harness.post('/v1/population/verify-citizen', input, { ...context, traceparent: sampled });
  expect(new Set(tracing.spans().map((span) => span.spanContext().traceId))).toEqual(new Set([trace]));
  expect(tracing.spans()[0]!.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
  const before = tracing.spans().length;
  await harness.post('/v1/population/verify-citizen', input, { ...context, traceparent: sampled.replace(/01$/, '00') });
  expect(tracing.spans().length).toBe(before);
});

it('tells nothing of persons: no name, no number, no officer and no dossier is in a span', async () => {
  tracing = new TestTracing();
  await harness.post('/v1/population/verify-citizen', input, context);
  await harness.post('/v1/population/verify-citizen', { ...input, birthDate: 'nonsense' }, context);
  const told = JSON.stringify(
    tracing.spans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  );
  expect(tracing.spans().length).toBeGreaterThanOrEqual(5);
  for (const personal of [
    ...Object.values(input as unknown as Record<string, string>),
    'canbo.mau',
    'H24.11-261101-0001',
  ])
    expect(told).not.toContain(personal);
});

it('samples no more than its share', async () => {
  tracing = new TestTracing(0);
  const { headers } = await harness.post('/v1/population/verify-citizen', input, context);
  expect(tracing.spans()).toEqual([]);
  expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});
