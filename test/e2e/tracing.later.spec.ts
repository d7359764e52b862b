import { loadConfig } from '#lgsp/config';
import { startConnector, type RunningConnector } from '#lgsp/kit';
import { createLogger } from '#lgsp/telemetry';
import { TestTracing } from '#lgsp/telemetry/testing';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { PaymentConfig } from '../../apps/payment/payment.config';
import { payment, PaymentAdapter } from '../../apps/payment/payment.connector';
import { PaymentUpstream } from '../../apps/payment/payment.upstream';
import { paymentStandIn } from '../../apps/sandbox/payment/payment.stand-in';
import type { StandIn } from '../../apps/sandbox/stand-in';
import { startStandIn } from '../../apps/sandbox/start.stand-in';
import { CourierHarness, idOf } from './courier.harness';

const { input } = payment.operations.createPayment.example;
const context = {
  'lgsp-agency': 'H24.11',
  'lgsp-officer': 'canbo.mau',
  'lgsp-dossier': 'H24.11-261101-0001',
  'lgsp-procedure': '1.001193',
};
const harness = new CourierHarness();
let standIn: StandIn;
let connector: RunningConnector;
let tracing: TestTracing | undefined;

const pay = (key: string) =>
  harness.post('/v1/payment/create-payment', input, { ...context, 'idempotency-key': key, prefer: 'respond-async' });

beforeAll(async () => {
  [standIn] = await Promise.all([startStandIn(paymentStandIn), harness.startAll()]);
  const config = loadConfig(PaymentConfig, { ...standIn.env, LGSP_NATS_URL: harness.nats.url });
  const parts = {
    definition: payment,
    adapter: PaymentAdapter,
    providers: [PaymentUpstream],
    config: PaymentConfig,
  };
  connector = await startConnector(parts, { config, log: createLogger({ app: 'payment', level: 'silent' }) });
  await until(async () => (await pay('first')).status === 202, 30_000);
  await until(async () => standIn.effects.list().length === 1, 30_000);
  tracing = new TestTracing();
}, 60_000);
afterAll(async () => {
  await tracing?.stop();
  await connector.stop();
  await harness.stop();
  await standIn.stop();
});

it('follows a command that is sent later from the gateway through the courier and each of its sendings to the outside system', async () => {
  await standIn.setFault({ kind: 'error-500', times: 1 });
  const accepted = await pay('traced');
  expect(accepted.status).toBe(202);
  const transaction = idOf(accepted);
  const ended = async () => (await harness.eventsOf('tester')).some(({ event }) => event.transactionId === transaction);
  await until(ended, 20_000);
  const spans = tracing!.spans().map((span) => ({
    id: span.spanContext().spanId,
    trace: span.spanContext().traceId,
    parent: span.parentSpanContext?.spanId,
    name: span.name,
    facts: span.attributes,
  }));
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [gateway, ...others] = named('POST /v1/payment/create-payment');
  expect(others).toEqual([]);
  expect(accepted.headers.get('traceparent')).toBe(`00-${gateway!.trace}-${gateway!.id}-01`);
  expect(new Set(spans.map(({ trace }) => trace))).toEqual(new Set([gateway!.trace]));

  const sendings = named('send payment.create-payment');
  expect(sendings.map(({ parent }) => parent)).toEqual([gateway!.id, gateway!.id]);
  expect(sendings.map(({ facts }) => facts)).toMatchObject([
    { 'lgsp.transaction': transaction, 'lgsp.attempt': 1, 'lgsp.code': 'upstream-fault' },
    { 'lgsp.transaction': transaction, 'lgsp.attempt': 2, 'lgsp.code': 'ok' },
  ]);
  const served = named('payment.create-payment');
  expect(served.map(({ parent }) => parent)).toEqual(sendings.map(({ id }) => id));
  const attempts = spans.filter(({ name }) => /^(POST|GET) payment$/.test(name));
  expect(attempts.length).toBeGreaterThanOrEqual(2);
  expect(new Set(attempts.map(({ parent }) => parent))).toEqual(new Set(served.map(({ id }) => id)));

  const lines = harness.logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['app'] === 'courier' && line['transaction'] === transaction);
  const messages = lines.map(({ msg }) => msg);
  expect(messages).toEqual(expect.arrayContaining(['a job is put back', 'a job has ended']));
  expect(new Set(lines.map(({ trace }) => trace))).toEqual(new Set([gateway!.trace]));
  const told = JSON.stringify(spans.map(({ name, facts }) => ({ name, facts })));
  for (const personal of ['canbo.mau', 'H24.11-261101-0001', ...personalOf(input)])
    expect(told).not.toContain(personal);
}, 60_000);

const personalOf = (value: object): string[] =>
  Object.values(value).filter((text): text is string => typeof text === 'string' && text.length > 6);
