import { createLogger } from '#lgsp/telemetry';
import { BusConnection } from '.';
import { BusServer } from './server';
import { startNats, type TestNats } from './testing';

const log = createLogger({ app: 'test', level: 'silent' });
let nats: TestNats;

beforeAll(async () => (nats = await startNats()));
afterAll(() => nats.stop());

/** How long a connection with a service on it takes to stop, in milliseconds. */
async function stoppingMs(meanwhile: () => void): Promise<number> {
  const connection = await BusConnection.open({ url: nats.url, name: 'stopping', log });
  const description = { name: 'stopping', version: '1.0.0', description: 'stops', metadata: {} };
  const server = new BusServer(connection, description, log, 500);
  await new Promise<void>((resolve, reject) => server.listen((error) => (error ? reject(error) : resolve())));
  meanwhile();
  const startedAt = performance.now();
  await server.close();
  await connection.close();
  return performance.now() - startedAt;
}

it('waits for what is pending no longer than its bounds when the server hangs', async () => {
  const ms = await stoppingMs(() => nats.freeze());
  nats.thaw();
  expect(ms).toBeGreaterThan(400);
  expect(ms).toBeLessThan(8_000);
}, 20_000);

it('does not wait at all when there is nothing to wait for', async () => {
  const times = [
    await stoppingMs(() => undefined),
    await stoppingMs(() => undefined),
    await stoppingMs(() => undefined),
  ];
  expect(Math.min(...times)).toBeLessThan(400);
});
