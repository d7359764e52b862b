import { createLogger } from '#lgsp/telemetry';
import { BusConnection } from './bus.connection';
import { DurableLog } from './durable.log';
import { KeyValueStore } from './key-value.store';
import { freePort, startNats, type TestNats } from './testing';

const servers: TestNats[] = [];
let connection: BusConnection;

beforeAll(async () => {
  const ports = await Promise.all([1, 2, 3].map(freePort));
  const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(', ');
  const started = ports.map((port, nth) =>
    startNats(`server_name: "n${nth}"
      cluster { name: "province", listen: "127.0.0.1:${port}", routes: [${routes}], no_advertise: true }`),
  );
  servers.push(...(await Promise.all(started)));
  connection = await BusConnection.open({
    url: servers.map(({ url }) => url).join(','),
    name: 'test',
    log: createLogger({ app: 'test', level: 'silent' }),
    replicas: 3,
  });
}, 60_000);
afterAll(async () => {
  await connection.close();
  await Promise.all(servers.map((server) => server.stop()));
});

it('keeps what is stored on as many servers as the process was told, so that one may be lost', async () => {
  const log = await inTime(() =>
    DurableLog.open(connection, { stream: 'LOG', subject: 'log.>', description: 'a log' }),
  );
  const store = await inTime(() =>
    KeyValueStore.open<number>(connection, { bucket: 'STORE', description: 'a bucket' }),
  );
  expect(await inTime(() => log.append('log.a', Buffer.from('1'), { id: '1' }))).toBe(1);
  await inTime(() => store.put('key', 1));
  const manager = await connection.nats.jetstreamManager();
  for (const stream of ['LOG', 'KV_STORE']) expect((await manager.streams.info(stream)).config.num_replicas).toBe(3);
  const host = connection.nats.getServer();
  await servers.find(({ url }) => url.endsWith(host.slice(host.lastIndexOf(':'))))!.crash();
  expect(await inTime(() => log.append('log.a', Buffer.from('2'), { id: '2' }))).toBe(2);
  expect((await inTime(() => store.get('key')))?.value).toBe(1);
}, 60_000);

/** Until the cluster has chosen who leads: a moment at the start, and after a server is gone. */
async function inTime<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
