import { Redis } from 'ioredis';
import { KeyValueStore } from '#lgsp/bus';
import { payment } from '../../apps/payment/payment.connector';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { paymentStandIn } from '../../apps/sandbox/payment/payment.stand-in';
import { SandboxClock } from '../../apps/sandbox/sandbox.clock';
import type { StandIn, StandInDefinition } from '../../apps/sandbox/stand-in';
import { startStandIn } from '../../apps/sandbox/start.stand-in';
import { TestBus, type Answered } from './test.bus';

/** How long the payment platform takes to answer, after it acted: time enough to kill somebody meanwhile. */
let answerDelayMs = 0;
const slowToAnswer: StandInDefinition = {
  ...paymentStandIn,
  routes(app, context) {
    app.addHook('onSend', async () => {
      await new Promise((resolve) => setTimeout(resolve, answerDelayMs));
    });
    paymentStandIn.routes(app, context);
  },
};

const bus = new TestBus();
let standIn: StandIn;
let keys = 0;

const { input } = payment.operations.createPayment.example;
const context = {
  'lgsp-agency': 'H24.11',
  'lgsp-dossier': 'H24.11-261101-0001',
  'lgsp-procedure': '1.001193',
  'lgsp-deadline-ms': '2500',
};
const newKey = (): string => `command-${++keys}`;
const send = (gateway: string, key: string, body: unknown = input): Promise<Answered> =>
  bus.call(gateway, 'payment/create-payment', body, { ...context, 'idempotency-key': key });
const effects = (): number => standIn.effects.list().reduce((sum, { count }) => sum + count, 0);
const idOf = ({ headers }: Answered): string | null => headers.get('lgsp-transaction-id');

/** As a caller does: repeats with the same key until the command has an answer that stands. */
async function insist(gateway: string, key: string, withinMs = 15_000): Promise<Answered> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await send(gateway, key);
    if (answer.status === 200 || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

beforeAll(async () => {
  standIn = await startStandIn(slowToAnswer, { clock: new SandboxClock(20_000) });
  await bus.start();
  await bus.run('payment', 'payment', standIn.env);
  await Promise.all([bus.run('one', 'gateway'), bus.run('two', 'gateway')]);
}, 60_000);
afterAll(async () => {
  await bus.stop();
  await standIn.stop();
});
beforeEach(() => {
  standIn.effects.clear();
  answerDelayMs = 0;
});

/** Two hundred at once through both gateways; what each was told. */
const flood = (key: string): Promise<Answered[]> =>
  Promise.all(Array.from({ length: 200 }, (_, nth) => send(nth % 2 ? 'one' : 'two', key)));

function expectOne(answers: readonly Answered[]): void {
  const served = answers.filter(({ status }) => status === 200);
  expect(served.length).toBeGreaterThan(0);
  expect(new Set(served.map(({ text }) => text)).size).toBe(1);
  expect(new Set(served.map(idOf)).size).toBe(1);
  const others = answers.filter(({ status }) => status !== 200).map(({ code }) => code);
  expect(others.filter((code) => code !== 'idempotency-key-in-progress')).toEqual([]);
  expect(effects()).toBe(1);
}

describe('a command', () => {
  it('sent two hundred times at once takes effect once, and everybody gets the same answer', async () => {
    answerDelayMs = 300;
    const key = newKey();
    expectOne([...(await flood(key)), ...(await flood(key))]);
  }, 30_000);

  it('is answered byte for byte as before, by any gateway, and says so', async () => {
    const key = newKey();
    const first = await send('one', key);
    const repeated = await send('two', key);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(repeated).toMatchObject({ status: 200, text: first.text });
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    expect(repeated.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(idOf(repeated)).toBe(idOf(first));
  });

  it('that was refused is refused in the same words', async () => {
    const key = newKey();
    const wrong = { ...input, fees: [] };
    const first = await send('one', key, wrong);
    const repeated = await send('two', key, wrong);
    expect(first).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(repeated.text).toBe(first.text);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
  });

  it('with the key of another request is refused', async () => {
    const key = newKey();
    await send('one', key);
    const other = { ...input, procedureName: 'Thủ tục khác' };
    expect(await send('one', key, other)).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    const elsewhere = { ...context, 'lgsp-dossier': 'H24.11-261101-0002', 'idempotency-key': key };
    const answer = await bus.call('two', 'payment/create-payment', input, elsewhere);
    expect(answer).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(effects()).toBe(1);
  });

  it('takes effect once when the gateway that has it is killed in the middle of two hundred', async () => {
    answerDelayMs = 1_500;
    const key = newKey();
    /** Undefined for a caller whose connection broke with the gateway. */
    const orLost = (sending: Promise<Answered>): Promise<Answered | undefined> => sending.catch(() => undefined);
    const first = orLost(send('one', key));
    await until(() => effects() === 1);
    const flooding = Array.from({ length: 200 }, (_, nth) => orLost(send(nth % 2 ? 'one' : 'two', key)));
    await bus.kill('one');
    expect(await first).toBeUndefined();
    const told = (await Promise.all(flooding)).filter((answer) => answer !== undefined);
    expect(told.length).toBeGreaterThanOrEqual(100);
    expect(new Set(told.map(({ code }) => code))).toEqual(new Set(['idempotency-key-in-progress']));
    expect(Number(told[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    answerDelayMs = 0;
    const answer = await insist('two', key);
    await bus.again('one');
    expectOne([answer, ...(await flood(key))]);
  }, 60_000);

  it('takes effect once when Redis loses everything in the middle, and when it is gone', async () => {
    answerDelayMs = 500;
    const key = newKey();
    const flooding = flood(key);
    const redis = new Redis(bus.redis.url);
    await redis.flushall();
    redis.disconnect();
    expectOne(await flooding);
    await bus.redis.crash();
    expectOne(await flood(key));
    await bus.redis.restart();
  }, 40_000);

  it('takes effect once when its connector is killed after the outside system acted', async () => {
    answerDelayMs = 1_500;
    const key = newKey();
    const flooding = flood(key);
    await until(() => effects() === 1);
    await bus.kill('payment');
    const told = await flooding;
    expect(told.filter(({ code }) => code === 'outcome-unknown')).toHaveLength(1);
    const unknown = told.find(({ code }) => code === 'outcome-unknown')!;
    expect((await send('two', key)).code).toBe('outcome-unknown');
    answerDelayMs = 0;
    await bus.again('payment');
    const answer = await insist('one', key);
    expectOne([answer, ...(await flood(key))]);
    expect(idOf(answer)).toBe(idOf(unknown));
  }, 40_000);

  it('that never reached the outside system is sent again under the same key, as the same transaction', async () => {
    const key = newKey();
    await bus.kill('payment');
    const failed = await send('one', key);
    expect(failed.code).toBe('connector-unavailable');
    await bus.again('payment');
    const answer = await insist('two', key);
    expect(answer.status).toBe(200);
    expect(idOf(answer)).toBe(idOf(failed));
    expect(effects()).toBe(1);
  }, 40_000);

  it('survives the crash of NATS while it is under way', async () => {
    answerDelayMs = 1_000;
    const key = newKey();
    const sent = send('one', key);
    await until(() => effects() === 1);
    await bus.nats.crash();
    expect(await sent).toMatchObject({ status: 504, code: 'outcome-unknown' });
    expect(await send('one', key)).toMatchObject({ status: 503, code: 'bus-unavailable' });
    answerDelayMs = 0;
    await bus.nats.restart();
    expectOne([await insist('one', key), await send('two', key)]);
  }, 60_000);
});

it('keeps no answer that can be read without the request', async () => {
  const key = newKey();
  const { text } = await send('one', key);
  const { reference } = JSON.parse(text) as { reference: string };
  const store = await KeyValueStore.open(await bus.nats.connect(), { bucket: 'COMMANDS', description: '' });
  const values = [...(await store.all()).values()].map((value) => JSON.stringify(value));
  expect(values.some((value) => value.includes(key))).toBe(true);
  expect(values.some((value) => value.includes(reference))).toBe(false);
});
