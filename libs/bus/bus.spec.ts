import { headers as natsHeaders } from 'nats';
import { NestFactory } from '@nestjs/core';
import { Controller, Module } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { createLogger } from '#lgsp/telemetry';
import {
  BusClient,
  KeyValueStore,
  parseOperationSubject,
  ServiceWatcher,
  type BusConnection,
  type SeenInstance,
} from '.';
import { BusServer, type BusContext } from './server';
import { startNats, type TestNats } from './testing';

const log = createLogger({ app: 'test', level: 'silent' });
const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (data: Uint8Array): string => Buffer.from(data).toString('utf8');
const soon = (ms = 1_000): number => Date.now() + ms;

@Controller()
class EchoController {
  @MessagePattern('lgsp.echo.v1.say', { endpointName: 'say', metadata: { kind: 'query' } })
  say(@Payload() body: Uint8Array, @Ctx() context: BusContext): Uint8Array {
    context.answerHeaders.set('X-Client', context.header('Lgsp-Client') ?? '');
    return body;
  }

  @MessagePattern('lgsp.echo.v1.fail', { endpointName: 'fail', metadata: { kind: 'query' } })
  fail(): never {
    throw new Error('a mistake of ours, with a detail that nobody outside may read');
  }

  @MessagePattern('lgsp.echo.v1.wait', { endpointName: 'wait', metadata: { kind: 'query' } })
  async wait(@Payload() body: Uint8Array): Promise<Uint8Array> {
    await new Promise((resolve) => setTimeout(resolve, Number(text(body))));
    return bytes('done');
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

async function serveEcho(connection: BusConnection) {
  const description = { name: 'echo', version: '1.2.3', description: 'says it again', metadata: { owner: 'test' } };
  const strategy = new BusServer(connection, description, log, 2_000);
  const app = await NestFactory.createMicroservice(EchoModule, { strategy, logger: false });
  await app.listen();
  return app;
}

let nats: TestNats;
beforeAll(async () => (nats = await startNats()));
afterAll(() => nats.stop());

describe('BusServer and BusClient', () => {
  let client: BusClient;
  let app: Awaited<ReturnType<typeof serveEcho>>;
  beforeAll(async () => {
    app = await serveEcho(await nats.connect('echo'));
    client = new BusClient(await nats.connect('caller'));
  });
  afterAll(() => app.close());

  it('carries bytes and headers both ways, with no envelope', async () => {
    const answer = await client.request('lgsp.echo.v1.say', bytes('{"a":1}'), soon(), { 'Lgsp-Client': 'me' });
    expect({ body: text(answer.body), client: answer.header('X-Client'), error: answer.errorCode }).toEqual({
      body: '{"a":1}',
      client: 'me',
      error: undefined,
    });
  });

  it.each(['plain', 'a: b', 'Hải Phòng', '\u0000', '', 'x'.repeat(2_000)])('carries %j in a header', async (value) => {
    const answer = await client.request('lgsp.echo.v1.say', bytes('{}'), soon(), { 'Lgsp-Client': value });
    expect(answer.header('X-Client')).toBe(value);
  });

  it.each(['a\r\nLgsp-Agency: H24', 'a\nb', '\r'])('refuses %j in a header, which would be two', async (value) => {
    const sent = client.request('lgsp.echo.v1.say', bytes('{}'), soon(), { 'Lgsp-Client': value });
    await expect(sent).rejects.toMatchObject({ code: 'malformed-request' });
  });

  it('answers a client that knows nothing of us', async () => {
    const raw = await nats.connect('foreign');
    const answer = await raw.nats.request('lgsp.echo.v1.say', bytes('xin chào'), {
      timeout: 1_000,
      headers: natsHeaders(),
    });
    expect(text(answer.data)).toBe('xin chào');
  });

  it('tells an unexpected failure as "internal", without its words', async () => {
    const answer = await client.request('lgsp.echo.v1.fail', bytes('{}'), soon());
    expect({ code: answer.errorCode, status: answer.header('Nats-Service-Error-Code') }).toEqual({
      code: 'internal',
      status: '500',
    });
    expect(text(answer.body)).not.toContain('mistake');
  });

  it('says connector-unavailable at once when nobody serves the subject', async () => {
    const startedAt = Date.now();
    await expect(client.request('lgsp.nobody.v1.there', bytes('{}'), soon(5_000))).rejects.toMatchObject({
      code: 'connector-unavailable',
    });
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });

  it('keeps an absolute deadline', async () => {
    const startedAt = Date.now();
    await expect(client.request('lgsp.echo.v1.wait', bytes('3000'), soon(150))).rejects.toMatchObject({
      code: 'deadline-exceeded',
    });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    await expect(client.request('lgsp.echo.v1.say', bytes('{}'), Date.now() - 1)).rejects.toMatchObject({
      code: 'deadline-exceeded',
    });
  });

  it('counts failures in the statistics of the services protocol', async () => {
    const raw = await nats.connect('operator');
    const answer = await raw.nats.request('$SRV.STATS.echo', undefined, { timeout: 1_000 });
    const stats = answer.json<{ endpoints: { name: string; data: { requests: number; errors: number } }[] }>();
    expect(stats.endpoints.find(({ name }) => name === 'fail')?.data).toMatchObject({ requests: 1, errors: 1 });
  });
});

it('a stopping server ends the calls under way and takes no new ones', async () => {
  const connection = await nats.connect('echo-2');
  const app = await serveEcho(connection);
  const client = new BusClient(await nats.connect('caller-2'));
  const underWay = client.request('lgsp.echo.v1.wait', bytes('300'), soon(2_000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const stopped = app.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await expect(client.request('lgsp.echo.v1.say', bytes('{}'), soon())).rejects.toMatchObject({
    code: 'connector-unavailable',
  });
  expect(text((await underWay).body)).toBe('done');
  await stopped;
});

it('ServiceWatcher sees services come and go', async () => {
  const seen: string[] = [];
  const infos: SeenInstance[] = [];
  const watcher = new ServiceWatcher(
    await nats.connect('watcher'),
    log,
    (change, instance) => {
      if (instance.name !== 'echo') return;
      seen.push(change);
      infos.push(instance);
    },
    { pingEveryMs: 50, goneAfterMs: 200 },
  );
  await watcher.start();
  expect(seen).toEqual([]);
  const connection = await nats.connect('echo-3');
  const app = await serveEcho(connection);
  await watcher.lookNow();
  expect(seen).toEqual(['up']);
  expect(infos[0]).toMatchObject({ version: '1.2.3', metadata: { owner: 'test' } });
  expect(infos[0]!.endpoints.map(({ subject }) => subject)).toContain('lgsp.echo.v1.say');
  await app.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(seen).toEqual(['up', 'down']);
  watcher.stop();
});

describe('KeyValueStore', () => {
  it('creates once, updates only the current revision, and tells watchers', async () => {
    const connection = await nats.connect('store');
    const store = await KeyValueStore.open<{ n: number }>(connection, { bucket: 'TEST', description: 'test' });
    const told: (number | undefined)[] = [];
    expect(await store.create('a', { n: 1 })).toBe(1);
    expect(await store.create('a', { n: 9 })).toBeUndefined();
    await store.watch((_key, stored) => told.push(stored?.value.n));
    const { revision } = (await store.get('a'))!;
    expect(await store.update('a', { n: 2 }, revision)).toBe(2);
    expect(await store.update('a', { n: 3 }, revision)).toBeUndefined();
    // Only the newest is kept: whoever watches on a busy machine may not be told of what is there for a moment only.
    await until(() => told.length === 2);
    await store.delete('a');
    await until(() => told.length === 3);
    expect(told).toEqual([1, 2, undefined]);
    expect(await store.get('a')).toBeUndefined();
  });

  it('keeps its values when NATS is killed with -9', async () => {
    const connection = await nats.connect('store-2');
    const store = await KeyValueStore.open<string>(connection, { bucket: 'KEEP', description: 'test' });
    await store.put('k', 'v');
    await nats.crash();
    await nats.restart();
    await until(() => connection.connected);
    expect((await store.get('k'))?.value).toBe('v');
  });
});

it('a call while NATS is away is refused at once', async () => {
  const connection = await nats.connect('lonely');
  const client = new BusClient(connection);
  await nats.crash();
  await until(() => !connection.connected);
  const startedAt = Date.now();
  await expect(client.request('lgsp.echo.v1.say', bytes('{}'), soon(5_000))).rejects.toMatchObject({
    code: 'bus-unavailable',
  });
  expect(Date.now() - startedAt).toBeLessThan(50);
  await nats.restart();
  await until(() => connection.connected);
});

it.each([
  ['lgsp.civil-registry.v1.register-birth', { system: 'civil-registry', version: 'v1', operation: 'register-birth' }],
  ['lgsp.civil-registry.v1.register-birth.outcome', undefined],
  ['lgsp.ledger.gateway-1', undefined],
  ['lgsp.jobs.v1.do-it', undefined], // The bus's own word: it would be kept as a job.
  ['lgsp.X.v1.y', undefined],
  ['other.a.v1.b', undefined],
])('%s is read as an address', (subject, address) => {
  expect(parseOperationSubject(subject)).toEqual(address);
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
