import { openSubscriptions } from '#lgsp/events';
import { until, type Answer } from '../../apps/gateway/testing/gateway.harness';
import { CourierHarness, idOf } from './courier.harness';
import { Receiver } from './receiver';

const harness = new CourierHarness();
const settings = {
  LGSP_WEBHOOK_NETWORKS: '127.0.0.1',
  LGSP_WEBHOOK_MS: '1000',
  LGSP_WEBHOOK_RETRY_MS: '50',
  LGSP_WEBHOOK_RETRY_MS_MAX: '300',
  LGSP_WEBHOOK_GIVE_UP_MS: '6000',
};
const receivers: Receiver[] = [];
let keys = 0;
let names = 0;

beforeAll(() => harness.startAll(settings), 60_000);
afterAll(async () => {
  await harness.stop();
  await Promise.all(receivers.map((receiver) => receiver.stop()));
});

const put = (name: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  harness.fetch(`/v1/subscriptions/${name}`, { method: 'PUT', body: JSON.stringify(body) }, headers);
const post = (path: string, body?: object): Promise<Answer> =>
  harness.fetch(
    `/v1/subscriptions/${path}`,
    { method: 'POST', body: body && JSON.stringify(body) },
    body ? {} : { 'content-type': undefined },
  );
const look = async (name: string) => (await harness.fetch(`/v1/subscriptions/${name}`)).body;
const happen = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let nth = 0; nth < count; nth++)
    ids.push(idOf(await harness.send(`hook-${++keys}`, { 'lgsp-dossier': 'H24.11-261101-0001' })));
  return ids;
};

/** A receiver with a subscription of its own. */
async function subscribed(change: object = {}): Promise<{ receiver: Receiver; name: string }> {
  const receiver = await new Receiver().start();
  receivers.push(receiver);
  const name = `hook-${++names}`;
  const answer = await put(name, { url: receiver.url, ...change });
  expect(answer.status).toBe(201);
  receiver.secret = answer.body['secret'] as string;
  return { receiver, name };
}
const takenBy = ({ taken }: Receiver): string[] => taken.map(({ body }) => body.transactionId!);
const unsubscribe = (name: string): Promise<Answer> =>
  harness.fetch(`/v1/subscriptions/${name}`, { method: 'DELETE' }, { 'content-type': undefined });

it('are sent as they happen, in order, signed with a secret that is shown once and kept sealed', async () => {
  const { receiver, name } = await subscribed();
  expect(receiver.secret).toMatch(/^whsec_/);
  const ids = await happen(5);
  await until(() => receiver.taken.length === 5, 20_000);
  expect(takenBy(receiver)).toEqual(ids);
  expect(receiver.received.every(({ signed }) => signed)).toBe(true);
  expect(receiver.received[0]!.body).toMatchObject({ type: 'transaction.succeeded', cursor: expect.any(String) });
  expect(await look(name)).toMatchObject({ state: 'active', failures: 0, lastResult: 'HTTP 204' });
  expect(await look(name)).not.toHaveProperty('secret');
  const store = await openSubscriptions(harness.connection);
  const kept = JSON.stringify((await store.get(`tester.${name}`))!.value);
  expect(kept).not.toContain(receiver.secret.slice(6));
  await unsubscribe(name);
  expect((await look(name))['code']).toBe('not-found');
}, 30_000);

it('wait for a receiver that fails, redirects or never answers, and hold up nobody else', async () => {
  const { receiver: bad, name } = await subscribed();
  const { receiver: good, name: other } = await subscribed();
  const verdicts = [500, 302, 'hang', 503] as const;
  bad.decide = (nth) => verdicts[nth - 1] ?? 204;
  const ids = await happen(3);
  await until(() => good.taken.length === 3, 20_000);
  await until(() => bad.taken.length === 3, 20_000);
  expect(takenBy(good)).toEqual(ids);
  expect(takenBy(bad)).toEqual(ids);
  // The first one was tried until it was taken, always under its id; nothing was sent to where the redirect led.
  expect(new Set(bad.received.slice(0, 5).map(({ id }) => id)).size).toBe(1);
  await Promise.all([unsubscribe(name), unsubscribe(other)]);
}, 60_000);

it('stand in the log with the transaction and the trace that they stem from, taken or not', async () => {
  const { receiver, name } = await subscribed();
  receiver.decide = (nth) => (nth === 1 ? 503 : 204);
  const answer = await harness.send(`hook-${++keys}`, { 'lgsp-dossier': 'H24.11-261101-0001' });
  const told = () =>
    harness.logLines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ subscription }) => subscription === name);
  await until(() => told().length === 2, 20_000);
  const trace = answer.headers.get('traceparent')!.split('-')[1]!;
  expect(receiver.taken[0]!.body).toMatchObject({ transactionId: idOf(answer), trace });
  const about = { app: 'courier', client: 'tester', event: receiver.taken[0]!.id, transaction: idOf(answer), trace };
  expect(told()).toEqual([
    expect.objectContaining({ ...about, result: 'HTTP 503', msg: 'an event was not taken' }),
    expect.objectContaining({ ...about, result: 'HTTP 204', msg: 'an event was taken' }),
  ]);
  await unsubscribe(name);
}, 30_000);

it('come to a receiver that was away once it is there again, and after another courier took over', async () => {
  const { receiver, name } = await subscribed();
  const { port } = receiver;
  await receiver.stop();
  const ids = await happen(4);
  await until(async () => Number((await look(name))['failures']) >= 2, 20_000);
  await harness.courier!.stop();
  await harness.startCourier(settings);
  const again = await new Receiver().start(port);
  receivers.push(again);
  await until(() => again.taken.length >= 4, 20_000);
  expect([...new Set(takenBy(again))]).toEqual(ids);
  await unsubscribe(name);
}, 60_000);

it('end with an event when a receiver says that it is gone, or takes nothing for too long; and begin again when it is wanted', async () => {
  const { receiver: gone, name } = await subscribed();
  gone.decide = () => 410;
  const [first] = await happen(1);
  await until(async () => (await look(name))['state'] === 'disabled', 20_000);
  expect(await look(name)).toMatchObject({ reason: 'gone', lastResult: 'HTTP 410' });
  expect(gone.received).toHaveLength(1);
  const { receiver: dead, name: failing } = await subscribed({ types: ['transaction.succeeded'] });
  dead.decide = () => 500;
  await happen(1);
  await until(async () => (await look(failing))['state'] === 'disabled', 30_000);
  expect(await look(failing)).toMatchObject({ reason: 'failing' });
  const told = (await harness.eventsOf('tester'))
    .map(({ event }) => event)
    .filter(({ type }) => type === 'webhook.disabled');
  expect(told.map(({ data }) => data)).toEqual([
    expect.objectContaining({ subscription: name, reason: 'gone', lastResult: 'HTTP 410' }),
    expect.objectContaining({ subscription: failing, reason: 'failing', lastResult: 'HTTP 500' }),
  ]);
  gone.decide = () => 204;
  expect(await put(name, { url: gone.url })).toMatchObject({ status: 200, body: { state: 'active' } });
  await until(() => takenBy(gone).includes(first!), 20_000);
  await Promise.all([unsubscribe(name), unsubscribe(failing)]);
}, 90_000);

it('are sent again from any point, and only those that were asked for', async () => {
  const { receiver, name } = await subscribed({ types: ['transaction.succeeded'], systems: ['parcels'] });
  const ids = await happen(3);
  await until(() => receiver.taken.length === 3, 20_000);
  const { cursor } = receiver.taken[0]!.body;
  expect(await post(`${name}/redeliver`, { after: cursor! })).toMatchObject({ status: 200 });
  await until(() => receiver.taken.length === 5, 20_000);
  expect(takenBy(receiver)).toEqual([...ids, ...ids.slice(1)]);
  expect((await put(name, { url: receiver.url, systems: ['land'] })).status).toBe(200);
  await happen(1);
  expect(await post(`${name}/test`)).toMatchObject({ status: 200, body: { ok: true, result: 'HTTP 204' } });
  expect(receiver.taken.at(-1)!.body.type).toBe('webhook.test');
  expect(receiver.taken).toHaveLength(6);
  await unsubscribe(name);
}, 60_000);

it.each([
  ['another network', 'http://127.0.0.2:9/'],
  ['another network within IPv6', 'http://[::ffff:127.0.0.2]:9/'],
  ['this machine by IPv6', 'http://[::1]:9/'],
  ['a number for an address', 'http://2130706434:9/'],
])('go to no address that is not allowed: %s', async (_what, url) => {
  const name = `far-${++names}`;
  expect((await put(name, { url })).status).toBe(201);
  expect(await post(`${name}/test`)).toMatchObject({ status: 200, body: { ok: false, result: 'target-refused' } });
  await unsubscribe(name);
});

it.each([
  [{ url: 'ftp://127.0.0.1/' }],
  [{ url: 'http://user:password@127.0.0.1/' }],
  [{ url: 'http://127.0.0.1/#x' }],
  [{ url: 'http://127.0.0.1/', types: ['nothing'] }],
  [{}],
])('%j is refused by name', async (body) => {
  expect(await put('wrong', body)).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
});

it('are refused under a name that none can have', async () => {
  const errors = [{ path: '/name', rule: 'matches' }];
  expect(await put('S%202', { url: 'http://127.0.0.1/' })).toMatchObject({ status: 400, body: { errors } });
});

it('are nobody’s but their client’s', async () => {
  const { name } = await subscribed();
  const stranger = { authorization: `ApiKey ${await harness.register('stranger')}` };
  const get = await harness.fetch(`/v1/subscriptions/${name}`, {}, stranger);
  expect(get.body).toMatchObject({ code: 'not-found', detail: 'there is no such subscription' });
  expect((await harness.fetch('/v1/subscriptions', {}, stranger)).body).toEqual({ subscriptions: [] });
  await unsubscribe(name);
});
