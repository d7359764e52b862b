import { randomUUID } from 'node:crypto';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { clientIdOf, ClientRegistry, ClientStore, isGranted, issueSecret, verifySecret, type ClientRecord } from '.';

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

  it('take as long to refuse for nobody, for one secret and for two', async () => {
    const { record: kept } = await issueSecret('one-stop');
    const cases = [undefined, record('one-stop', { secrets: [kept] }), record('one-stop', { secrets: [kept, kept] })];
    const times = cases.map(() => [] as number[]);
    for (let nth = 0; nth < 9; nth++) {
      for (const [index, client] of cases.entries()) {
        const startedAt = performance.now();
        expect(await verifySecret(client, `one-stop.${'A'.repeat(43)}`)).toBe(false);
        times[index]!.push(performance.now() - startedAt);
      }
    }
    const [nobody, one, two] = times.map((list) => list.toSorted((a, b) => a - b)[4]!) as [number, number, number];
    for (const ratio of [nobody / one, two / one]) {
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(1.6);
    }
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

describe('ClientRegistry', () => {
  let nats: TestNats;
  let registry: ClientRegistry;
  let store: ClientStore;
  beforeAll(async () => {
    nats = await startNats();
    registry = await ClientRegistry.open(await nats.connect(), 'tester@here');
    store = await ClientStore.open(await nats.connect());
  });
  afterAll(() => nats.stop());

  const rights = {
    name: 'One stop',
    agencies: ['H24.11'],
    environment: 'production',
    role: 'caller',
    grants: ['payment.*'],
  } as const;
  const valid = async (id: string, secret: string): Promise<boolean> => verifySecret(await store.get(id), secret);
  const changesOf = async (id?: string) => {
    const changes = [];
    for await (const change of registry.history(id)) changes.push(change);
    return changes;
  };

  it('keeps two secrets valid while a caller changes over, and one after a rotation at once', async () => {
    const first = (await registry.add({ id: 'rotating', ...rights, agencies: ['H24.11'], grants: ['payment.*'] }))!;
    const second = await registry.rotate('rotating');
    expect([await valid('rotating', first), await valid('rotating', second)]).toEqual([true, true]);
    const third = await registry.rotate('rotating');
    expect([await valid('rotating', first), await valid('rotating', second), await valid('rotating', third)]).toEqual([
      false,
      true,
      true,
    ]);
    const fourth = await registry.rotate('rotating', { atOnce: true });
    expect([await valid('rotating', third), await valid('rotating', fourth)]).toEqual([false, true]);
  });

  it('records who changed what, before and after, and never a secret or its hash', async () => {
    const secret = (await registry.add({ id: 'audited', ...rights, agencies: ['H24.11'], grants: ['payment.*'] }))!;
    await registry.grant('audited', ['population.verify-citizen', 'payment.*']);
    await registry.revoke('audited', ['payment.*']);
    await registry.suspend('audited');
    await registry.resume('audited');
    const changes = await changesOf('audited');
    expect(changes.map(({ action, who, after }) => `${action} ${who} ${after.state} ${after.grants.join()}`)).toEqual([
      'add tester@here active payment.*',
      'grant tester@here active payment.*,population.verify-citizen',
      'revoke tester@here active population.verify-citizen',
      'suspend tester@here suspended population.verify-citizen',
      'resume tester@here active population.verify-citizen',
    ]);
    expect(changes[0]!.before).toBeNull();
    expect(changes[2]!.before).toEqual(changes[1]!.after);
    const { salt, hash } = (await store.get('audited'))!.secrets[0]!;
    for (const text of [secret.split('.')[1]!, salt, hash]) expect(JSON.stringify(changes)).not.toContain(text);
  });

  it('loses no change when several are made at once', async () => {
    await registry.add({ id: 'busy', ...rights, agencies: ['H24.11'], grants: [] });
    const systems = ['a', 'b', 'c', 'd'];
    await Promise.all(systems.map((system) => registry.grant('busy', [`${system}.*`])));
    expect((await store.get('busy'))!.grants.toSorted()).toEqual(systems.map((system) => `${system}.*`));
    expect(await changesOf('busy')).toHaveLength(5);
  });

  it('completes the entry of a change whose writer was killed before the audit had it, once', async () => {
    await registry.add({ id: 'crashed', ...rights, agencies: ['H24.11'], grants: [] });
    const { value, revision } = (await store.stored('crashed'))!;
    const changed = { id: randomUUID(), at: '2026-11-24T00:00:00.000Z', who: 'somebody@else', action: 'grant' };
    // What a writer leaves behind that is killed between the two.
    await store.update({ ...value, grants: ['*'], changed }, revision);
    await registry.suspend('crashed');
    const told = (await changesOf('crashed')).map(({ who, action, before, after }) => [
      who,
      action,
      before?.grants.join(),
      after.grants.join(),
    ]);
    expect(told).toEqual([
      ['tester@here', 'add', undefined, ''],
      ['somebody@else', 'grant', '', '*'],
      ['tester@here', 'suspend', '*', '*'],
    ]);
    const again = (await store.stored('crashed'))!;
    const last = { ...changed, id: randomUUID(), action: 'revoke' };
    await store.update({ ...again.value, grants: [], changed: last }, again.revision);
    expect((await changesOf('crashed')).at(-1)).toMatchObject({ action: 'revoke', after: { grants: [] } });
    const ofAll = (await changesOf()).filter(({ client }) => client === 'crashed');
    expect(ofAll.map(({ action }) => action)).toEqual(['add', 'grant', 'suspend', 'revoke']);
  });

  it('sets networks, and makes a client what an entry says, only where it differs', async () => {
    const entry = { id: 'imported', ...rights, agencies: ['H24.11'], grants: ['payment.*'] };
    await registry.add(entry);
    await registry.suspend('imported');
    await registry.networks('imported', ['10.20.0.0/16', '10.20.0.0/16']);
    expect((await store.get('imported'))!.networks).toEqual(['10.20.0.0/16']);
    const wanted = { ...entry, networks: ['10.20.0.0/16'], limits: { perDay: 5 } };
    expect(await registry.replace(wanted)).toBe(true);
    expect(await registry.replace(wanted)).toBe(false);
    const { state, secrets, limits } = (await store.get('imported'))!;
    expect({ state, secrets: secrets.length, limits }).toEqual({
      state: 'suspended',
      secrets: 1,
      limits: { perDay: 5 },
    });
    await registry.networks('imported', []);
    expect((await changesOf('imported')).map(({ action }) => action)).toEqual([
      'add',
      'suspend',
      'networks',
      'import',
      'networks',
    ]);
    expect((await store.get('imported'))!.networks).toBeUndefined();
  });

  it('refuses to change a client that is not there, and to add one twice', async () => {
    await expect(registry.suspend('nobody')).rejects.toMatchObject({ code: 'not-found' });
    expect(await registry.add({ id: 'audited', ...rights, agencies: [], grants: [] })).toBeUndefined();
    expect(await changesOf('nobody')).toEqual([]);
  });

  it('lets nothing be taken out of the audit', async () => {
    const manager = await (await nats.connect()).nats.jetstreamManager();
    await expect(manager.streams.deleteMessage('AUDIT', 1)).rejects.toThrow(/not permitted/);
    await expect(manager.streams.purge('AUDIT')).rejects.toThrow(/not permitted/);
  });
});
