/**
 * The connector that all contenders share: it echoes, over the plain services protocol (`lgsp.<system>.v1.<operation>`), in
 * the envelope that Nest's own client expects (`bench.nest.echo`), and over HTTP for who relays no further than that.
 */
import { createServer } from 'node:http';
import { connect } from 'nats';

/** @type {import('./harness/stage.mjs').RespondingSystem[]} */
const systems = JSON.parse(process.env.SYSTEMS);
const nats = await connect({ servers: process.env.NATS_URL, name: 'responder' });

for (const { name, operations, delayMs = 0 } of systems) {
  const metadata = { owner: 'bench' };
  const service = await nats.services.add({ name, version: '1.0.0', description: name, queue: name, metadata });
  for (const { name: operation, kind } of operations) {
    service.addEndpoint(operation, {
      subject: `lgsp.${name}.v1.${operation}`,
      metadata: { kind, timeoutMs: '10000', sensitivity: 'public' },
      handler: (error, message) => {
        if (error) throw error;
        if (delayMs > 0) setTimeout(() => message.respond(message.data), delayMs);
        else message.respond(message.data);
      },
    });
  }
}

nats.subscribe('bench.nest.echo', {
  queue: 'echo',
  callback: (error, message) => {
    if (error) throw error;
    const { id, data } = message.json();
    message.respond(JSON.stringify({ response: data, isDisposed: true, id }));
  },
});
await nats.flush();

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  process.send({ ready: true, url: `http://127.0.0.1:${server.address().port}/` });
});
process.once('disconnect', () => process.exit(0));
