import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { OpenConnections } from './open.connections';
import { GatewayHarness, until } from './testing/gateway.harness';

/** How a gateway ends beside callers who ask, who ask nothing, and who never end what they began to ask. */

const drainMs = 1_500;
const slowMs = 800;
const harness = new GatewayHarness();
const opened: Socket[] = [];

beforeAll(async () => {
  await harness.start({ LGSP_DRAIN_MS: String(drainMs) });
  const { nats } = await harness.nats.connect('slow');
  const service = await nats.services.add({ name: 'slow', version: '1.0.0' });
  service.addEndpoint('wait', {
    subject: 'lgsp.slow.v1.wait',
    handler: (_error, message) => void pause(slowMs).then(() => message.respond('{}')),
  });
  await nats.flush();
  await until(async () => (await harness.post('/v1/slow/wait')).status === 200);
});
afterEach(() => opened.forEach((socket) => socket.destroy()));
afterAll(() => harness.nats.stop());

/** A connection on which so much was sent. */
async function open(text = ''): Promise<Socket> {
  const { hostname, port } = new URL(harness.gateway.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  opened.push(socket);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

async function stoppingMs(): Promise<number> {
  const startedAt = performance.now();
  await harness.gateway.stop();
  return performance.now() - startedAt;
}

it('answers what is under way, and does not wait for a connection on which nothing was asked', async () => {
  await open();
  const underWay = harness.post('/v1/slow/wait');
  await pause(100);
  expect(await stoppingMs()).toBeLessThan(drainMs);
  expect(await underWay).toMatchObject({ status: 200 });
});

it('does not cut an answer that is read slowly', async () => {
  const answer = Buffer.alloc(20_000_000);
  const server = createServer((_request, response) => void setTimeout(() => response.end(answer), 300));
  const connections = new OpenConnections(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const responding = once(request({ port, agent: new Agent({ keepAlive: true }) }).end(), 'response');
  await pause(100);
  const ended = connections.end(() => new Promise((done) => server.close(() => done())), 20_000);
  const [response] = (await responding) as [IncomingMessage];
  await pause(500);
  let bytes = 0;
  for await (const chunk of response) bytes += (chunk as Buffer).length;
  await ended;
  expect(bytes).toBe(answer.length);
});

it('waits for the rest of a request no longer than for its calls', async () => {
  await harness.startGateway({ LGSP_DRAIN_MS: String(drainMs) });
  await open('POST /v1/slow/wait HTTP/1.1\r\nHost: ');
  await pause(100);
  const ms = await stoppingMs();
  expect(ms).toBeGreaterThan(drainMs - 100);
  expect(ms).toBeLessThan(drainMs + 5_000);
});
