/**
 * The echo connector that all contenders share: the services protocol on `lgsp.echo.v1.say`, and the same echo in the
 * envelope that Nest's own client expects.
 */
import { connect } from 'nats';

const nats = await connect({ servers: process.env.NATS_URL });
const service = await nats.services.add({
  name: 'echo',
  version: '1.0.0',
  description: 'echo',
  metadata: { owner: 'bench' },
});
service.addEndpoint('say', {
  subject: 'lgsp.echo.v1.say',
  metadata: { kind: 'query', timeoutMs: '10000', sensitivity: 'public' },
  handler: (error, message) => message?.respond(message.data),
});
nats.subscribe('bench.nest.echo', {
  queue: 'echo',
  callback: (error, message) => {
    if (error) return;
    const { id, data } = message.json();
    message.respond(JSON.stringify({ response: data, isDisposed: true, id }));
  },
});
await nats.flush();
process.send({ ready: true });
process.once('disconnect', () => process.exit(0));
