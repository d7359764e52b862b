import { openLedgerStream } from '#lgsp/recorder';
import { courierSubjects, openJobMessages, openJobStates, type JobView } from '#lgsp/jobs';
import { ledgerStream, parseBatch, type TransactionRecord } from '#lgsp/records';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { CourierHarness, idOf } from './courier.harness';

const harness = new CourierHarness();
let keys = 0;
const newKey = (): string => `later-${++keys}`;

beforeAll(async () => {
  await harness.startAll({ LGSP_COURIER_MAINTENANCE: '{}' }, { attemptsMax: '4' });
}, 60_000);
afterAll(() => harness.stop());
beforeEach(() => {
  harness.connector.decide = () => 'ok';
  harness.connector.delayMs = 0;
});

async function recordsOf(id: string): Promise<TransactionRecord[]> {
  const stream = await openLedgerStream(harness.connection);
  const records: TransactionRecord[] = [];
  for await (const { data } of stream.read(ledgerStream.subjects))
    records.push(...parseBatch(Buffer.from(data).toString('utf8')).records);
  return records.filter((record) => record.id === id);
}

const job = (id: string): Promise<JobView> => harness.ask<JobView>(courierSubjects.job, { id });
const ended = (id: string): Promise<void> =>
  until(async () => ['ended', 'dead'].includes((await job(id)).state), 20_000);
const sendings = (key: string) => harness.connector.sent.filter((sent) => sent.key === key);

it('answers 202 with the way to its transaction, once job and intent are durable; then sends it, once', async () => {
  const key = newKey();
  const accepted = await harness.send(key, { 'lgsp-dossier': 'H24.11-261101-0001' });
  const id = idOf(accepted);
  expect(accepted).toMatchObject({ status: 202, body: { transactionId: id, outcome: 'accepted' } });
  expect(accepted.headers.get('location')).toBe(`/v1/transactions/${id}`);
  expect(accepted.headers.get('preference-applied')).toBe('respond-async');
  expect((await recordsOf(id))[0]).toMatchObject({ step: 'intent', mode: 'async', final: false });
  await ended(id);
  expect((await recordsOf(id)).map(({ step, outcome, final, mode }) => ({ step, outcome, final, mode }))).toEqual([
    { step: 'intent', outcome: undefined, final: false, mode: 'async' },
    { step: 'outcome', outcome: 'succeeded', final: true, mode: 'async' },
  ]);
  expect(sendings(key)).toEqual([
    expect.objectContaining({ transaction: id, recheck: undefined, body: { to: 'nobody' } }),
  ]);
  const events = (await harness.eventsOf('tester')).filter(({ event }) => event.transactionId === id);
  expect(events.map(({ event }) => event)).toEqual([
    expect.objectContaining({
      type: 'transaction.succeeded',
      dossier: 'H24.11-261101-0001',
      data: { outcome: 'succeeded', final: true, attempts: 1 },
    }),
  ]);
  const again = await harness.send(key, { 'lgsp-dossier': 'H24.11-261101-0001', prefer: '' });
  expect(again).toMatchObject({ status: 200, body: { parcel: 'sent' } });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(idOf(again)).toBe(id);
});

it('is the same transaction when it is sent again while it waits, and another request under its key is refused', async () => {
  await harness.ask(courierSubjects.pause, { system: 'parcels', who: 'an operator', reason: 'a look' });
  const key = newKey();
  const [first, second] = [await harness.send(key), await harness.send(key)];
  expect(second).toMatchObject({ status: 202 });
  expect(idOf(second)).toBe(idOf(first));
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect((await harness.send(key, { body: { to: 'another' } })).body['code']).toBe('idempotency-key-reused');
  expect(sendings(key)).toEqual([]);
  await harness.ask(courierSubjects.resume, { system: 'parcels', who: 'an operator' });
  await ended(idOf(first));
  expect(sendings(key)).toHaveLength(1);
});

it('is sent after one reading of what is kept under its key', async () => {
  await harness.ask(courierSubjects.pause, { system: 'parcels', who: 'an operator' });
  const accepted = await harness.send(newKey());
  let readings = 0;
  const before: number[] = [];
  const callback = () => void readings++;
  const reading = harness.connection.nats.subscribe('$JS.API.DIRECT.GET.KV_COMMANDS.>', { callback });
  await harness.connection.nats.flush();
  harness.connector.decide = () => {
    before.push(readings);
    return 'ok';
  };
  await harness.ask(courierSubjects.resume, { system: 'parcels', who: 'an operator' });
  await ended(idOf(accepted));
  reading.unsubscribe();
  expect(before).toEqual([1]);
});

it('holds nothing that a caller sent in the clear', async () => {
  await harness.ask(courierSubjects.pause, { system: 'parcels', who: 'an operator' });
  const accepted = await harness.send(newKey(), { body: { to: 'Nguyễn Thị Bí Mật' } });
  const messages = await openJobMessages(harness.connection);
  const lying = await messages.oldest('lgsp.jobs.>');
  expect(Buffer.from(lying!.data).toString('utf8')).not.toContain('Bí Mật');
  const states = await openJobStates(harness.connection);
  expect(JSON.stringify((await states.get(idOf(accepted)))!.value)).not.toContain('Bí Mật');
  await harness.ask(courierSubjects.resume, { system: 'parcels', who: 'an operator' });
  await ended(idOf(accepted));
  expect(harness.logLines.some((line) => line.includes('Bí Mật'))).toBe(false);
});

it('sends it again with growing pauses when it took no effect, and asks first when it may have', async () => {
  const key = newKey();
  const verdicts = ['upstream-unreachable', 'lose', 'ok'] as const;
  harness.connector.decide = () => verdicts[sendings(key).length - 1]!;
  const id = idOf(await harness.send(key));
  await ended(id);
  expect(sendings(key).map(({ recheck }) => recheck)).toEqual([undefined, 'failed', 'true']);
  expect(harness.connector.effects.filter((effect) => effect === key)).toHaveLength(1);
  expect(await job(id)).toMatchObject({ state: 'ended', outcome: 'succeeded', attempts: 3 });
}, 30_000);

it('ends after as many attempts as its operation allows, and says so', async () => {
  const key = newKey();
  harness.connector.decide = () => 'upstream-unreachable';
  const id = idOf(await harness.send(key));
  await ended(id);
  expect(sendings(key)).toHaveLength(4);
  expect(await job(id)).toMatchObject({
    state: 'dead',
    attempts: 4,
    outcome: 'failed',
    reason: 'attempts-used-up',
    lastAnswer: { code: 'upstream-unreachable' },
  });
  const [last] = (await recordsOf(id)).toReversed();
  expect(last).toMatchObject({ outcome: 'failed', code: 'upstream-unreachable', final: false });
  const event = (await harness.eventsOf('tester')).find((placed) => placed.event.transactionId === id);
  expect(event!.event).toMatchObject({ type: 'transaction.failed', data: { attempts: 4, final: false } });
}, 30_000);

it.each(['circuit-open', 'connector-unavailable', 'overloaded'] as const)(
  'is held, and loses no attempt, while the answer is %s; one command at a time is tried',
  async (code) => {
    const keysOf = [newKey(), newKey(), newKey()];
    let open = true;
    harness.connector.decide = () => (open ? { code, retryAfterMs: 700 } : 'ok');
    const ids = (await Promise.all(keysOf.map((key) => harness.send(key)))).map(idOf);
    const tries = (): number => keysOf.reduce((sum, key) => sum + sendings(key).length, 0);
    await until(() => tries() >= 5, 20_000);
    open = false;
    await Promise.all(ids.map(ended));
    for (const id of ids) expect(await job(id)).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  },
  60_000,
);

it('keeps the order of a dossier, also when the first of it is sent again; other dossiers pass by', async () => {
  const [slow, ...others] = [newKey(), newKey(), newKey(), newKey()];
  const away = { code: 'upstream-unreachable', retryAfterMs: 1_000 } as const;
  harness.connector.decide = (call) => (call.key === slow && sendings(slow).length < 3 ? away : 'ok');
  const headers = { 'lgsp-dossier': 'H24.11-261101-0007' };
  const ids: string[] = [];
  for (const key of [slow, others[0], others[1]]) ids.push(idOf(await harness.send(key, headers)));
  ids.push(idOf(await harness.send(others[2], { 'lgsp-dossier': 'H24.11-261101-0008' })));
  await Promise.all(ids.map(ended));
  const effects = harness.connector.effects.filter((key) => [slow, ...others].includes(key));
  expect(effects.filter((key) => key !== others[2])).toEqual([slow, others[0], others[1]]);
  expect(effects.indexOf(others[2])).toBeLessThan(effects.indexOf(slow));
  const told = (await harness.eventsOf('tester'))
    .map(({ event }) => event)
    .filter((event) => ids.includes(event.transactionId!));
  expect(
    told.filter(({ dossier }) => dossier === headers['lgsp-dossier']).map(({ transactionId }) => transactionId),
  ).toEqual(ids.slice(0, 3));
}, 60_000);

it('is found where its caller was sent, from the first moment on', async () => {
  await harness.startLedger();
  harness.connector.delayMs = 1_000;
  const id = idOf(await harness.send(newKey()));
  const look = () => harness.fetch(`/v1/transactions/${id}`);
  expect(await look()).toMatchObject({ status: 200, body: { id, mode: 'async', outcome: 'accepted', final: false } });
  await until(async () => (await look()).body['final'] === true, 20_000);
  expect((await look()).body).toMatchObject({ outcome: 'succeeded' });
}, 60_000);

it('can be taken back by its client before it was sent, and by nobody else, and not after', async () => {
  await harness.ask(courierSubjects.pause, { system: 'parcels', who: 'an operator' });
  const key = newKey();
  const id = idOf(await harness.send(key));
  const stranger = await harness.register('stranger');
  const cancel = (which: string, secret?: string) =>
    harness.fetch(
      `/v1/transactions/${which}/cancel`,
      { method: 'POST' },
      { 'content-type': undefined, ...(secret ? { authorization: `ApiKey ${secret}` } : {}) },
    );
  expect((await cancel(id, stranger)).body['code']).toBe('unknown-transaction');
  expect(await cancel(id)).toMatchObject({
    status: 200,
    body: { state: 'ended', outcome: 'rejected', reason: 'cancelled' },
  });
  expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
  await harness.ask(courierSubjects.resume, { system: 'parcels', who: 'an operator' });
  const [last] = (await recordsOf(id)).toReversed();
  expect(last).toMatchObject({ outcome: 'rejected', code: 'cancelled', final: true });
  const other = newKey();
  const sent = idOf(await harness.send(other));
  await ended(sent);
  expect((await cancel(sent)).status).toBe(409);
  expect(sendings(key)).toEqual([]);
});

it('can be taken back while it waits because its system is not asked now', async () => {
  harness.connector.decide = () => ({ code: 'circuit-open', retryAfterMs: 10_000 });
  const key = newKey();
  const id = idOf(await harness.send(key));
  const isPutBack = async () => sendings(key).length > 0 && (await job(id)).state === 'waiting';
  await until(isPutBack, 10_000);
  const taken = await harness.fetch(`/v1/transactions/${id}/cancel`, { method: 'POST' }, { 'content-type': undefined });
  expect(taken).toMatchObject({ status: 200, body: { state: 'ended', outcome: 'rejected', reason: 'cancelled' } });
  expect(sendings(key)).toHaveLength(1);
  expect(harness.connector.effects).not.toContain(key);
});

it('serves clients in turn: who sends much does not make others wait', async () => {
  await harness.ask(courierSubjects.pause, { system: 'parcels', who: 'an operator' });
  const quiet = await harness.register('quiet-client');
  const many = await Promise.all(Array.from({ length: 60 }, () => harness.send(newKey())));
  const few = await Promise.all(
    Array.from({ length: 3 }, () => harness.send(newKey(), { authorization: `ApiKey ${quiet}` })),
  );
  const from = harness.connector.sent.length;
  await harness.ask(courierSubjects.resume, { system: 'parcels', who: 'an operator' });
  await Promise.all([...many, ...few].map((answer) => ended(idOf(answer))));
  const order = harness.connector.sent.slice(from).map(({ transaction }) => transaction);
  expect(Math.max(...few.map((answer) => order.indexOf(idOf(answer))))).toBeLessThan(20);
}, 60_000);

it('is accepted also while no courier runs, and sent by the next one; readiness says so', async () => {
  const ready = async () => (await harness.fetch('/readyz')).body as { parts: Record<string, { status: string }> };
  await until(async () => (await ready()).parts['courier']?.status === 'up', 20_000);
  await harness.courier!.stop();
  const key = newKey();
  const accepted = await harness.send(key);
  expect(accepted.status).toBe(202);
  await until(async () => (await ready()).parts['courier']?.status === 'degraded', 20_000);
  expect(sendings(key)).toEqual([]);
  await harness.startCourier();
  await ended(idOf(accepted));
  expect(sendings(key)).toHaveLength(1);
}, 60_000);
