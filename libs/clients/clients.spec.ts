import { startNats, type TestNats } from '#lgsp/bus/testing';
import { clientIdOf, ClientStore, isGranted, issueSecret, verifySecret, type ClientRecord } from '.';

const record = (id: string, change: Partial<ClientRecord> = {}): ClientRecord => ({
  id,
  name: id,
  agencies: ['H24.11'],
  environment: 'production',
  role: 'caller',
  secrets: [],
  grants: ['*'],
  state: 'active',
  createdAt: '2026-11-24T00:00:00.000Z',
  ...change,
});

describe('secrets', () => {
  it('are verified, and kept only as a hash', async () => {
    const { secret, record: kept } = await issueSecret('one-stop');
    expect(clientIdOf(secret)).toBe('one-stop');
    expect(JSON.stringify(kept)).not.toContain(secret.split('.')[1]);
    const client = record('one-stop', { secrets: [kept] });
    expect(await verifySecret(client, secret)).toBe(true);
    expect(await verifySecret(client, `${secret.slice(0, -1)}_`)).toBe(false);
    expect(await verifySecret(undefined, secret)).toBe(false);
    expect(await verifySecret(record('one-stop'), secret)).toBe(false);
  });

  it('two are valid at a time', async () => {
    const [first, second] = await Promise.all([issueSecret('one-stop'), issueSecret('one-stop')]);
    const client = record('one-stop', { secrets: [first.record, second.record] });
    expect(await verifySecret(client, first.secret)).toBe(true);
    expect(await verifySecret(client, second.secret)).toBe(true);
  });

  it.each(['', 'no-dot', '.x', 'UPPER.x', 'a.b', `one-stop.${'x'.repeat(200)}`])('%s names no client', (text) => {
    expect(clientIdOf(text)).toBeUndefined();
  });
});

it.each([
  [['*'], true],
  [['payment.*'], true],
  [['payment.create-payment'], true],
  [['payment.get-receipt', 'population.*'], false],
  [['pay.*', 'payment'], false],
  [[], false],
])('the grants %j cover payment.create-payment: %s', (grants, granted) => {
  expect(isGranted(grants, 'payment', 'create-payment')).toBe(granted);
});

describe('ClientStore', () => {
  let nats: TestNats;
  beforeAll(async () => (nats = await startNats()));
  afterAll(() => nats.stop());

  it('adds once, lists in order, and tells watchers of changes', async () => {
    const store = await ClientStore.open(await nats.connect());
    expect(await store.add(record('beta'))).toBe(true);
    expect(await store.add(record('alpha'))).toBe(true);
    expect(await store.add(record('alpha', { name: 'another' }))).toBe(false);
    expect((await store.list()).map(({ id, name }) => `${id}:${name}`)).toEqual(['alpha:alpha', 'beta:beta']);
    const told: string[] = [];
    await store.watch((id, client) => told.push(`${id}:${client?.state}`));
    await store.put(record('beta', { state: 'suspended' }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told.toSorted()).toEqual(['alpha:active', 'beta:active', 'beta:suspended']);
  });

  it('lists nothing when there is nobody', async () => {
    const empty = await startNats();
    expect(await (await ClientStore.open(await empty.connect())).list()).toEqual([]);
    await empty.stop();
  });
});
