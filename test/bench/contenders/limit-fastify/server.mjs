import Fastify from 'fastify';
import { connect } from 'nats';

const nats = await connect({ servers: process.env.NATS_URL, noAsyncTraces: true });
const app = Fastify();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body));
app.post('/', async (request, reply) => {
  const { data } = await nats.request('lgsp.echo.v1.say', request.body, { timeout: 10_000 });
  reply.type('application/json');
  // Fastify takes a Buffer as it is; the view shares its memory.
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ ready: true, url });
process.once('disconnect', () => process.exit(0));
